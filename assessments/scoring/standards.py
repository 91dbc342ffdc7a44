"""From theta to a level: cuts, the chance of each level, and the 0 to 100 people see."""

import math
from bisect import bisect_right
from collections.abc import Sequence

from numpy.typing import ArrayLike

from assessments.scoring.irt import expected_score
from training.competencies.rules import check_cuts, level_probabilities

__all__ = ["level_decided", "level_probabilities", "reference_score", "shown_score", "target_cut"]

PASS_SCORE = 60.0


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
