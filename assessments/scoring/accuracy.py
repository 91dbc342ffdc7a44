"""How often an exam places people at their true level, and how often two sittings would agree (Rudner 2001, 2005)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.irt import Floats, form_information
from training.competencies.rules import level_probabilities

POPULATION_NODES = np.linspace(-5, 5, 401)  # in standard deviations of the population


def classification_accuracy(
    theta: ArrayLike, se: ArrayLike, cuts: Sequence[float], weights: Floats | None = None
) -> float:
    """Rudner's (2005) expected share of people placed at their true level, 0 to 1.

    For each theta the normal chance, with its SE, that it and its error fall on the same side of every cut; the
    mean over people, or over nodes with `weights`.
    """
    chances, decided = _placed(theta, se, cuts)
    return float(np.average(chances[np.arange(decided.size), decided], weights=weights))


def classification_consistency(
    theta: ArrayLike, se: ArrayLike, cuts: Sequence[float], weights: Floats | None = None
) -> float:
    """Expected share of people that two parallel exams place at the same level: mean over people of sum_k P_k^2."""
    chances, _ = _placed(theta, se, cuts)
    return float(np.average(np.sum(chances**2, axis=1), weights=weights))


def classification_table(theta: ArrayLike, se: ArrayLike, cuts: Sequence[float]) -> Floats:
    """Expected shares by level decided (rows) and true level (columns); all of it adds to 1, its diagonal to
    accuracy."""
    chances, decided = _placed(theta, se, cuts)
    table = np.zeros((chances.shape[1],) * 2)
    np.add.at(table, decided, chances)
    return table / decided.size


def exam_accuracy(
    a: ArrayLike,
    d: ArrayLike,
    cuts: Sequence[float],
    *,
    mean: float = 0.0,
    sd: float = 1.5,
    added_variance: float = 0.0,
) -> float:
    """Expected accuracy of a form before anyone sits it: theta ~ N(mean, sd), SE^2 = 1 / I(theta) + added_variance."""
    nodes = mean + sd * POPULATION_NODES
    se = np.sqrt(1 / np.maximum(form_information(nodes, a, d), 1e-9) + added_variance)
    return classification_accuracy(nodes, se, cuts, weights=np.exp(-(POPULATION_NODES**2) / 2))


def _placed(theta: ArrayLike, se: ArrayLike, cuts: Sequence[float]) -> tuple[Floats, np.ndarray]:
    """The chance of each level for each person, and the level each is placed at, counted from 0."""
    points = np.atleast_1d(np.asarray(theta, dtype=float))
    return level_probabilities(points, se, cuts), np.searchsorted(np.asarray(cuts, dtype=float), points, side="right")
