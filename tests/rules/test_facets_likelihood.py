"""Severities of raters against a likelihood written the slow and plain way, maximised without a gradient of ours."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from assessments.scoring.facets import Rating, rater_severities

CUTS = (-1.0, 1.0)
TRUTH = {"Li Na": -0.7, "Wang Wei": 0.2, "Zhao Min": 0.5}
CRITERIA = {"greets": -0.3, "explains": 0.3}


def chances(theta: float, harder_by: float) -> np.ndarray:
    """P of ratings 1, 2, 3."""
    logits = np.array([k * (theta - harder_by) - sum(CUTS[:k]) for k in range(3)])
    p = np.exp(logits - logits.max())
    return p / p.sum()


def ratings() -> list[Rating]:
    """Seed 81; 40 people, each rated by two of three raters on two criteria."""
    rng = np.random.default_rng(81)
    found = []
    for person in range(40):
        theta = rng.normal(0.3, 1.2)
        for rater in rng.choice(list(TRUTH), 2, replace=False):
            for criterion, difficulty in CRITERIA.items():
                p = chances(theta, TRUTH[str(rater)] + difficulty)
                found.append(Rating(person, str(rater), criterion, int(rng.choice(3, p=p)) + 1))
    return found


def minus_loglik(values: np.ndarray, given: list[Rating], raters: list[str], criteria: list[str]) -> float:
    first, second, difficulty, mean, log_sd = values
    severity = dict(zip(raters, (first, second, -first - second), strict=True))
    harder = dict(zip(criteria, (difficulty, -difficulty), strict=True))
    nodes = np.linspace(-6, 6, 41)
    weight = np.exp(-(nodes**2) / 2)
    weight /= weight.sum()
    total = 0.0
    for person in {rating.person for rating in given}:
        joint = weight.copy()
        for rating in given:
            if rating.person == person:
                at = severity[str(rating.rater)] + harder[str(rating.criterion)]
                joint *= [chances(mean + np.exp(log_sd) * node, at)[rating.value - 1] for node in nodes]
        total += np.log(joint.sum())
    return -total


def second_derivatives(at: np.ndarray, *rest: Any, step: float = 0.01) -> np.ndarray:
    shifts = step * np.eye(at.size)

    def height(first: np.ndarray, second: np.ndarray) -> float:
        return minus_loglik(at + first + second, *rest)

    return np.array(
        [[height(u, v) - height(u, -v) - height(-u, v) + height(-u, -v) for v in shifts] for u in shifts]
    ) / (4 * step**2)


def test_severities_and_difficulties_are_where_the_likelihood_is_highest() -> None:
    given = ratings()
    found = rater_severities(given, CUTS)
    raters = [str(one.rater) for one in found.severities]
    criteria = [str(criterion) for criterion in found.criteria]
    own = [one.severity for one in found.severities[:2]]
    start = np.array([*own, found.criteria[criteria[0]], 0.3, 0.2])
    best = minimize(minus_loglik, start, args=(given, raters, criteria), method="BFGS", options={"gtol": 1e-3})
    assert own == pytest.approx(best.x[:2], abs=2e-3)
    assert found.criteria[criteria[0]] == pytest.approx(best.x[2], abs=2e-3)
    assert found.converged
    covariance = np.linalg.inv(second_derivatives(best.x, given, raters, criteria))
    third = np.array([-1, -1])
    errors = [*np.sqrt(np.diag(covariance)[:2]), np.sqrt(third @ covariance[:2, :2] @ third)]
    assert [one.se for one in found.severities] == pytest.approx(errors, rel=0.01)
