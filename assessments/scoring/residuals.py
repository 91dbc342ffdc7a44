"""Do people answer an item as the model expects of them? For papers drawn at random, where S-X2 has nobody to judge by.

Each person's chance on an item is predicted from their *other* answers: with w the posterior of ability given all
answers, leaving out the answer x to item j divides it by P_j(x), so E[P_j | rest] = 1 / sum(w / P_j) where x = 1, and
1 - 1 / sum(w / Q_j) where x = 0. An item is thus never judged by itself, and under the model every mean square below is
1 on average however short the paper is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, expit

from assessments.scoring.graded import Items
from assessments.scoring.irt import Floats
from assessments.scoring.marginal import Grid, posteriors
from assessments.scoring.responses import Design, Responses

MOST_GROUPS = 8
PEOPLE_PER_GROUP = 25


@dataclass(frozen=True, slots=True)
class Group:
    """People of like ability: mean ability by their other answers, how many, share right as seen and as expected."""

    ability: float
    people: float
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class Residuals:
    """Infit and outfit mean squares (1 = as expected, below: tidier, above: noisier), and the groups' chi-square:
    sum of (seen - expected)^2 / variance over groups, df = groups - parameters of the item. NaN where too few."""

    infit: float
    outfit: float
    statistic: float
    df: int
    p: float
    groups: tuple[Group, ...]


def residuals(items: Items, responses: Responses, grid: Grid, *, parameters: int) -> list[Residuals]:
    """Judge every item of two categories; `parameters`: estimated for each, 1 for Rasch, 2 for 2PL.

    Raises ValueError for graded items.
    """
    if items.d.size != items.a.size:
        raise ValueError("Residuals are worked out for items of two categories.")
    chance, ability = _predicted(items, responses, grid)
    return [
        _one(responses.codes[seen, item], responses.weights[seen], chance[seen, item], ability[seen, item], parameters)
        for item, seen in enumerate(responses.given.T)
    ]


def _predicted(items: Items, responses: Responses, grid: Grid) -> tuple[Floats, Floats]:
    """Expected chance and ability of each person for each item by their other answers, (N, J) each."""
    p = np.clip(expit(items.linear(grid.theta)), 1e-12, 1 - 1e-12).T
    chance, ability = np.empty((2, *responses.codes.shape))
    for block in posteriors(Design.of(responses, items.steps), items, grid):
        right = responses.codes[block.rows] == 1
        at = block.posterior * grid.theta
        by_right, by_wrong = block.posterior @ (1 / p), block.posterior @ (1 / (1 - p))
        chance[block.rows] = np.where(right, 1 / by_right, 1 - 1 / by_wrong)
        ability[block.rows] = np.where(right, at @ (1 / p) / by_right, at @ (1 / (1 - p)) / by_wrong)
    return chance, ability


def _one(x: NDArray[np.int8], weights: Floats, chance: Floats, ability: Floats, parameters: int) -> Residuals:
    nothing = float("nan")
    if not x.size:
        return Residuals(nothing, nothing, nothing, 0, nothing, ())
    spread = chance * (1 - chance)
    off = np.square(x - chance)
    outfit = float(np.average(off / np.maximum(spread, 1e-12), weights=weights))
    infit = float(weights @ off / max(float(weights @ spread), 1e-12))
    # equal but for the last digit: people of one rest score, whom sorting would part by this very answer
    order = np.argsort(np.round(ability, 6), kind="stable")
    people = float(weights.sum())
    number = int(np.clip(people // PEOPLE_PER_GROUP, 2, MOST_GROUPS))
    cumulative = np.cumsum(weights[order]) - weights[order] / 2
    place = np.minimum((cumulative / people * number).astype(int), number - 1)
    groups, statistic = [], 0.0
    for index in range(number):
        rows = order[place == index]
        if not rows.size:
            continue
        share = weights[rows]
        seen, due = float(np.average(x[rows], weights=share)), float(np.average(chance[rows], weights=share))
        groups.append(Group(float(np.average(ability[rows], weights=share)), float(share.sum()), seen, due))
        statistic += (share.sum() * (seen - due)) ** 2 / max(float(share @ spread[rows]), 1e-12)
    df = len(groups) - parameters
    known = df > 0 and people >= PEOPLE_PER_GROUP * len(groups)
    p = float(chdtrc(df, statistic)) if known else nothing
    return Residuals(infit, outfit, statistic if known else nothing, max(df, 0), p, tuple(groups))
