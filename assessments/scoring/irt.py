"""Item response theory in slope-intercept form: logit P(right) = a * theta + d, difficulty b = -d / a."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, d: ArrayLike) -> Floats:
    """P(right), shape theta.shape + items.shape: every theta (logits) against every item."""
    return expit(_linear(theta, a, d))


def item_information(theta: ArrayLike, a: ArrayLike, d: ArrayLike) -> Floats:
    """Fisher information a^2 * p * (1 - p) of each item at each theta; shape as `probability`."""
    z = _linear(theta, a, d)
    return np.square(np.asarray(a, dtype=float)) * expit(z) * expit(-z)


def form_information(theta: ArrayLike, a: ArrayLike, d: ArrayLike) -> Floats:
    """Sum of the item informations, one per theta; 1 / sqrt of it is the asymptotic standard error."""
    return item_information(theta, a, d).sum(axis=-1)


def expected_score(theta: ArrayLike, a: ArrayLike, d: ArrayLike) -> Floats:
    """Expected share of right answers on the form (0 to 1), one per theta; rises with theta."""
    return probability(theta, a, d).mean(axis=-1)


def intercept(a: float, b: float) -> float:
    """The intercept d of an item with slope a and difficulty b."""
    return -a * b


def difficulty_from_judgement(level: int, p: float, cuts: Sequence[float]) -> float:
    """Difficulty b (logits) of an item whose author says: someone just at `level` gets it right with chance p.

    b = c_level - logit(p). `cuts` are c_2, c_3, ... in rising order; level 1 has no cut, so an item of
    level 1 is judged by someone just at level 2. Raises ValueError for a level without a cut or p outside (0, 1).
    """
    if not 1 <= level <= len(cuts) + 1:
        raise ValueError(f"Levels run from 1 to {len(cuts) + 1}, not {level}.")
    if not 0 < p < 1:
        raise ValueError(f"A judged chance lies between 0 and 1, both excluded, not {p}.")
    return float(cuts[max(level, 2) - 2] - logit(p))


def _linear(theta: ArrayLike, a: ArrayLike, d: ArrayLike) -> Floats:
    slopes, intercepts = np.broadcast_arrays(np.atleast_1d(np.asarray(a, float)), np.atleast_1d(np.asarray(d, float)))
    return np.asarray(theta, dtype=float)[..., np.newaxis] * slopes + intercepts
