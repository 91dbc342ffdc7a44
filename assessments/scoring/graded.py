"""The graded response model in slope-intercept form; the two-category models are its case of one step per item.

logit P(X >= m) = a * theta + d_m, m = 1..K, d_1 > d_2 > ... (Samejima 1969). A *step* is one pair (item, m). All steps
of all items stand in one flat array, item by item, so that items with different numbers of categories share
the same dense matrix products.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

from assessments.scoring.irt import Floats

Integers = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Items:
    """Parameters of J items with S steps altogether: slopes `a` (J), intercepts `d` (S), the item of each step (S)."""

    a: Floats
    d: Floats
    item: Integers

    @classmethod
    def of(cls, a: ArrayLike, d: Sequence[ArrayLike] | Floats) -> "Items":
        """Build from a slope per item (or one for all) and, per item, its intercept or its falling intercepts.

        Raises ValueError for no items, values that are not finite, or intercepts that do not fall.
        """
        rows = [np.atleast_1d(np.asarray(row, dtype=float)) for row in d]
        if not rows or not all(row.ndim == 1 and row.size for row in rows):
            raise ValueError("There must be one or more items, each with one or more intercepts.")
        slopes = np.array(np.broadcast_to(np.asarray(a, dtype=float), (len(rows),)))
        flat = np.concatenate(rows)
        if not (np.all(np.isfinite(slopes)) and np.all(np.isfinite(flat))):
            raise ValueError("Slopes and intercepts are numbers.")
        items = cls(slopes, flat, np.repeat(np.arange(len(rows)), [row.size for row in rows]))
        if not items.in_order:
            raise ValueError("The intercepts of a graded item fall from step to step.")
        return items

    @cached_property
    def steps(self) -> Integers:
        """K per item: one less than its number of categories."""
        return np.bincount(self.item, minlength=self.a.size)

    @cached_property
    def first(self) -> Integers:
        """Where the steps of each item begin in the flat array."""
        return np.concatenate(([0], np.cumsum(self.steps)[:-1]))

    @cached_property
    def has_next(self) -> NDArray[np.bool_]:
        """Whether a step is followed by another of the same item (S)."""
        return np.append(self.item[1:] == self.item[:-1], False)

    @property
    def in_order(self) -> bool:
        """Whether the intercepts of every item fall, so that no category has a negative chance."""
        return bool(np.all(self.gap[self.has_next] < 0))

    @cached_property
    def gap(self) -> Floats:
        """d_(m+1) - d_m per step; minus infinity behind the last step of an item."""
        following = np.append(self.d[1:], -np.inf)
        return np.where(self.has_next, following - self.d, -np.inf)

    @property
    def step_slopes(self) -> Floats:
        return self.a[self.item]

    def linear(self, theta: ArrayLike) -> Floats:
        """a * theta + d of every step: shape (S, theta)."""
        return np.outer(self.step_slopes, np.asarray(theta, dtype=float)) + self.d[:, np.newaxis]

    def intercepts(self, item: int) -> Floats:
        return self.d[self.item == item]

    def subset(self, items: Sequence[int] | Integers) -> "Items":
        """Return the named items, in that order."""
        return Items.of(self.a[np.asarray(items)], [self.intercepts(int(item)) for item in items])


def category_constants(items: Items) -> Floats:
    """log(1 - exp(d_(m+1) - d_m)) per step m, the part of log P(X = m) that no theta changes; 0 for the highest.

    sigma(x) - sigma(y) = sigma(x) sigma(-y) (1 - exp(y - x)) keeps log P exact where both sides are nearly equal.
    """
    return np.log(-np.expm1(items.gap))


def log_chances(items: Items, theta: ArrayLike) -> list[Floats]:
    """log P(X = 0..K) at each theta, one array (K + 1, theta) per item."""
    z = items.linear(theta)
    reached, missed = log_expit(z), log_expit(-z)
    constants = category_constants(items)[:, np.newaxis]
    chances = []
    for first, count in zip(items.first, items.steps, strict=True):
        rows = np.zeros((count + 1, z.shape[1]))
        rows[1:] += reached[first : first + count] + constants[first : first + count]
        rows[:-1] += missed[first : first + count]
        chances.append(rows)
    return chances


def expected_category(items: Items, theta: ArrayLike) -> Floats:
    """Expected category (0..K) of each item at each theta, shape (J, theta): the item's true score."""
    return np.add.reduceat(expit(items.linear(theta)), items.first, axis=0)


def expected_score(items: Items, theta: ArrayLike) -> Floats:
    """Expected share of all the points of the form (0 to 1) at each theta: the test characteristic curve."""
    return expected_category(items, theta).sum(axis=0) / items.d.size


class ItemCurves(NamedTuple):
    """Fisher information and Warm's J = sum P' P'' / P of each item at each theta, both (theta, J)."""

    information: Floats
    tilt: Floats


def item_curves(items: Items, theta: ArrayLike) -> ItemCurves:
    """Information I = sum over categories of P'^2 / P, and Warm's (1989) J, of each item at each theta.

    With u = (log P)': I = sum P u^2, J = sum P u (u^2 + u'). For two categories J = I', for more it is not. Nothing
    is taken as 1 - p, so that far from an item J / I keeps its limit.
    """
    slope = items.step_slopes
    z = np.asarray(theta, dtype=float)[:, np.newaxis] * slope + items.d
    p, q = expit(z), expit(-z)
    if not items.has_next.any():
        plain = slope * slope * p * q
        return ItemCurves(plain, plain * slope * (q - p))
    p_next = np.where(items.has_next, np.roll(p, -1, axis=1), 0.0)
    q_next = np.where(items.has_next, np.roll(q, -1, axis=1), 1.0)
    chance = p * q_next * -np.expm1(items.gap)
    u = slope * (q - p_next)
    bend = -slope * slope * (p * q + p_next * q_next)
    information, tilt = chance * u * u, chance * u * (u * u + bend)
    first = items.first
    lowest = -slope[first] * p[:, first]
    weight = q[:, first] * lowest
    lowest_bend = -(slope[first] ** 2) * p[:, first] * q[:, first]
    return ItemCurves(
        np.add.reduceat(information, first, axis=1) + weight * lowest,
        np.add.reduceat(tilt, first, axis=1) + weight * (lowest * lowest + lowest_bend),
    )
