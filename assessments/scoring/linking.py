"""Linking a new calibration to the old scale by common items, and which of those items drifted.

theta_old = A theta_new + B; so a_old = a_new / A and d_old = d_new - a_new B / A (b_old = A b_new + B).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.graded import Items, expected_category
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import Integers

FEWEST_COMMON = 3
ROBUST_LIMIT = 2.7  # Huynh and Meyer: items beyond are taken out of the link
AREA_LIMIT = 0.10  # difference of expected scores, as a share of an item's points, that a person should look at
IQR_TO_SD = 0.74


@dataclass(frozen=True, slots=True)
class Link:
    """theta_old = scale * theta_new + shift."""

    scale: float
    shift: float

    def items(self, new: Items) -> Items:
        """Put items of the new calibration on the old scale."""
        slopes = new.a / self.scale
        return Items(slopes, new.d - slopes[new.item] * self.shift, new.item)

    def theta(self, new: ArrayLike) -> Floats:
        return self.scale * np.asarray(new, dtype=float) + self.shift

    def error(self, new: ArrayLike) -> Floats:
        """Standard errors stretch with the scale."""
        return self.scale * np.asarray(new, dtype=float)


SAME = Link(1.0, 0.0)


def mean_sigma(old: Items, new: Items) -> Link:
    """A = sd(b_old) / sd(b_new), B = mean(b_old) - A mean(b_new), over all steps (Marco 1977).

    Raises ValueError for items that are not the same ones, fewer than three, slopes not above 0, or difficulties
    that do not differ.
    """
    _check(old, new)
    before, after = _difficulties(old), _difficulties(new)
    if after.std() < 1e-9 or before.std() < 1e-9:
        raise ValueError("Common items of one difficulty give no unit of length; link by more, of different ones.")
    scale = float(before.std() / after.std())
    return Link(scale, float(before.mean() - scale * after.mean()))


def mean_mean(old: Items, new: Items) -> Link:
    """For Rasch, where the unit is fixed: A = mean(a_new) / mean(a_old) (1 there), B as above."""
    _check(old, new)
    scale = float(new.a.mean() / old.a.mean())
    return Link(scale, float(_difficulties(old).mean() - scale * _difficulties(new).mean()))


def stocking_lord(old: Items, new: Items, grid: Grid | None = None) -> Link:
    """A and B that bring the test characteristic curves of the common items together (Stocking and Lord 1983).

    Least squares of sum of expected categories, weighted over the nodes by N(0, 1) of the old scale; begun at
    mean/sigma. Raises ValueError as that does.
    """
    from scipy.optimize import least_squares  # slow to import, and no page needs it

    _check(old, new)
    nodes = grid or Grid.normal(61)
    root = np.exp(nodes.log_weight / 2)
    target = expected_category(old, nodes.theta).sum(axis=0)

    def gap(values: Floats) -> Floats:
        moved = Link(float(np.exp(values[0])), float(values[1])).items(new)
        return root * (expected_category(moved, nodes.theta).sum(axis=0) - target)

    start = mean_sigma(old, new)
    found = least_squares(gap, [np.log(start.scale), start.shift], xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return Link(float(np.exp(found.x[0])), float(found.x[1]))


@dataclass(frozen=True, slots=True)
class Drift:
    """A common item on the old scale, then and now: difference in mean difficulty (logits), its robust z among the
    common items, its z against the standard errors (NaN without), the root mean square difference of the expected
    scores as a share of the item's points, and the verdict."""

    item: int
    difference: float
    robust_z: float
    z: float
    curve_difference: float
    drifted: bool


def drift(
    old: Items, new: Items, link: Link, *, old_errors: ArrayLike | None = None, new_errors: ArrayLike | None = None
) -> list[Drift]:
    """Compare each common item after linking. `errors`: standard errors of b (on their own scales), one per item.

    An item drifted when it stands out among the others (robust z = (difference - median) / (0.74 IQR) beyond 2.7) and
    the change matters (curves differ by 0.10 of its points or more): many people make any change significant, few
    hide all.
    """
    moved = link.items(new)
    grid = Grid.normal(61)
    differences = _mean_difficulty(moved) - _mean_difficulty(old)
    low, middle, high = np.percentile(differences, [25, 50, 75])
    spread = max(IQR_TO_SD * (high - low), 1e-3)
    robust = (differences - middle) / spread
    squares = np.square(expected_category(moved, grid.theta) - expected_category(old, grid.theta))
    curves = np.sqrt(squares @ np.exp(grid.log_weight)) / old.steps
    z = np.full(differences.size, np.nan)
    if old_errors is not None and new_errors is not None:
        z = differences / np.hypot(np.asarray(old_errors, float), link.error(new_errors))
    return [
        Drift(
            item=item,
            difference=float(differences[item]),
            robust_z=float(robust[item]),
            z=float(z[item]),
            curve_difference=float(curves[item]),
            drifted=bool(abs(robust[item]) > ROBUST_LIMIT and curves[item] >= AREA_LIMIT),
        )
        for item in range(differences.size)
    ]


def purified_link(old: Items, new: Items, how: Callable[[Items, Items], Link] = stocking_lord) -> tuple[Link, Integers]:
    """The link over the common items that did not drift, and which those are; by Stocking and Lord unless said.

    Begins with the robust z of difficulties, which an outlier cannot hide from, then goes on until nothing changes or
    only three items are left.
    """
    kept = np.arange(old.a.size)
    link = how(old, new)
    for _ in range(old.a.size):
        drifted = {found.item for found in drift(old, new, link) if found.drifted}
        stays = np.array([item for item in range(old.a.size) if item not in drifted])
        if stays.size < FEWEST_COMMON or np.array_equal(stays, kept):
            break
        kept = stays
        link = how(old.subset(kept), new.subset(kept))
    return link, kept


def _check(old: Items, new: Items) -> None:
    if not np.array_equal(old.item, new.item):
        raise ValueError("A link needs the same items in the same order on both sides.")
    if old.a.size < FEWEST_COMMON:
        raise ValueError(f"A link needs {FEWEST_COMMON} common items or more, there are {old.a.size}.")
    if np.any(old.a <= 0) or np.any(new.a <= 0):
        raise ValueError("Items with a slope of 0 or below cannot carry a link.")


def _difficulties(items: Items) -> Floats:
    return -items.d / items.step_slopes


def _mean_difficulty(items: Items) -> Floats:
    return np.add.reduceat(_difficulties(items), items.first) / items.steps
