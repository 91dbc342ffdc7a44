"""Priors on item parameters, for cohorts too small for plain maximum likelihood (MAP, Mislevy 1986)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.irt import Floats

LOG_SLOPE_SD = 0.3


class Penalty(NamedTuple):
    """Log prior density (up to a constant), its gradient, and minus its second derivatives; per item."""

    value: float
    slope: Floats
    intercept: Floats
    slope_slope: Floats
    slope_intercept: Floats
    intercept_intercept: Floats


@dataclass(frozen=True, eq=False)
class Priors:
    """Normal priors: difficulty b of each item ~ N(mean, sd^2), log slope of each item ~ N(0, log_slope_sd^2).

    `difficulty_mean` is what author and panel judged, in logits on the scale of the calibration; NaN = no judgement
    of that item. None switches a prior off. The difficulty prior is for items of two categories.
    """

    difficulty_mean: Floats | None = None
    difficulty_sd: float = 0.7
    log_slope_sd: float | None = LOG_SLOPE_SD

    @classmethod
    def of(
        cls,
        difficulty_mean: ArrayLike | None = None,
        difficulty_sd: float = 0.7,
        log_slope_sd: float | None = LOG_SLOPE_SD,
    ) -> "Priors":
        if not difficulty_sd > 0 or (log_slope_sd is not None and not log_slope_sd > 0):
            raise ValueError("The standard deviation of a prior is above 0.")
        mean = None if difficulty_mean is None else np.asarray(difficulty_mean, dtype=float)
        return cls(mean, difficulty_sd, log_slope_sd)

    def columns(self, items: ArrayLike) -> "Priors":
        mean = self.difficulty_mean
        return Priors(None if mean is None else mean[np.asarray(items)], self.difficulty_sd, self.log_slope_sd)

    def at(self, a: Floats, d: Floats, *, common: bool = False, unit_slope: bool = False) -> Penalty:
        """The penalty at slopes and (first) intercepts. `unit_slope`: the Rasch scale, where b = -d and a is variance.

        Second derivatives are those of Gauss and Newton for difficulty (b is a curve in a and d) and exact in log a.
        """
        zero = np.zeros_like(a)
        value, slope, intercept, ss, si, ii = 0.0, zero.copy(), zero.copy(), zero.copy(), zero.copy(), zero.copy()
        if self.log_slope_sd is not None and not unit_slope:
            if np.any(a <= 0):
                return Penalty(-np.inf, zero, zero, zero, zero, zero)
            # one slope has one prior, however many items share it
            precision = 1 / self.log_slope_sd**2 / (a.size if common else 1)
            value -= 0.5 * precision * float(np.sum(np.log(a) ** 2))
            slope -= precision * np.log(a) / a
            ss += precision * np.maximum(1 - np.log(a), 0.1) / a**2
        if self.difficulty_mean is not None:
            scale = np.ones_like(a) if unit_slope else a
            judged = np.isfinite(self.difficulty_mean)
            precision_b = np.where(judged, 1 / self.difficulty_sd**2, 0.0)
            off = np.where(judged, -d / scale - np.where(judged, self.difficulty_mean, 0.0), 0.0)
            by_slope = zero if unit_slope else d / a**2
            value -= 0.5 * float(np.sum(precision_b * off**2))
            slope -= precision_b * off * by_slope
            intercept += precision_b * off / scale
            ss += precision_b * by_slope**2
            si -= precision_b * by_slope / scale
            ii += precision_b / scale**2
        return Penalty(value, slope, intercept, ss, si, ii)
