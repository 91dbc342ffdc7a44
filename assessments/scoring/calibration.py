"""Calibration: item parameters from many people's answers, by marginal maximum likelihood.

Bock and Aitkin's (1981) EM with one Newton step per M-step (Lange 1995), speeded up by a limited-memory quasi-Newton
correction whose first guess is the complete-data information (Jamshidian and Jennrich 1997). Every step must not
lower the marginal likelihood. What cannot be estimated is set aside and said.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.graded import Integers, Items
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid
from assessments.scoring.maximise import Fit, Problem, maximise
from assessments.scoring.observed import covariance
from assessments.scoring.priors import Priors
from assessments.scoring.responses import Design, Responses, blocks_of_items, weighted_sums
from assessments.scoring.starting import starting_values

DEFAULT_NODES = 61
FINE_NODES = 121  # for steep items, a > 3
STEEP = 3.0
LOW_VARIANCE = 1e-4


class Model(StrEnum):
    """Rasch: a = 1, variance free. 1PL: one slope, variance 1. 2PL: a slope per item. GRM: graded, a slope per item."""

    RASCH = "rasch"
    ONE_PL = "1pl"
    TWO_PL = "2pl"
    GRADED = "grm"

    @property
    def common_slope(self) -> bool:
        return self in (Model.RASCH, Model.ONE_PL)


class Caution(StrEnum):
    """What a calibration cannot say, or says with less ground than it looks; `Warnings` names the columns."""

    NO_ANSWERS = "no_answers"
    CONSTANT = "constant"
    UNUSED_CATEGORIES = "unused_categories"
    NOBODY_LEFT = "nobody_left"
    EMPTY_ROWS = "empty_rows"
    FEW_ANSWERS = "few_answers"
    DISCONNECTED = "disconnected"
    TOO_FEW_ITEMS = "too_few_items"
    NO_VARIANCE = "no_variance"
    DIVERGED = "diverged"
    NOT_CONVERGED = "not_converged"
    NO_STANDARD_ERRORS = "no_standard_errors"
    COARSE_NODES = "coarse_nodes"


@dataclass(frozen=True, slots=True)
class Warned:
    """A caution and the columns (items) it is about; all of them where none is named."""

    caution: Caution
    columns: tuple[int, ...] = ()


FEW_ANSWERS = 30
STILL_ESTIMABLE = {True: 2, False: 3}  # fewer items than this do not identify slopes; by whether they share one


@dataclass(frozen=True, eq=False)
class Calibration:
    """The outcome. `used` are the columns that could be estimated; `items` and the errors follow that order.

    `sd` is the standard deviation of ability on the scale of `items`: free for Rasch, else 1. `covariance` is that of
    (slopes, intercepts), from the observed information; None if not asked for or not positive definite. For Rasch and
    1PL it holds one slope (Rasch: sd) first. `categories` gives, for each used column, the old number of each category.
    """

    model: Model
    used: Integers
    categories: list[Integers]
    items: Items | None
    sd: float
    loglik: float
    converged: bool
    passes: int
    nodes: int
    warnings: tuple[Warned, ...]
    covariance: Floats | None = None

    @property
    def grid(self) -> Grid:
        """The nodes of this calibration, in logits of its scale."""
        return Grid.normal(self.nodes, self.sd)

    @property
    def slope_errors(self) -> Floats | None:
        """Standard errors of a per used item; for Rasch, where a is 1, there is none."""
        if self.covariance is None or self.items is None or self.model is Model.RASCH:
            return None
        errors = np.sqrt(np.diag(self.covariance)[: 1 if self.model.common_slope else self.items.a.size])
        return np.broadcast_to(errors, self.items.a.shape)

    @property
    def intercept_errors(self) -> Floats | None:
        """Standard errors of d per step."""
        if self.covariance is None or self.items is None:
            return None
        return np.sqrt(np.diag(self.covariance)[-self.items.d.size :])


def calibrate(
    responses: Responses,
    model: Model,
    *,
    nodes: int | None = None,
    priors: Priors | None = None,
    errors: bool = False,
    tolerance: float = 1e-7,
) -> Calibration:
    """Estimate the items of a model; plain maximum likelihood unless `priors` are given.

    Without `nodes` it takes 61, and 121 where a slope exceeds 3. Columns that nobody answered or everybody
    answered alike are set aside: they change neither the other estimates nor the likelihood. Raises ValueError for
    three or more categories under a two-category model or a prior on difficulty, or fewer than 7 nodes.
    """
    if nodes is not None and nodes < 7:
        raise ValueError("The integral over ability needs 7 nodes or more.")
    dense, kept, used, warnings = _estimable(responses)
    graded = bool((dense.top > 1).any())
    if model is not Model.GRADED and graded:
        raise ValueError("Only the graded response model takes more than two categories.")
    if priors is not None and priors.difficulty_mean is not None and graded:
        raise ValueError("A prior on difficulty is for items of two categories.")
    if not used.size:
        return _nothing(model, used, nodes or DEFAULT_NODES, tuple(warnings))
    design = Design.of(dense)
    problem = Problem(design, Grid.normal(nodes or DEFAULT_NODES), model.common_slope, model is Model.RASCH, None)
    if priors is not None:
        problem.priors = priors.columns(used)
    fit = maximise(problem, starting_values(dense, common=model.common_slope), tolerance)
    if nodes is None and np.abs(fit.items.a).max() > STEEP:
        problem.grid = Grid.normal(FINE_NODES)
        fit = maximise(problem, fit.items, tolerance)
    warnings += _judged(dense, model, fit, nodes, used)
    found = covariance(problem, fit.items, fit.diverged) if errors else None
    if errors and found is None:
        warnings.append(Warned(Caution.NO_STANDARD_ERRORS))
    items, sd = _on_scale(fit.items, model, fit.diverged)
    categories = [kept[column] for column in used]
    grid_nodes = problem.grid.theta.size
    return Calibration(
        model, used, categories, items, sd, fit.loglik, fit.converged, fit.passes, grid_nodes, tuple(warnings), found
    )


def _nothing(model: Model, used: Integers, nodes: int, warnings: tuple[Warned, ...]) -> Calibration:
    return Calibration(
        model, used, [], items=None, sd=1.0, loglik=np.nan, converged=False, passes=0, nodes=nodes, warnings=warnings
    )


def _estimable(responses: Responses) -> tuple[Responses, list[Integers], Integers, list[Warned]]:
    """The rows and columns that carry information, collapsed, with what was set aside."""
    dense, kept = responses.without_unused_categories()
    numbers = np.array([categories.size for categories in kept])
    warnings = []
    unused = [
        column for column, categories in enumerate(kept) if categories.size > 1 and np.any(np.diff(categories) > 1)
    ]
    used = np.flatnonzero(numbers > 1)
    for caution, columns in (
        (Caution.NO_ANSWERS, np.flatnonzero(numbers == 0)),
        (Caution.CONSTANT, np.flatnonzero(numbers == 1)),
        (Caution.UNUSED_CATEGORIES, unused),
    ):
        if len(columns):
            warnings.append(Warned(caution, tuple(int(column) for column in columns)))
    if not used.size:
        return dense, kept, used, [*warnings, Warned(Caution.NOBODY_LEFT)]
    answered = responses.given.any(axis=1)
    if not answered.all():
        warnings.append(Warned(Caution.EMPTY_ROWS))
    collapsed, _ = dense.columns(used).collapsed()
    return collapsed, kept, used, warnings


def _judged(dense: Responses, model: Model, fit: Fit, nodes: int | None, used: Integers) -> list[Warned]:
    """What is to be said about a fit."""

    def named(columns: np.ndarray) -> tuple[int, ...]:
        return tuple(int(used[column]) for column in columns)

    warnings = []
    answers = weighted_sums(dense.given.view(np.uint8), dense.weights)
    if np.any(answers < FEW_ANSWERS):
        warnings.append(Warned(Caution.FEW_ANSWERS, named(np.flatnonzero(answers < FEW_ANSWERS))))
    blocks = blocks_of_items(dense.given)
    if len(blocks) > 1:
        warnings += [Warned(Caution.DISCONNECTED, named(block)) for block in blocks]
    short = [column for block in blocks for column in block if block.size < STILL_ESTIMABLE[model.common_slope]]
    # a slope shared with a larger block is identified there
    if short and not (model.common_slope and max(block.size for block in blocks) > 1):
        warnings.append(Warned(Caution.TOO_FEW_ITEMS, named(np.array(short))))
    if model.common_slope and fit.items.a[0] ** 2 < LOW_VARIANCE:
        warnings.append(Warned(Caution.NO_VARIANCE))
    if fit.diverged.any():
        warnings.append(Warned(Caution.DIVERGED, named(np.flatnonzero(fit.diverged))))
    if not fit.reached:
        warnings.append(Warned(Caution.NOT_CONVERGED))
    if nodes is not None and nodes < 101 and np.abs(fit.items.a).max() > STEEP:
        warnings.append(Warned(Caution.COARSE_NODES))
    return warnings


def _on_scale(items: Items, model: Model, diverged: NDArray[np.bool_]) -> tuple[Items, float]:
    """Turn the scale so that most slopes are above 0, and for Rasch stretch it so that they are 1.

    Of as many on either side the steeper ones decide. Slopes held at the limit do not count beside others: they are
    large by what the data could not say.
    """
    telling = items.a if diverged.all() else items.a[~diverged]
    side = float(np.sign(telling).sum()) or float(telling.sum())
    slopes = -items.a if side < 0 else items.a
    if model is Model.RASCH:
        return Items(np.ones_like(slopes), items.d, items.item), float(slopes[0])
    return Items(slopes, items.d, items.item), 1.0
