"""Cuts by panels and verdicts, accuracy and consistency of decisions, severity of raters."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_softmax

from assessments.scoring.accuracy import classification_accuracy, classification_consistency, classification_table
from assessments.scoring.facets import Rating, rater_severities
from assessments.scoring.graded import Items, expected_category
from assessments.scoring.standard_setting import (
    REFERENCE_CUTS,
    NoStandard,
    angoff,
    bookmark,
    bookmark_locations,
    contrasting_groups,
    true_score_theta,
)
from training.competencies.rules import level_probabilities

FORM = Items.of(np.linspace(0.7, 1.5, 10), np.linspace(-2, 2, 10))
CUTS = (-2.0, -0.7, 0.7, 2.0)


def test_the_reference_cuts_are_where_a_framework_starts() -> None:
    assert REFERENCE_CUTS == CUTS


@given(st.floats(-3, 3))
def test_judges_who_know_the_curves_set_the_cut_they_mean(cut: float) -> None:
    ratings = np.tile(expected_category(FORM, [cut])[:, 0], (4, 1))
    found = angoff(ratings, FORM)
    assert found.theta == pytest.approx(cut, abs=1e-6)
    assert found.se == pytest.approx(0, abs=1e-9)
    assert found.judges == 4


def test_angoff_takes_graded_items_in_points() -> None:
    items = Items.of([1.0, 1.2], [[1.0, -1.0], [0.5]])
    ratings = expected_category(items, [0.4])[:, 0]
    found = angoff([ratings], items)
    assert found.theta == pytest.approx(0.4, abs=1e-6)
    assert found.se is None


def test_the_error_of_a_panel_is_its_spread_over_the_slope() -> None:
    """Seed 61: the cut's scatter over 3,000 panels is the SE, on average."""
    rng = np.random.default_rng(61)
    middle = expected_category(FORM, [0.3])[:, 0]
    cuts, errors = [], []
    for _ in range(3000):
        found = angoff(np.clip(middle + rng.normal(0, 0.05, (8, 1)) + rng.normal(0, 0.05, (8, 10)), 0, 1), FORM)
        cuts.append(found.theta)
        errors.append(found.se)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(cuts), rel=0.05)


@pytest.mark.parametrize(
    "ratings",
    [np.zeros((2, 10)), np.ones((2, 10)), np.full((2, 10), 1.2), np.full((2, 9), 0.5), np.full((2, 10), -0.1)],
)
def test_ratings_that_set_no_cut_are_refused(ratings: np.ndarray) -> None:
    with pytest.raises(NoStandard, match=r"rating|points|rates"):
        angoff(ratings, FORM)


def test_true_scores_are_read_backwards() -> None:
    assert true_score_theta(float(expected_category(FORM, [-1.1]).sum()), FORM) == pytest.approx(-1.1)


def test_verdicts_give_the_cut_they_were_made_by() -> None:
    """Seed 62; 2,000 people, cut 0.7, slope 2; the cut is within three errors, and errors cover in 200 samples of
    300."""
    rng = np.random.default_rng(62)
    theta = rng.normal(size=2000)
    found = contrasting_groups(theta, rng.random(2000) < expit(2 * (theta - 0.7)))
    assert found.se is not None
    assert abs(found.theta - 0.7) < 3 * found.se
    covered = []
    for _ in range(200):
        theta = rng.normal(size=300)
        one = contrasting_groups(theta, rng.random(300) < expit(2 * (theta - 0.7)))
        covered.append(abs(one.theta - 0.7) < 1.96 * (one.se or 0))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.04)


def test_the_regression_is_at_its_maximum() -> None:
    """Seed 63; brute force over the two coefficients of 60 verdicts."""
    rng = np.random.default_rng(63)
    theta = rng.normal(size=60)
    verdicts = rng.random(60) < expit(1.5 * theta - 0.5)
    cut = contrasting_groups(theta, verdicts).theta

    def loglik(slope: float, at: float) -> float:
        z = slope * (theta - at)
        return float(np.sum(verdicts * z - np.logaddexp(0, z)))

    slopes = np.linspace(0.2, 5, 400)
    best = max(loglik(slope, cut) for slope in slopes)
    assert all(loglik(slope, cut + by) < best + 1e-4 for slope in slopes for by in (-0.05, -0.02, 0.02, 0.05))


@pytest.mark.parametrize(
    ("theta", "reached", "why"),
    [
        ([0, 1, 2, 3], [0, 0, 1, 1], "between 1.00 and 2.00"),
        ([0, 1], [1, 1], "both verdicts"),
        ([0, 1, 2, 3], [1, 1, 0, 0], "did not score higher|say nothing"),
        ([0, 1, 2, 3, 1], [1, 0, 1, 0, 1], "say nothing"),
        ([], [], "one verdict"),
        ([0, 1], [1], "one verdict"),
    ],
)
def test_verdicts_that_set_no_cut_are_refused(theta: list[float], reached: list[int], why: str) -> None:
    with pytest.raises(NoStandard, match=why):
        contrasting_groups(theta, reached)


def test_a_bookmark_lies_where_two_in_three_are_right() -> None:
    locations = bookmark_locations(FORM)
    assert locations == pytest.approx(-FORM.d / FORM.a + 0.7082 / FORM.a, abs=1e-4)
    assert np.diag(expit(np.outer(locations, FORM.a) + FORM.d)) == pytest.approx(np.full(10, 0.67))


def test_a_panel_of_bookmarks_is_their_median() -> None:
    ordered = np.sort(bookmark_locations(FORM))
    found = bookmark([3, 5, 4], FORM)
    assert found.theta == pytest.approx(ordered[3])
    assert found.se == pytest.approx(1.2533 * np.std(ordered[2:5], ddof=1) / math.sqrt(3), rel=1e-3)
    assert bookmark([3], FORM).se is None


@pytest.mark.parametrize("places", [[], [0], [11], [2.5]])
def test_bookmarks_off_the_booklet_are_refused(places: list[int]) -> None:
    with pytest.raises(NoStandard, match="bookmark"):
        bookmark(places, FORM)


def test_consistency_is_that_of_two_sittings() -> None:
    """Seed 64; 200,000 people, two estimates each with SE 0.4 round the same true value."""
    rng = np.random.default_rng(64)
    estimate = rng.normal(0, 1.1, 200_000)
    first, second = (np.searchsorted(CUTS, estimate + rng.normal(0, 0.4, estimate.size)) for _ in range(2))
    met = np.mean(first == second)
    assert classification_consistency(estimate, 0.4, CUTS) == pytest.approx(met, abs=0.005)


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=20), st.floats(0.05, 2))
def test_accuracy_is_the_diagonal_of_the_table(theta: list[float], se: float) -> None:
    table = classification_table(theta, se, CUTS)
    assert table.sum() == pytest.approx(1)
    assert np.trace(table) == pytest.approx(classification_accuracy(theta, se, CUTS))
    likeliest = level_probabilities(theta, se, CUTS).max(axis=1).mean()
    assert 1 / 5 - 1e-12 <= classification_consistency(theta, se, CUTS) <= likeliest + 1e-12


def rated(rng: np.random.Generator, theta: float, severity: float, difficulty: float) -> int:
    weights = np.arange(5) * (theta - severity - difficulty) - np.concatenate([[0], np.cumsum(CUTS)])
    return int(rng.choice(5, p=np.exp(log_softmax(weights)))) + 1


def panel(rng: np.random.Generator, people: int, raters: dict[str, float], each: int) -> list[Rating]:
    found = []
    for person in range(people):
        theta = rng.normal(0.4, 1.2)
        for name in rng.choice(list(raters), each, replace=False):
            for criterion, difficulty in (("greets", -0.4), ("explains", 0.0), ("closes", 0.4)):
                value = rated(rng, theta, raters[str(name)], difficulty)
                found.append(Rating(person, str(name), criterion, value))
    return found


SEVERE = {"Li Na": -0.8, "Wang Wei": -0.2, "Zhao Min": 0.3, "Chen Jie": 0.7}


def test_severity_is_recovered_where_raters_share_people() -> None:
    """Seed 65; 250 people, 2 of 4 raters each, 3 criteria."""
    found = rater_severities(panel(np.random.default_rng(65), 250, SEVERE, 2), CUTS)
    assert found.converged
    assert sum(one.severity for one in found.severities) == pytest.approx(0, abs=1e-9)
    for one in found.severities:
        assert one.connected
        assert one.se is not None
        assert abs(one.severity - SEVERE[str(one.rater)]) < 3 * one.se
        assert abs(one.shrunk) < abs(one.severity)
    assert found.omega_squared == pytest.approx(np.var(list(SEVERE.values()), ddof=1), abs=0.2)
    assert found.criteria["greets"] < found.criteria["explains"] < found.criteria["closes"]


def test_errors_of_severity_cover() -> None:
    """Seed 66; 25 panels of 60 people."""
    rng = np.random.default_rng(66)
    covered = [
        abs(one.severity - SEVERE[str(one.rater)]) < 1.96 * (one.se or 0)
        for _ in range(25)
        for one in rater_severities(panel(rng, 60, SEVERE, 2), CUTS).severities
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.06)


def test_without_shared_people_severity_is_unknown_and_0() -> None:
    """Seed 67; each person is seen by one rater only: a severe rater looks like weak people."""
    found = rater_severities(panel(np.random.default_rng(67), 60, SEVERE, 1), CUTS)
    assert found.omega_squared is None
    assert {(one.severity, one.shrunk, one.se, one.connected) for one in found.severities} == {(0.0, 0.0, None, False)}


def test_a_rater_outside_the_group_is_left_out_and_said() -> None:
    """Seed 68; a fifth rater with people of their own changes nothing for the others."""
    rng = np.random.default_rng(68)
    ratings = panel(rng, 80, SEVERE, 2)
    alone = [rating._replace(person=f"other {rating.person}") for rating in panel(rng, 20, {"Sun Li": 0.0}, 1)]
    with_fifth, without = rater_severities(ratings + alone, CUTS), rater_severities(ratings, CUTS)
    known = {one.rater: one for one in with_fifth.severities}
    assert not known["Sun Li"].connected
    assert known["Sun Li"].ratings == 60
    assert all(known[one.rater].severity == pytest.approx(one.severity, abs=1e-4) for one in without.severities)


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_order_of_ratings_does_not_matter(order: object) -> None:
    ratings = panel(np.random.default_rng(69), 30, SEVERE, 2)
    shuffled = list(ratings)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out random.Random instances
    one = {found.rater: found.severity for found in rater_severities(ratings, CUTS).severities}
    other = {found.rater: found.severity for found in rater_severities(shuffled, CUTS).severities}
    assert other == pytest.approx(one, abs=1e-3)


@pytest.mark.parametrize(
    ("value", "cuts"), [(0, CUTS), (6, CUTS), (2.5, CUTS), (1, ()), (1, (0.0, 0.0)), (1, (0.0, math.nan))]
)
def test_ratings_off_the_scale_are_refused(value: int, cuts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"Ratings|Thresholds"):
        rater_severities([Rating(1, "Li Na", "greets", value)], cuts)


def test_no_ratings_are_no_raters() -> None:
    assert rater_severities([], CUTS).severities == ()
