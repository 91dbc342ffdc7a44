"""The E-step: posteriors of ability over quadrature nodes, for all people, as dense matrix products on a mask.

log P(row | theta) = sum over touched steps of log sigma(-z) + theta * (sum of slopes of the steps stood on) + a
constant of the row. So one product of (touched, two sums, 1) with (log sigma(-z), theta, 1, log prior) gives all rows
and nodes at once, and what is missing is a 0 in `touched`. People go through in blocks that fit the cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike
from scipy.special import log_expit

from assessments.scoring.graded import Items, category_constants
from assessments.scoring.irt import Floats
from assessments.scoring.responses import Design

BLOCK = 2048
REACH = 6.0  # nodes lie in [-6, 6], in standard deviations of ability


@dataclass(frozen=True, eq=False)
class Grid:
    """Equally spaced nodes (in standard deviations of ability) with the log of their normal weights, which add to 1."""

    theta: Floats
    log_weight: Floats

    @classmethod
    def normal(cls, nodes: int = 61, sd: float = 1.0) -> "Grid":
        """Nodes for ability ~ N(0, sd^2); `theta` is then in logits."""
        points = np.linspace(-REACH, REACH, nodes)
        density = np.exp(-(points**2) / 2)
        return cls(points * sd, np.log(density / density.sum()))


class Block(NamedTuple):
    """A block of rows: the posterior of each row over the nodes (n, Q, adds to 1) and its log marginal likelihood."""

    rows: slice
    touched: Any
    passed: Any
    posterior: Any
    log_marginal: Floats


def posteriors(design: Design, items: Items, grid: Grid, dtype: DTypeLike = np.float64) -> Iterator[Block]:
    """Yield the rows of a design block by block; the arrays of a block are overwritten by the next."""
    count, steps = design.touched.shape
    right = np.vstack([log_expit(-items.linear(grid.theta)), grid.theta, np.ones_like(grid.theta), grid.log_weight])
    right = right.astype(dtype)
    sums = np.column_stack([items.step_slopes, items.d + category_constants(items)]).astype(dtype)
    size = min(BLOCK, count)
    left = np.ones((size, steps + 3), dtype)
    passed = np.empty((size, steps), dtype)
    out = np.empty((size, grid.theta.size), dtype)
    for start in range(0, count, size):
        rows = slice(start, min(start + size, count))
        n = rows.stop - start
        here, stood = left[:n], passed[:n]
        here[:, :steps] = design.touched[rows]
        stood[:] = design.passed[rows]
        np.matmul(stood, sums, out=here[:, steps : steps + 2])
        joint = np.matmul(here, right, out=out[:n])
        peak = joint.max(axis=1)
        joint -= peak[:, np.newaxis]
        np.exp(joint, out=joint)
        total = joint.sum(axis=1)
        joint *= (1 / total)[:, np.newaxis]
        yield Block(rows, here[:, :steps], stood, joint, np.log(total.astype(float)) + peak)


class Expectation(NamedTuple):
    """What one pass over the people gives: log-likelihood, expected touches per step and node (S, Q), and for each
    step the expected sum of theta over those who stand on it (S)."""

    loglik: float
    touches: Floats
    passed_theta: Floats


def expectation(design: Design, items: Items, grid: Grid, dtype: DTypeLike = np.float64) -> Expectation:
    """The E-step. With dtype float32 the log-likelihood is good to about 1e-6 of itself; sums stay in float64."""
    loglik = 0.0
    touches = np.zeros((items.d.size, grid.theta.size))
    passed_theta = np.zeros(items.d.size)
    theta = grid.theta.astype(dtype)
    weights = design.weights.astype(dtype)
    for block in posteriors(design, items, grid, dtype):
        loglik += float(design.weights[block.rows] @ block.log_marginal)
        block.posterior[:] *= weights[block.rows, np.newaxis]
        touches += block.touched.T @ block.posterior
        passed_theta += block.passed.T @ (block.posterior @ theta)
    return Expectation(loglik, touches, passed_theta)
