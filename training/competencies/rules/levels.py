"""Levels: which one a state holds, how likely each is, until when it lasts, and where it stands on the level bar."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from training.competencies.rules.filter import DEFAULT_SETTINGS, FilterSettings, State, predict

FOREVER = date.max


def check_cuts(cuts: Sequence[float]) -> None:
    """Raise ValueError unless c_2, c_3, ... are one or more numbers in rising order."""
    if not cuts or not all(map(math.isfinite, cuts)) or any(a >= b for a, b in pairwise(cuts)):
        raise ValueError("Cuts are numbers in rising order, one per level from 2 up.")


def level_probabilities(mean: ArrayLike, sd: ArrayLike, cuts: Sequence[float]) -> NDArray[np.float64]:
    """P(level 1), P(level 2), ...: the normal chance between neighbouring cuts; last axis = levels, adds to 1."""
    check_cuts(cuts)
    centre, spread = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(sd, dtype=float))
    if not np.all(spread > 0):
        raise ValueError("A standard error is above 0.")
    below = ndtr((np.asarray(cuts, dtype=float) - centre[..., np.newaxis]) / spread[..., np.newaxis])
    return np.diff(below, axis=-1, prepend=0.0, append=1.0)


def level_held(state: State, cuts: Sequence[float], settings: FilterSettings = DEFAULT_SETTINGS) -> int:
    """The highest level k with Phi((m - c_k) / sqrt(P)) at or above the hold probability; 1 where none is."""
    margin = state.mean - settings.hold_z * math.sqrt(state.variance)
    return 1 + sum(margin >= cut for cut in cuts)


def held_until(state: State, cut: float, settings: FilterSettings = DEFAULT_SETTINGS) -> date | None:
    """The first day ageing alone ends a level held on `state.on`; None if not held then, FOREVER if never.

    With e = exp(-kappa t) the level holds while A e + B >= z sqrt(q + (P - q) e^2), A = m - b, B = b - c. Squared this
    is a quadratic in e; coming down from e = 1 its largest root below 1 is the day. Ageing alone never gives a level.
    """

    def holds(days: int) -> bool:
        aged = predict(state, state.on + timedelta(days), settings)
        return aged.mean - cut >= settings.hold_z * math.sqrt(aged.variance)

    if not holds(0):
        return None
    if not settings.decay_per_day:
        return FOREVER
    last_day = (FOREVER - state.on).days
    for kept in _crossings(state, cut, settings):
        days = math.floor(min(-math.log(kept) / settings.decay_per_day, last_day))
        # the root falls within a day; the neighbours settle rounding
        for candidate in (days, days + 1):
            if 0 < candidate < last_day and not holds(candidate):
                return state.on + timedelta(candidate)
    return FOREVER


def level_position(value: float, cuts: Sequence[float]) -> float:
    """Where a value (logits) stands on the level bar, 0 to the number of levels; level k fills k - 1 to k.

    Linear between neighbouring cuts. The outer bands have no far end: they take the width of the band beside them,
    and what lies beyond stands at the edge.
    """
    check_cuts(cuts)
    first = cuts[1] - cuts[0] if len(cuts) > 1 else 1.0
    last = cuts[-1] - cuts[-2] if len(cuts) > 1 else 1.0
    edges = (cuts[0] - first, *cuts, cuts[-1] + last)
    return float(np.interp(value, edges, np.arange(len(edges))))


class LevelBand(NamedTuple):
    """A mark on the level bar and its whiskers."""

    position: float
    low: float
    high: float


def level_band(
    mean: float, variance: float, cuts: Sequence[float], settings: FilterSettings = DEFAULT_SETTINGS
) -> LevelBand:
    """The estimate on the level bar with z standard deviations either side, z of the hold probability (0.84 at 0.80).

    So the lower whisker stands in the level that is held.
    """
    reach = settings.hold_z * math.sqrt(variance)
    return LevelBand(*(level_position(value, cuts) for value in (mean, mean - reach, mean + reach)))


def _crossings(state: State, cut: float, settings: FilterSettings) -> list[float]:
    """The e in (0, 1] where mean - cut = z sd along the ageing, largest first."""
    a, b, zz = state.mean - settings.baseline, settings.baseline - cut, settings.hold_z**2
    q = settings.stationary_sd**2
    square, linear, constant = a * a - zz * (state.variance - q), 2 * a * b, b * b - zz * q
    inside = linear * linear - 4 * square * constant
    if inside < 0:
        return []
    half = -0.5 * (linear + math.copysign(math.sqrt(inside), linear))
    roots = [top / bottom for top, bottom in ((half, square), (constant, half)) if bottom]
    return sorted((root for root in roots if 0 < root <= 1), reverse=True)
