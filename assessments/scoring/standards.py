"""From theta to a level: cuts, the chance of each level, the 0 to 100 people see, and how often an exam is right."""

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.irt import Floats, expected_score, form_information
from training.competencies.rules import check_cuts, level_probabilities

__all__ = ["classification_accuracy", "exam_accuracy", "level_decided", "level_probabilities", "reference_score"]

PASS_SCORE = 60.0
POPULATION_NODES = np.linspace(-5, 5, 401)  # in standard deviations of the population


def level_decided(theta: float, cuts: Sequence[float]) -> int:
    """The level theta reaches: 1 plus the number of cuts c_2, c_3, ... it is at or above. This decides a result."""
    check_cuts(cuts)
    return 1 + bisect_right(cuts, theta)


def target_cut(level: int, cuts: Sequence[float]) -> float:
    """The cut an exam for `level` is passed at; ValueError for level 1, which has none, and beyond the last."""
    check_cuts(cuts)
    if not 2 <= level <= len(cuts) + 1:
        raise ValueError(f"An exam's target level is 2 to {len(cuts) + 1}, not {level}.")
    return float(cuts[level - 2])


def reference_score(theta: float, a: ArrayLike, d: ArrayLike, cut: float) -> float:
    """The score from 0 to 100 shown for theta: expected share right on a reference form, with `cut` at 60.

    T(theta) = expected share of right answers on the reference form (a, d). With t = T(cut): below the cut
    60 * T / t, above it 60 + 40 * (T - t) / (1 - t): two straight pieces in T, so 0 right is 0, the cut is
    60, all right is 100. Never falls as theta rises. Everyone is placed on the same form, so two random papers compare.
    """
    share, at_cut = (float(expected_score(point, a, d)) for point in (theta, cut))
    if not 0 < at_cut < 1:
        raise ValueError("The reference form says nothing about the cut: its items are far too easy or too hard.")
    if theta < cut:
        return PASS_SCORE * min(share / at_cut, 1.0)
    return PASS_SCORE + (100 - PASS_SCORE) * max(share - at_cut, 0.0) / (1 - at_cut)


def shown_score(score: float) -> int:
    """The whole number on the page. Rounded down, so that 59.9 never shows as the 60 that was not reached."""
    return math.floor(score)


def classification_accuracy(
    theta: ArrayLike, se: ArrayLike, cuts: Sequence[float], weights: Floats | None = None
) -> float:
    """Rudner's (2005) expected share of people placed at their true level, 0 to 1.

    For each theta the normal chance, with its SE, that it and its error fall on the same side of every cut; the
    mean over people, or over nodes with `weights`.
    """
    points = np.atleast_1d(np.asarray(theta, dtype=float))
    chances = level_probabilities(points, se, cuts)
    decided = np.searchsorted(np.asarray(cuts, dtype=float), points, side="right")
    return float(np.average(chances[np.arange(points.size), decided], weights=weights))


def exam_accuracy(
    a: ArrayLike,
    d: ArrayLike,
    cuts: Sequence[float],
    *,
    mean: float = 0.0,
    sd: float = 1.5,
    added_variance: float = 0.0,
) -> float:
    """Expected accuracy of a form before anyone sits it: theta ~ N(mean, sd), SE^2 = 1 / I(theta) + added_variance."""
    nodes = mean + sd * POPULATION_NODES
    se = np.sqrt(1 / np.maximum(form_information(nodes, a, d), 1e-9) + added_variance)
    return classification_accuracy(nodes, se, cuts, weights=np.exp(-(POPULATION_NODES**2) / 2))
