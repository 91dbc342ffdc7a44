"""Ratings of an observation as a measurement on the logit scale."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.ability import wle
from assessments.scoring.rating import wle_ratings
from mentors.rules import RubricSettings, measure

CUTS = (-2.0, -0.7, 0.7, 2.0)
RATINGS = st.lists(st.integers(1, 5), min_size=1, max_size=12)


def test_two_categories_are_a_rasch_item() -> None:
    for ratings in ([1, 2], [2, 2, 1], [2, 2, 2], [1]):
        rated = wle_ratings(ratings, [0.4])
        marked = wle(1, [-0.4] * len(ratings), [rating - 1 for rating in ratings])
        assert rated.theta == pytest.approx(marked.theta, abs=1e-8)
        assert rated.se == pytest.approx(marked.se, rel=1e-6)


@pytest.mark.parametrize("rating", [2, 3, 4])
@pytest.mark.parametrize("criteria", [1, 3, 8])
def test_a_steady_rating_lands_in_the_band_of_its_level(rating: int, criteria: int) -> None:
    theta = wle_ratings([rating] * criteria, CUTS).theta
    assert CUTS[rating - 2] < theta < CUTS[rating - 1]


@given(RATINGS)
@settings(deadline=None)
def test_any_ratings_give_a_finite_estimate_that_only_the_total_decides(ratings: list[int]) -> None:
    estimate = wle_ratings(ratings, CUTS)
    assert math.isfinite(estimate.theta)
    assert 0 < estimate.se < math.inf
    assert estimate == wle_ratings(sorted(ratings), CUTS)
    mirrored = wle_ratings([6 - rating for rating in ratings], CUTS)
    assert mirrored.theta == pytest.approx(-estimate.theta, abs=1e-8)


@given(RATINGS, st.data())
@settings(deadline=None)
def test_a_better_rating_gives_a_higher_estimate(ratings: list[int], data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, len(ratings) - 1))
    lower, higher = list(ratings), list(ratings)
    lower[changed], higher[changed] = 2, 3
    assert wle_ratings(higher, CUTS).theta > wle_ratings(lower, CUTS).theta


def test_far_thresholds_still_give_a_finite_error() -> None:
    estimate = wle_ratings([2], [-12.0, 12.0])
    assert estimate.theta == pytest.approx(0, abs=12)
    assert math.isfinite(estimate.se)


def test_a_severe_rater_is_corrected_by_the_severity() -> None:
    plain, corrected = wle_ratings([3, 4], CUTS), wle_ratings([3, 4], CUTS, severity=0.5)
    assert corrected.theta == pytest.approx(plain.theta + 0.5)
    assert corrected.se == plain.se


@pytest.mark.parametrize(
    ("ratings", "cuts"),
    [([], CUTS), ([0], CUTS), ([6], CUTS), ([2.5], CUTS), ([3], (1.0, 0.0)), ([1], ()), ([1], (math.nan,))],
)
def test_ratings_off_the_scale_are_refused(ratings: list[int], cuts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"Ratings|Thresholds"):
        wle_ratings(ratings, cuts)


def test_what_was_not_observed_is_left_out() -> None:
    assert measure([3, None, 4], CUTS) == measure([3, 4], CUTS)
    assert measure([None, None], CUTS) is None
    assert measure([], CUTS) is None


def test_the_rater_counts_once_however_many_criteria() -> None:
    one, many = measure([3], CUTS), measure([3] * 50, CUTS)
    assert one is not None
    assert many is not None
    assert one.variance == pytest.approx(wle_ratings([3], CUTS).se ** 2 + 0.25)
    assert 0.25 < many.variance < 0.30
    alone = measure([3] * 50, CUTS, RubricSettings(rater_sd=0))
    assert alone is not None
    assert alone.variance == pytest.approx(many.variance - 0.25)


def test_the_measurement_recovers_ability_in_simulation() -> None:
    rng = np.random.default_rng(20260302)
    steps = np.concatenate([[0], np.cumsum(CUTS)])
    covered = 0
    for theta in rng.uniform(-2, 2, 1500):
        weights = np.arange(5) * (theta + rng.normal(0, 0.5)) - steps
        p = np.exp(weights - weights.max())
        measured = measure([int(k) + 1 for k in rng.choice(5, 6, p=p / p.sum())], CUTS)
        assert measured is not None
        covered += abs(measured.y - theta) < 1.96 * math.sqrt(measured.variance)
    assert covered / 1500 == pytest.approx(0.95, abs=0.015)
