"""Does the model fit? S-X2 for each item and M2 for the whole, on the people who answered every item."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, expit

from assessments.scoring.graded import Items, log_chances
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import Responses

SMALLEST_CELL = 1.0


@dataclass(frozen=True, slots=True)
class ItemFit:
    """S-X2 of an item with its degrees of freedom and chance; the chance is NaN where too few cells are left."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class ModelFit:
    """M2, its degrees of freedom and chance, and RMSEA = sqrt(max(0, M2 - df) / ((N - 1) df))."""

    statistic: float
    df: int
    p: float
    rmsea: float


def s_x2(items: Items, responses: Responses, grid: Grid, *, slopes_estimated: bool = True) -> list[ItemFit]:
    """Orlando and Thissen's (2000) S-X2, for graded items in the form of Kang and Chen (2008).

    For each item, people are grouped by their total score; the share of each category is held against the one
    expected for that score, from the distribution of the score of the other items (Lord and Wingersky's recursion):
    sum (O - E)^2 / E. Expected cells below 1 are joined with their neighbours. df = cells - groups - parameters of the
    item (its intercepts, and its slope if `slopes_estimated`). Raises ValueError where nobody answered everything.
    """
    complete = complete_rows(responses)
    chances = [np.exp(rows) for rows in log_chances(items, grid.theta)]
    weight = np.exp(grid.log_weight)
    totals = complete.codes.sum(axis=1)
    top = int(items.steps.sum())
    whole = score_distribution(chances)
    people = np.bincount(totals, weights=complete.weights, minlength=top + 1)
    found = []
    for item, own in enumerate(chances):
        rest = score_distribution([rows for other, rows in enumerate(chances) if other != item])
        expected, observed = np.zeros((2, top + 1, own.shape[0]))
        for category in range(own.shape[0]):
            joint = (own[category] * rest) @ weight
            expected[category : category + joint.size, category] = joint
            rows = complete.codes[:, item] == category
            observed[:, category] = np.bincount(totals[rows], weights=complete.weights[rows], minlength=top + 1)
        expected *= (people / (whole @ weight))[:, np.newaxis]
        inner = slice(own.shape[0] - 1, top + 2 - own.shape[0])  # scores that leave every category possible
        parameters = own.shape[0] - 1 + slopes_estimated
        found.append(_cell_test(observed[inner], expected[inner], parameters))
    return found


def complete_rows(responses: Responses) -> Responses:
    """The people who answered everything. Raises ValueError if there are none."""
    complete = responses.given.all(axis=1)
    if not complete.any():
        raise ValueError("Fit is judged on people who answered every item; there are none.")
    return responses.rows(complete).collapsed()[0]


def score_distribution(chances: Sequence[Floats]) -> Floats:
    """P(total score = s) at each node, (top + 1, nodes), by Lord and Wingersky's (1984) recursion."""
    nodes = chances[0].shape[1] if chances else 1
    found = np.ones((1, nodes))
    for own in chances:
        longer = np.zeros((found.shape[0] + own.shape[0] - 1, nodes))
        for category, chance in enumerate(own):
            longer[category : category + found.shape[0]] += found * chance
        found = longer
    return found


def _cell_test(observed: Floats, expected: Floats, parameters: int) -> ItemFit:
    """Chi-square over the rows of a table after small cells were joined."""
    kept = expected.sum(axis=1) > 0
    pairs = _joined(observed[kept], expected[kept])
    statistic = sum(float(np.sum((seen - due) ** 2 / due)) for seen, due in pairs)
    df = sum(due.size - 1 for _, due in pairs) - parameters
    return ItemFit(statistic, df, float(chdtrc(df, statistic)) if df > 0 else float("nan"))


def _joined(observed: Floats, expected: Floats) -> list[tuple[Floats, Floats]]:
    """Join rows from both ends inwards until every expected cell holds at least one person."""
    seen, due = list(observed), list(expected)
    while len(due) > 1 and any(row.min() < SMALLEST_CELL for row in due):
        worst = min(range(len(due)), key=lambda row: float(due[row].min()))
        towards = worst + 1 if worst < len(due) / 2 else worst - 1
        towards = min(max(towards, 0), len(due) - 1)
        seen[towards] = seen[towards] + seen[worst]
        due[towards] = due[towards] + due[worst]
        del seen[worst], due[worst]
    return list(zip(seen, due, strict=True))


def m2(items: Items, responses: Responses, grid: Grid, *, common_slope: bool = False) -> ModelFit:
    """Maydeu-Olivares and Joe's (2005) M2 for items of two categories, from all single and paired shares of right
    answers.

    M2 = N e' C e, e = observed - expected shares, C = X^-1 - X^-1 D (D' X^-1 D)^-1 D' X^-1, X their covariance under
    the model, D their derivatives by the parameters. df = J (J + 1) / 2 - parameters (2 J, or J + 1 with one slope).
    Raises ValueError for graded items, fewer than three, or where nobody answered everything.
    """
    if items.d.size != items.a.size:
        raise ValueError("M2 is worked out for items of two categories.")
    count = items.a.size
    if count < 3:
        raise ValueError("M2 needs three items or more.")
    complete = complete_rows(responses)
    weight = np.exp(grid.log_weight)
    chances = expit(items.linear(grid.theta))
    first, second = np.triu_indices(count, 1)
    right = complete.codes.astype(float)
    share = complete.weights / complete.people
    observed = np.concatenate(
        [share @ right, np.sum(share[:, np.newaxis] * right[:, first] * right[:, second], axis=0)]
    )
    moments = np.vstack([chances, chances[first] * chances[second]])
    expected = moments @ weight
    covariance = _joint_moments(chances, moments, weight, first, second) - np.outer(expected, expected)
    derivatives = _moment_derivatives(chances, grid, weight, first, second)
    if common_slope:
        derivatives = np.column_stack([derivatives[:, :count].sum(axis=1), derivatives[:, count:]])
    residual = observed - expected
    inverse = np.linalg.pinv(covariance, hermitian=True)
    reduced = inverse @ derivatives
    middle = np.linalg.pinv(derivatives.T @ reduced, hermitian=True)
    through = reduced.T @ residual
    statistic = float(complete.people * (residual @ inverse @ residual - through @ middle @ through))
    df = expected.size - derivatives.shape[1]
    rmsea = float(np.sqrt(max(0.0, statistic - df) / ((complete.people - 1) * df))) if df > 0 else float("nan")
    return ModelFit(statistic, df, float(chdtrc(df, statistic)) if df > 0 else float("nan"), rmsea)


def _joint_moments(chances: Floats, moments: Floats, weight: Floats, first: np.ndarray, second: np.ndarray) -> Floats:
    """E of the product of every two moments: an item that stands in both counts once."""
    count = chances.shape[0]
    joint = (moments * weight) @ moments.T
    members = np.zeros((moments.shape[0], count), dtype=bool)
    members[np.arange(count), np.arange(count)] = True
    members[count + np.arange(first.size), first] = members[count + np.arange(first.size), second] = True
    safe = np.maximum(chances, np.finfo(float).tiny)
    for item in range(count):
        rows = np.flatnonzero(members[:, item])
        joint[np.ix_(rows, rows)] = (moments[rows] * (weight / safe[item])) @ moments[rows].T
    np.fill_diagonal(joint, moments @ weight)  # both items in common
    return joint


def _moment_derivatives(chances: Floats, grid: Grid, weight: Floats, first: np.ndarray, second: np.ndarray) -> Floats:
    """Derivatives of all moments by (slopes, intercepts)."""
    count = chances.shape[0]
    spread = chances * (1 - chances)
    found = np.zeros((count + first.size, 2 * count))
    for column, factor in ((0, grid.theta), (count, np.ones_like(grid.theta))):
        bent = spread * factor * weight
        found[np.arange(count), column + np.arange(count)] = bent.sum(axis=1)
        crossed = bent @ chances.T
        rows = count + np.arange(first.size)
        found[rows, column + first] = crossed[first, second]
        found[rows, column + second] = crossed[second, first]
    return found
