"""Where the cuts lie: reference values, modified Angoff, contrasting groups, bookmark. Cuts are points on theta
(logits)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from assessments.scoring.graded import Items, expected_category
from assessments.scoring.irt import Floats

REFERENCE_CUTS = (-2.0, -0.7, 0.7, 2.0)  # c_2 to c_5 before any panel has met
RESPONSE_PROBABILITY = 0.67
FARTHEST = 12.0
STEPS = 60


class NoStandard(ValueError):
    """The judgements set no cut; the text says why."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut on theta, its standard error (None where one judge or one group gives none), and from how many judges."""

    theta: float
    se: float | None
    judges: int


def angoff(ratings: ArrayLike, items: Items) -> Cut:
    """Modified Angoff (1971) on calibrated items. `ratings`: judges by items, what a person just at the level earns.

    For two categories that is the chance of a right answer, else the expected category. The cut is where the test
    characteristic curve T reaches the mean over judges of their summed ratings; SE = SD / sqrt(n) / T'(theta), SD of
    the judges' sums. Raises NoStandard for ratings off the scale or sums that no theta reaches.
    """
    table = np.atleast_2d(np.asarray(ratings, dtype=float))
    if table.shape[1] != items.a.size or not table.size:
        raise NoStandard(f"Each judge rates every item: {items.a.size} ratings, not {table.shape[1]}.")
    if not np.all(np.isfinite(table)) or np.any(table < 0) or np.any(table > items.steps):
        raise NoStandard("A rating lies between 0 and the points of the item.")
    if np.any(items.a <= 0):
        raise NoStandard("Items with a slope of 0 or below cannot set a standard.")
    sums = table.sum(axis=1)
    theta = true_score_theta(float(sums.mean()), items)
    if sums.size == 1:
        return Cut(theta, None, 1)
    rise = float(_slope(theta, items))
    return Cut(theta, float(sums.std(ddof=1) / math.sqrt(sums.size) / rise), sums.size)


def true_score_theta(points: float, items: Items) -> float:
    """The theta at which the expected points of a form are so many: the test characteristic curve read backwards."""
    low, high = -FARTHEST, FARTHEST
    if not float(_points(low, items)) < points < float(_points(high, items)):
        raise NoStandard("No ability is expected to earn exactly that many points on this form.")
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if float(_points(middle, items)) < points else (low, middle)
    return 0.5 * (low + high)


def contrasting_groups(theta: ArrayLike, reached: ArrayLike) -> Cut:
    """The theta at which a verdict "reached the level" is as likely as not, by logistic regression on independent
    verdicts (Livingston and Zieky 1982).

    logit P(reached) = beta_0 + beta_1 theta; cut = -beta_0 / beta_1, its SE by the delta method. Raises NoStandard
    where the verdicts do not differ, do not rise with theta, or are parted so cleanly that the regression has no
    finite maximum (the text then names the gap the cut lies in).
    """
    points, verdicts = np.asarray(theta, dtype=float), np.asarray(reached, dtype=float)
    if points.ndim != 1 or points.shape != verdicts.shape or not points.size or not np.all(np.isfinite(points)):
        raise NoStandard("Contrasting groups need one ability and one verdict for each person.")
    yes, no = points[verdicts == 1], points[verdicts == 0]
    if yes.size + no.size != points.size or not yes.size or not no.size:
        raise NoStandard("Contrasting groups need people of both verdicts.")
    if yes.min() >= no.max():
        raise NoStandard(
            f"The verdicts part cleanly between {no.max():.2f} and {yes.min():.2f}: "
            "any cut between does, and more people are needed to say which."
        )
    if yes.mean() <= no.mean():  # the slope has the sign of this difference
        raise NoStandard("Those who reached the level did not score higher: the verdicts say nothing about a cut.")
    beta, covariance = _logistic(points, verdicts)
    cut = -beta[0] / beta[1]
    gradient = np.array([-1 / beta[1], beta[0] / beta[1] ** 2])
    return Cut(float(cut), float(np.sqrt(gradient @ covariance @ gradient)), points.size)


def bookmark_locations(items: Items, probability: float = RESPONSE_PROBABILITY) -> Floats:
    """Where each item of two categories is answered right with the response probability: b + logit(RP) / a.

    For RP67 that is b + 0.7082 / a. The ordered booklet shows items by these.
    """
    if items.d.size != items.a.size or np.any(items.a <= 0):
        raise NoStandard("A bookmark booklet holds items of two categories with slopes above 0.")
    if not 0.5 <= probability < 1:
        raise NoStandard("The response probability lies between 0.5 and 1.")
    return (-items.d + logit(probability)) / items.a


def bookmark(placements: Sequence[int], items: Items, probability: float = RESPONSE_PROBABILITY) -> Cut:
    """The cut of a panel, by bookmarks (Lewis, Mitzel and Green 1996).

    Each judge names the place (1, 2, ...) in the ordered booklet of the last item that a person just at the level would
    still answer right with the response probability. The cut is the median of those items' locations; SE = 1.253 SD /
    sqrt(n), that of a median.
    """
    locations = np.sort(bookmark_locations(items, probability))
    if not placements or any(place != int(place) or not 1 <= place <= locations.size for place in placements):
        raise NoStandard(f"A bookmark is a place from 1 to {locations.size}.")
    chosen = locations[[int(place) - 1 for place in placements]]
    error = None
    if chosen.size > 1:
        error = float(math.sqrt(math.pi / 2) * chosen.std(ddof=1) / math.sqrt(chosen.size))
    return Cut(float(np.median(chosen)), error, chosen.size)


def _points(theta: float, items: Items) -> float:
    return float(expected_category(items, [theta]).sum())


def _slope(theta: float, items: Items) -> float:
    p = expit(items.linear([theta]))[:, 0]
    return float(np.sum(items.step_slopes * p * (1 - p)))


def _logistic(points: Floats, verdicts: Floats) -> tuple[Floats, Floats]:
    """Maximum likelihood by Newton's method with halving; coefficients and their covariance."""
    centre, spread = points.mean(), max(points.std(), 1e-9)
    columns = np.column_stack([np.ones_like(points), (points - centre) / spread])
    beta = np.zeros(2)

    def loglik(values: Floats) -> float:
        z = columns @ values
        return float(np.sum(verdicts * z - np.logaddexp(0, z)))

    information = np.eye(2)
    for _ in range(100):
        p = expit(columns @ beta)
        information = (columns * (p * (1 - p))[:, np.newaxis]).T @ columns
        step = np.linalg.solve(information, columns.T @ (verdicts - p))
        while loglik(beta + step) < loglik(beta) - 1e-12:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    back = np.array([[1.0, -centre / spread], [0.0, 1 / spread]])
    return back @ beta, back @ np.linalg.inv(information) @ back.T
