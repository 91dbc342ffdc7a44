"""Is a subscore worth showing? Haberman's (2008) proportional reduction of mean squared error (PRMSE)."""

from dataclasses import dataclass

import numpy as np

from assessments.scoring.classical import pair_covariances
from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats
from assessments.scoring.responses import Responses


@dataclass(frozen=True, slots=True)
class SubscoreValue:
    """How well the true subscore is told by the observed subscore (its reliability), by the total, and by both.

    `worth_showing`: the subscore tells it better than the total does. 0 stands for "tells nothing".
    """

    by_subscore: float
    by_total: float
    by_both: float

    @property
    def worth_showing(self) -> bool:
        return self.by_subscore > self.by_total


def subscore_value(responses: Responses, items: Integers) -> SubscoreValue:
    """Judge the subscore of the named items within the form, by the people given each pair of items.

    With s the subscore, x the total, alpha_s its reliability: by_subscore = alpha_s; the errors of s are part of x,
    so cov(true s, x) = cov(s, x) - var(s) (1 - alpha_s), and by_total = cov(true s, x)^2 / (var(true s) var(x)).
    `by_both`: squared multiple correlation of true s with s and x. Raises ValueError for fewer than two items, all of
    them, or pairs of items that nobody was given.
    """
    part = np.asarray(items, dtype=np.intp)
    count = responses.codes.shape[1]
    if (
        part.size < 2
        or np.unique(part).size != part.size
        or part.size >= count
        or part.min() < 0
        or part.max() >= count
    ):
        raise ValueError("A subscore stands on two or more different items, and not on the whole form.")
    covariances, _ = pair_covariances(responses)
    if not np.all(np.isfinite(covariances)):
        raise ValueError("Some pairs of items were never given to the same people: nothing can be said.")
    inside = covariances[np.ix_(part, part)]
    variance, total = float(inside.sum()), float(covariances.sum())
    with_total = float(covariances[part].sum())
    if variance <= 0 or total <= 0:
        return SubscoreValue(0.0, 0.0, 0.0)
    alpha = float(np.clip(part.size / (part.size - 1) * (1 - np.trace(inside) / variance), 0, 1))
    true_variance = alpha * variance
    if true_variance <= 0:
        return SubscoreValue(0.0, 0.0, 0.0)
    true_with_total = with_total - variance * (1 - alpha)
    by_total = _share(true_with_total**2 / (true_variance * total))
    return SubscoreValue(alpha, by_total, _both(variance, total, with_total, true_variance, true_with_total))


def _both(variance: float, total: float, with_total: float, true_variance: float, true_with_total: float) -> float:
    own: Floats = np.array([[variance, with_total], [with_total, total]])
    with_true = np.array([true_variance, true_with_total])
    return _share(float(with_true @ np.linalg.pinv(own) @ with_true) / true_variance)


def _share(value: float) -> float:
    return float(min(max(value, 0.0), 1.0))
