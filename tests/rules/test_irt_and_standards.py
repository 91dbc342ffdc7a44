"""Item response functions, judged difficulties, and the way from theta to a level and a score."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.scoring.accuracy import classification_accuracy, exam_accuracy
from assessments.scoring.irt import (
    difficulty_from_judgement,
    expected_score,
    form_information,
    intercept,
    item_information,
    probability,
)
from assessments.scoring.standards import (
    level_decided,
    level_probabilities,
    reference_score,
    shown_score,
    target_cut,
)

CUTS = (-2.0, -0.7, 0.7, 2.0)
THETAS = st.floats(-8, 8)
FORM = -np.linspace(-2.5, 2.5, 20)


def test_an_item_is_a_coin_toss_at_its_difficulty_and_most_informative_there() -> None:
    assert probability(0.8, 1.5, intercept(1.5, 0.8)) == pytest.approx(0.5)
    assert item_information(0.8, 1.5, intercept(1.5, 0.8)) == pytest.approx(1.5**2 / 4)
    assert item_information(0.9, 1.5, intercept(1.5, 0.8)) < 1.5**2 / 4


def test_shapes_are_thetas_by_items() -> None:
    assert probability([0, 1, 2], 1, [0, 1]).shape == (3, 2)
    assert form_information([0, 1, 2], 1, [0, 1]).shape == (3,)
    assert expected_score(0.0, 1, [0, 0]) == pytest.approx(0.5)
    unequal = expected_score([0.0, 0.5], [1, 2], [0, -1])
    assert unequal == pytest.approx([(0.5 + 1 / (1 + math.e)) / 2, (1 / (1 + math.exp(-0.5)) + 0.5) / 2])


@pytest.mark.parametrize(("level", "cut"), [(1, -2.0), (2, -2.0), (3, -0.7), (4, 0.7), (5, 2.0)])
def test_somebody_at_the_cut_gets_a_judged_item_right_as_often_as_judged(level: int, cut: float) -> None:
    b = difficulty_from_judgement(level, 0.65, CUTS)
    assert probability(cut, 1, intercept(1, b)) == pytest.approx(0.65)


@pytest.mark.parametrize(("level", "p"), [(0, 0.5), (6, 0.5), (3, 0), (3, 1), (3, math.nan)])
def test_a_judgement_outside_its_range_is_refused(level: int, p: float) -> None:
    with pytest.raises(ValueError, match=r"Levels|chance"):
        difficulty_from_judgement(level, p, CUTS)


@pytest.mark.parametrize(
    ("theta", "level"), [(-9, 1), (-2.0001, 1), (-2, 2), (-0.7, 3), (0, 3), (0.7, 4), (1.99, 4), (2, 5), (9, 5)]
)
def test_the_level_is_decided_at_the_cut(theta: float, level: int) -> None:
    assert level_decided(theta, CUTS) == level


@pytest.mark.parametrize("cuts", [(), (0, 0), (1, 0), (0, math.nan)])
def test_cuts_that_do_not_rise_are_refused(cuts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Cuts"):
        level_decided(0, cuts)
    with pytest.raises(ValueError, match="Cuts"):
        level_probabilities(0, 1, cuts)


@given(theta=THETAS, se=st.floats(0.01, 5))
def test_level_probabilities_are_a_distribution(theta: float, se: float) -> None:
    chances = level_probabilities(theta, se, CUTS)
    assert chances.shape == (5,)
    assert np.all(chances >= 0)
    assert chances.sum() == pytest.approx(1)
    above_third_cut = 0.5 * math.erfc((0.7 - theta) / se / math.sqrt(2))
    assert chances[3:].sum() == pytest.approx(above_third_cut, abs=1e-12)


def test_a_small_error_makes_the_decided_level_nearly_certain() -> None:
    assert level_probabilities(0.0, 0.05, CUTS)[2] == pytest.approx(1)


@given(low=THETAS, high=THETAS, cut=st.sampled_from(CUTS))
def test_the_shown_score_rises_and_agrees_with_the_decision(low: float, high: float, cut: float) -> None:
    assume(low <= high)
    lower, higher = reference_score(low, 1, FORM, cut), reference_score(high, 1, FORM, cut)
    assert 0 <= lower <= higher <= 100
    assert (shown_score(higher) >= 60) == (high >= cut)


@pytest.mark.parametrize(("score", "shown"), [(59.97, 59), (60.0, 60), (60.9, 60), (0.0, 0), (100.0, 100)])
def test_a_score_just_under_the_cut_never_shows_as_reached(score: float, shown: int) -> None:
    assert shown_score(score) == shown


@pytest.mark.parametrize("cut", CUTS)
def test_the_ends_and_the_cut_of_the_scale(cut: float) -> None:
    assert reference_score(cut, 1, FORM, cut) == 60
    assert reference_score(-40, 1, FORM, cut) == pytest.approx(0, abs=1e-9)
    assert reference_score(40, 1, FORM, cut) == pytest.approx(100)
    half_way = reference_score(cut - 1, 1, FORM, cut)
    assert half_way == pytest.approx(60 * float(expected_score(cut - 1, 1, FORM) / expected_score(cut, 1, FORM)))


def test_a_form_that_says_nothing_about_the_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="reference form"):
        reference_score(0, 1, [900.0], 2.0)


@pytest.mark.parametrize(("level", "cut"), [(2, -2.0), (3, -0.7), (5, 2.0)])
def test_the_cut_of_a_target_level(level: int, cut: float) -> None:
    assert target_cut(level, CUTS) == cut


@pytest.mark.parametrize("level", [1, 6])
def test_a_target_without_a_cut_is_refused(level: int) -> None:
    with pytest.raises(ValueError, match="target level"):
        target_cut(level, CUTS)


def test_accuracy_at_one_cut_is_the_normal_chance_of_the_right_side() -> None:
    assert classification_accuracy(1.0, 1.0, [0.0]) == pytest.approx(0.841345, abs=1e-6)
    assert classification_accuracy([0.0], 1.0, [0.0]) == pytest.approx(0.5)


def test_forty_two_items_place_about_77_percent_at_the_right_one_of_four_or_five_levels() -> None:
    form = -np.linspace(-2.5, 2.5, 42)
    assert exam_accuracy(1, form, CUTS, sd=1) == pytest.approx(0.77, abs=0.02)
    assert exam_accuracy(1, form[:10], CUTS, sd=1) < exam_accuracy(1, form, CUTS, sd=1)
    assert exam_accuracy(1, form, CUTS, sd=1, added_variance=0.1) < exam_accuracy(1, form, CUTS, sd=1)


def test_accuracy_predicted_is_the_accuracy_met_in_simulation() -> None:
    rng = np.random.default_rng(42)
    form = -np.linspace(-2.5, 2.5, 42)
    theta = rng.normal(0, 1, 200_000)
    estimate = theta + rng.normal(0, 1, theta.size) / np.sqrt(form_information(theta, 1, form))
    met = np.mean(np.searchsorted(CUTS, theta, side="right") == np.searchsorted(CUTS, estimate, side="right"))
    assert exam_accuracy(1, form, CUTS, sd=1) == pytest.approx(met, abs=0.005)
