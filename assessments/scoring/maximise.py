"""The climb to the maximum of the marginal likelihood: EM steps with a quasi-Newton memory, never downhill."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.special import expit

from assessments.scoring.graded import Integers, Items
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Expectation, Grid, expectation
from assessments.scoring.priors import Priors
from assessments.scoring.responses import Design

MOST_PASSES = 1000
MEMORY = 12
HALVINGS = 12
LONGEST_STEP = 2.0
SLOPE_LIMIT, INTERCEPT_LIMIT = 15.0, 60.0  # beyond, the maximum lies at infinity for all the data can say
LARGE = 400_000  # cells from which the first passes run in single precision
ROUGH = 1e-3  # how near single precision may come
RIDGE, LEAST = 1e-12, 1e-9  # added to information (its share, and in people) so that none is exactly singular


@dataclass(eq=False)
class Problem:
    """What is maximised, and how: `common` = one slope for all items, `unit` = priors speak on the Rasch scale."""

    design: Design
    grid: Grid
    common: bool
    unit: bool
    priors: Priors | None


class Information(NamedTuple):
    """Complete-data information: slope (J), slope by step (J, K), step by step (J, K, K; padded by the identity)."""

    slope: Floats
    cross: Floats
    steps: Floats


@dataclass(eq=False)
class Point:
    """Everything at one set of parameters: objective, gradient by slope (J) and step (S), complete-data information."""

    items: Items
    loglik: float
    value: float
    slope_gradient: Floats
    step_gradient: Floats
    information: Information
    common: bool

    @property
    def gradient(self) -> Floats:
        slopes = [self.slope_gradient.sum()] if self.common else self.slope_gradient
        return np.concatenate([slopes, self.step_gradient])

    def newton(self, gradient: Floats) -> Floats:
        """Solve complete-data information * step = gradient: the M-step, item by item (arrow-shaped if common)."""
        slope, cross, steps = self.information
        lead = 1 if self.common else slope.size
        by_step = padded(gradient[lead:], self.items)
        solved = np.linalg.solve(_ridged(steps), np.stack([by_step, cross], axis=-1))
        own, through = solved[..., 0], solved[..., 1]
        complement = np.maximum(slope - np.sum(cross * through, axis=1), RIDGE * slope + LEAST)
        rest = -np.sum(cross * own, axis=1)
        if self.common:
            change = np.full(slope.size, (gradient[0] + rest.sum()) / complement.sum())
        else:
            change = (gradient[:lead] + rest) / complement
        inside = own - through * change[:, np.newaxis]
        return np.concatenate([change[:lead], flattened(inside, self.items)])


@dataclass(frozen=True, eq=False)
class Fit:
    """Where the climb ended; `diverged` marks items whose estimates ran to the limit and were held there."""

    items: Items
    loglik: float
    reached: bool
    passes: int
    diverged: NDArray[np.bool_]

    @property
    def converged(self) -> bool:
        """Whether this is a maximum for all items; `reached` alone: for those that were not held."""
        return self.reached and not self.diverged.any()


def maximise(problem: Problem, start: Items, tolerance: float) -> Fit:
    """Climb until the EM step changes no parameter by more than `tolerance`; `reached` says whether it got there."""
    large = problem.design.touched.size > LARGE
    dtype: DTypeLike = np.float32 if large else np.float64
    held = np.zeros(start.a.size, dtype=bool)
    here = evaluate(problem, start, dtype, held)
    memory: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    reached = False
    passes = 1
    while passes < MOST_PASSES:
        em = here.newton(here.gradient)
        if np.abs(em).max() < (ROUGH if dtype == np.float32 else tolerance):
            if dtype == np.float64:
                reached = True
                break
            dtype = np.float64
            here = evaluate(problem, here.items, dtype, held)
            passes += 1
            continue
        there, tried = _climb(problem, here, _direction(here, em, memory), dtype, held)
        passes += tried
        if there is None:
            if memory:
                memory.clear()
                continue
            if dtype == np.float64:
                break
            dtype = np.float64
            here = evaluate(problem, here.items, dtype, held)
            continue
        change, fall = parameters(there) - parameters(here), here.gradient - there.gradient
        if change @ fall > 0:
            memory.append((change, fall))
        here = there
        over = _over_limit(here.items) & ~held
        if over.any():
            held |= over
            memory.clear()
            here = evaluate(problem, here.items, dtype, held)
    if dtype != np.float64:
        here = evaluate(problem, here.items, np.float64, held)
    return Fit(here.items, here.loglik, reached, passes, held)


def _ridged(steps: Floats) -> Floats:
    """Blocks of information that can be solved for: a step so far out that nobody is near it bears none of its own."""
    found = steps.copy()
    diagonal = np.arange(steps.shape[1])
    found[:, diagonal, diagonal] += RIDGE * steps[:, diagonal, diagonal] + LEAST
    return found


def parameters(point: Point) -> Floats:
    slopes = point.items.a[:1] if point.common else point.items.a
    return np.concatenate([slopes, point.items.d])


def padded(steps: Floats, items: Items) -> Floats:
    """Values per step as (J, K), zero where an item has fewer steps."""
    table = np.zeros((items.a.size, int(items.steps.max())))
    table[items.item, _place(items)] = steps
    return table


def flattened(table: Floats, items: Items) -> Floats:
    return table[items.item, _place(items)]


def _place(items: Items) -> Integers:
    return np.arange(items.d.size) - items.first[items.item]


def evaluate(problem: Problem, items: Items, dtype: DTypeLike, held: NDArray[np.bool_]) -> Point:
    """Log-likelihood, its gradient (Fisher's identity) and the complete-data information, in one pass."""
    expected = expectation(problem.design, items, problem.grid, dtype)
    slope, step, information = complete_data(problem.design, items, problem.grid, expected)
    value = expected.loglik + penalised(problem, items, slope, step, information)
    if held.any():
        slope = np.where(held, 0.0, slope)
        step = np.where(held[items.item], 0.0, step)
        information.cross[held] = 0
    return Point(items, expected.loglik, value, slope, step, information, problem.common)


def penalised(problem: Problem, items: Items, slope: Floats, step: Floats, information: Information) -> float:
    """Add the priors' share to gradient and information, in place, and return their log density (0 without priors)."""
    if problem.priors is None:
        return 0.0
    penalty = problem.priors.at(items.a, items.d[items.first], common=problem.common, unit_slope=problem.unit)
    slope += penalty.slope
    step[items.first] += penalty.intercept
    information.slope[:] += penalty.slope_slope
    information.cross[:, 0] += penalty.slope_intercept
    information.steps[:, 0, 0] += penalty.intercept_intercept
    return penalty.value


def complete_data(
    design: Design, items: Items, grid: Grid, expected: Expectation
) -> tuple[Floats, Floats, Information]:
    """Gradient by slope and by step, and minus the second derivatives, of the expected complete-data log-likelihood.

    By d_m: R_m (1 + g_m) - R_(m-1) g_(m-1) - sum_q N_mq sigma(z_mq), g = e / (1 - e), e = exp(d_(m+1) - d_m);
    times theta for the slope, where the g cancel. The function is concave, so the information is positive definite.
    """
    p = expit(items.linear(grid.theta))
    met = expected.touches * p
    total = design.passed_total
    e = np.exp(items.gap)
    lift, bend = total * e / (1 - e), total * e / (1 - e) ** 2
    step = total - met.sum(axis=1) + lift
    step[1:] -= lift[:-1]
    slope = np.add.reduceat(expected.passed_theta - met @ grid.theta, items.first)
    spread = met * (1 - p)
    weights = np.stack([np.ones_like(grid.theta), grid.theta, grid.theta**2], axis=1)
    none, once, twice = (spread @ weights).T
    none = none + bend
    none[1:] += bend[:-1]
    count, most = items.a.size, int(items.steps.max())
    steps = np.zeros((count, most, most))
    steps[:, np.arange(most), np.arange(most)] = 1.0
    place = _place(items)
    steps[items.item, place, place] = none
    pairs = np.flatnonzero(items.has_next)
    steps[items.item[pairs], place[pairs], place[pairs] + 1] = -bend[pairs]
    steps[items.item[pairs], place[pairs] + 1, place[pairs]] = -bend[pairs]
    return slope, step, Information(np.add.reduceat(twice, items.first), padded(once, items), steps)


def _direction(here: Point, em: Floats, memory: deque[tuple[Floats, Floats]]) -> Floats:
    """The two-loop recursion of L-BFGS with the EM step as its first guess."""
    if not memory:
        return em
    gradient = here.gradient.copy()
    shares = []
    for change, fall in reversed(memory):
        share = (change @ gradient) / (change @ fall)
        shares.append(share)
        gradient -= share * fall
    direction = here.newton(gradient)
    for (change, fall), share in zip(memory, reversed(shares), strict=True):
        direction += change * (share - (fall @ direction) / (change @ fall))
    if not np.all(np.isfinite(direction)) or direction @ here.gradient <= 0:
        memory.clear()
        return em
    return direction


def _climb(
    problem: Problem, here: Point, direction: Floats, dtype: DTypeLike, held: NDArray[np.bool_]
) -> tuple[Point | None, int]:
    """Go along the direction, halving until the objective does not fall; None if it always does. And the passes."""
    slack = abs(here.value) * (1e-6 if dtype == np.float32 else 1e-12) + 1e-9
    length = min(1.0, LONGEST_STEP / np.abs(direction).max())
    lead = 1 if problem.common else here.items.a.size
    for tried in range(1, HALVINGS + 1):
        moved = Items(
            here.items.a + length * direction[:lead], here.items.d + length * direction[lead:], here.items.item
        )
        if moved.in_order:
            there = evaluate(problem, moved, dtype, held)
            if there.value >= here.value - slack:
                return there, tried
        length /= 2
    return None, HALVINGS


def _over_limit(items: Items) -> NDArray[np.bool_]:
    wild = np.abs(items.a) > SLOPE_LIMIT
    wild |= np.maximum.reduceat(np.abs(items.d), items.first) > INTERCEPT_LIMIT
    return wild
