"""Ability from ratings on a common scale: the rating scale model with thresholds at the framework's cuts."""

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax

from assessments.scoring.ability import Ability, peak
from assessments.scoring.irt import Floats

GRID_NODES = 161


def wle_ratings(ratings: Sequence[int], thresholds: Sequence[float], *, severity: float = 0.0) -> Ability:
    """Warm's estimate from ratings 1..K, K = len(thresholds) + 1, one per criterion that was observed.

    ln(P_k / P_(k-1)) = theta - severity - tau_k, tau_k the threshold into category k: at tau_k the ratings k-1 and k
    are equally likely. All criteria share the thresholds and are equally hard. Finite for all lowest and
    all highest; the SE is that of the observed information of the weighted likelihood, as for `ability.wle`.
    Raises ValueError for no ratings, a rating outside 1..K, or thresholds that do not rise.
    """
    steps = np.asarray(thresholds, dtype=float)
    top = steps.size
    if not ratings or any(rating != int(rating) or not 1 <= rating <= top + 1 for rating in ratings):
        raise ValueError(f"Ratings are one or more whole numbers from 1 to {top + 1}.")
    if not top or not np.all(np.isfinite(steps)) or np.any(np.diff(steps) <= 0):
        raise ValueError("Thresholds are numbers in rising order.")
    count, total = len(ratings), float(sum(ratings) - len(ratings))

    def objective(theta: Floats) -> Floats:
        _, variance, _, _ = _category_moments(theta, steps)
        return total * theta + count * _log_chances(theta, steps)[:, 0] + 0.5 * np.log(variance)

    def derivative(theta: float) -> float:
        mean, variance, third, _ = _category_moments(np.array([theta]), steps)
        return float(total - count * mean[0] + 0.5 * third[0] / variance[0])

    # beyond this reach of the outermost threshold Warm's term outweighs any set of ratings
    reach = np.log(4.0 * count * top) + 4
    theta = peak(objective, derivative, np.linspace(steps[0] - reach, steps[-1] + reach, GRID_NODES))
    _, variance, third, fourth = (float(moment[0]) for moment in _category_moments(np.array([theta]), steps))
    info = count * variance - 0.5 * (fourth / variance - (third / variance) ** 2)
    # where thresholds lie very far apart the weighted likelihood need not bend down: the plain information then
    return Ability(theta + severity, float(1 / np.sqrt(info if info > 1e-6 * variance else count * variance)))


def _log_chances(theta: Floats, steps: Floats) -> Floats:
    """log P of each category (last axis, counted from 0) at each theta."""
    categories = np.arange(steps.size + 1)
    return log_softmax(np.outer(theta, categories) - np.concatenate(([0.0], np.cumsum(steps))), axis=1)


def _category_moments(theta: Floats, steps: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean and first three derivatives of the mean (second to fourth cumulants) of one rating at each theta."""
    categories = np.arange(steps.size + 1)
    p = np.exp(_log_chances(theta, steps))
    mean: Floats = np.sum(p * categories, axis=1)
    off = categories - mean[:, np.newaxis]
    variance, third, fourth = (np.sum(p * off**power, axis=1) for power in (2, 3, 4))
    return mean, variance, third, fourth - 3 * variance**2
