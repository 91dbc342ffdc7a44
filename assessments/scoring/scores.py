"""Abilities of many people at once, from answers and known items: EAP and WLE, two or more categories, gaps allowed.

`assessments.scoring.ability` does the same for one paper of two-category items and is what an attempt is scored by.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from assessments.scoring.graded import Items, item_curves
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid, posteriors
from assessments.scoring.responses import Design, Responses

CORE = 8.0  # nodes are an eighth of a logit apart up to here, then ever wider
CORE_NODES, TAIL_NODES = 129, 40
FARTHEST = 1e4
BLOCK = 2048
NARROW = 1e-8
MOST_TURNS = 60
SINGLE_FROM = 400_000  # cells from which EAP is worked out in single precision (good to 1e-5 of a logit)


@dataclass(frozen=True, eq=False)
class Scores:
    """Ability per row on the logit scale and its error (EAP: posterior SD); NaN where a row says nothing."""

    theta: Floats
    se: Floats


def eap(items: Items, responses: Responses, grid: Grid) -> Scores:
    """Mean and standard deviation of the posterior over the grid's nodes, for every row. Blank rows get the prior's."""
    design = Design.of(responses, items.steps)
    dtype = np.float32 if design.touched.size > SINGLE_FROM else np.float64
    theta, se = np.empty((2, responses.weights.size))
    moments = np.column_stack([grid.theta, grid.theta**2]).astype(dtype)
    for block in posteriors(design, items, grid, dtype):
        first, second = (block.posterior @ moments).T
        theta[block.rows] = first
        se[block.rows] = np.sqrt(np.maximum(second - first * first, 0))
    return Scores(theta, se)


def wle(items: Items, responses: Responses) -> Scores:
    """Warm's weighted likelihood estimate (1989): the root of score + J / (2 I), and its error, for every row.

    Finite for all right and all wrong. Of several roots the one is taken where the function whose derivative this is
    stands highest. The SE is that of the observed information of the weighted likelihood (the plain information
    where it does not bend down). NaN for rows without answers, or to items that tell nothing (a = 0).
    """
    design = Design.of(responses, items.steps)
    grid = _wide_grid(items)
    curves = item_curves(items, grid)
    falls = items.step_slopes[:, np.newaxis] * _chances(items, grid)
    theta, se = np.full((2, responses.weights.size), np.nan)
    for start in range(0, theta.size, BLOCK):
        rows = slice(start, start + BLOCK)
        people = _People(items, design.touched[rows].astype(float), design.passed[rows].astype(float))
        given = responses.given[rows].astype(float)
        info = given @ curves.information.T
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = people.raised[:, np.newaxis] - people.touched @ falls + given @ curves.tilt.T / (2 * info)
        low, high, found = _brackets(grid, slope)
        if not found.any():
            continue
        kept = people.keep(found)
        root = _root(kept, given[found], low[found], high[found])
        place = np.flatnonzero(found) + start
        theta[place] = root
        se[place] = _error(kept, given[found], root)
    return Scores(theta, se)


@dataclass(frozen=True, eq=False)
class _People:
    """Rows of a design, spread as floats."""

    items: Items
    touched: Floats
    passed: Floats

    @property
    def raised(self) -> Floats:
        return self.passed @ self.items.step_slopes

    def keep(self, rows: NDArray[np.bool_]) -> "_People":
        return _People(self.items, self.touched[rows], self.passed[rows])

    def slope(self, given: Floats, theta: Floats) -> tuple[Floats, Floats]:
        """The weighted score of each row at its own theta, and the information there."""
        p = _chances(self.items, theta).T
        curves = item_curves(self.items, theta)
        info = np.sum(given * curves.information, axis=1)
        tilt = np.sum(given * curves.tilt, axis=1)
        plain = self.raised - np.sum(self.touched * p * self.items.step_slopes, axis=1)
        return plain + tilt / (2 * np.maximum(info, np.finfo(float).tiny)), info


def _chances(items: Items, theta: Floats) -> Floats:
    """P(X >= m) of every step at each theta, (S, theta)."""
    return expit(items.linear(theta))


def _wide_grid(items: Items) -> Floats:
    """Nodes that hold every root: Warm's term turns the score round within ln(4 n) / a of the outermost item."""
    slopes = np.abs(items.a)
    slopes = slopes[slopes > 1e-3]
    if not slopes.size:
        return np.linspace(-CORE, CORE, CORE_NODES)
    telling = np.abs(items.step_slopes) > 1e-3
    outermost = np.abs(items.d[telling] / items.step_slopes[telling]).max()
    reach = outermost + np.log(4 * items.d.size * slopes.max() / slopes.min()) / slopes.min()
    tail = np.geomspace(CORE, max(min(reach, FARTHEST), CORE + 1), TAIL_NODES)[1:]
    return np.concatenate([-tail[::-1], np.linspace(-CORE, CORE, CORE_NODES), tail])


def _brackets(grid: Floats, slope: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The cell of the best maximum of each row: where the slope turns from + to - and its integral is highest."""
    slope = np.where(np.isfinite(slope), slope, 0.0)
    turns = (slope[:, :-1] > 0) & (slope[:, 1:] <= 0)
    height = np.cumsum(0.5 * (slope[:, :-1] + slope[:, 1:]) * np.diff(grid), axis=1)
    cell = np.argmax(np.where(turns, height, -np.inf), axis=1)
    found: NDArray[np.bool_] = np.any(turns, axis=1)
    return grid[cell], grid[cell + 1], found


def _root(people: _People, given: Floats, low: Floats, high: Floats) -> Floats:
    """The secant rule kept inside a shrinking bracket, all rows side by side; a handful of turns from a narrow cell."""
    before, at_before = low, people.slope(given, low)[0]
    here, at_here = high, people.slope(given, high)[0]
    for turn in range(MOST_TURNS):
        with np.errstate(divide="ignore", invalid="ignore"):
            following = here - at_here * (here - before) / (at_here - at_before)
        middle = 0.5 * (low + high)
        # every fourth turn halves: a bracket that one side of the secant never moves still shrinks
        outside = ~((following > low) & (following < high)) | (turn % 4 == 3)
        following = np.where(outside & (high - low > NARROW), middle, np.where(np.isfinite(following), following, here))
        moved = np.abs(following - here).max()
        before, at_before = here, at_here
        here = following
        if moved < NARROW:
            break
        at_here = people.slope(given, here)[0]
        low, high = np.where(at_here > 0, here, low), np.where(at_here > 0, high, here)
    return here


def _error(people: _People, given: Floats, theta: Floats, width: float = 1e-4) -> Floats:
    above, _ = people.slope(given, theta + width)
    below, _ = people.slope(given, theta - width)
    _, info = people.slope(given, theta)
    bend = (below - above) / (2 * width)
    return 1 / np.sqrt(np.where(bend > 1e-6 * info, bend, info))
