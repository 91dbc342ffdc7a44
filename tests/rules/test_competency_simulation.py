"""By simulation: the estimate is as sure as it says, and better than the last exam or the plain mean."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit

from assessments.scoring.ability import wle
from mentors.rules import measure
from training.competencies.rules import Evidence, FilterSettings, filter_evidence, predict

CUTS = (-2.0, -0.7, 0.7, 2.0)
DAY = date(2024, 1, 1)
SETTINGS = FilterSettings()  # mu0 0, sigma0 1.5, half-life 18 months, baseline -2, q = 1.5^2
KAPPA = math.log(2) / 18


def forget(rng: np.random.Generator, theta: float, days: int) -> float:
    """The model's own ageing of a true ability: towards -2, with fresh scatter."""
    kept = math.exp(-KAPPA * days / 30.4375)
    return -2 + (theta + 2) * kept + rng.normal(0, 1.5 * math.sqrt(1 - kept**2))


def root_mean_square(errors: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def test_coverage_and_error_under_the_model() -> None:
    """Seed 20260303; 4,000 people, 6 pieces each, 5 to 150 days apart, R 0.3 (exam) or 0.55, aged 60 days."""
    rng = np.random.default_rng(20260303)
    fused, last, plain, covered = [], [], [], 0
    for _ in range(4000):
        theta, on, evidence = rng.normal(0, 1.5), DAY, []
        for piece in range(6):
            days = int(rng.integers(5, 150)) if piece else 0
            on, theta = on + timedelta(days), forget(rng, theta, days)
            variance = 0.3 if piece % 3 == 0 else 0.55
            evidence.append(Evidence(theta + rng.normal(0, math.sqrt(variance)), variance, on))
        theta = forget(rng, theta, 60)
        state = predict(filter_evidence(evidence, SETTINGS)[-1].after, on + timedelta(60), SETTINGS)
        covered += abs(state.mean - theta) < 1.96 * math.sqrt(state.variance)
        fused.append(state.mean - theta)
        last.append(next(e.y for e in reversed(evidence) if e.variance == 0.3) - theta)
        plain.append(np.mean([e.y for e in evidence]) - theta)
    assert covered / 4000 == pytest.approx(0.95, abs=0.01)
    assert root_mean_square(fused) < 0.85 * min(root_mean_square(last), root_mean_square(plain))


def sat(rng: np.random.Generator, theta: float, on: date) -> Evidence:
    """A 20-item exam on judged difficulties that are off by 0.7 logits."""
    judged = rng.uniform(-2.5, 2.5, 20)
    right = rng.random(20) < expit(theta - judged - rng.normal(0, 0.7, 20))
    ability = wle(1, -judged, right, b_sd=0.7)
    return Evidence(ability.theta, ability.se**2, on, "exam")


def watched(rng: np.random.Generator, theta: float, on: date) -> Evidence:
    """Five criteria rated by a rater whose severity scatters by 0.5 logits."""
    weights = np.arange(5) * (theta - rng.normal(0, 0.5)) - np.concatenate([[0], np.cumsum(CUTS)])
    p = np.exp(weights - weights.max())
    measured = measure([int(k) + 1 for k in rng.choice(5, 5, p=p / p.sum())], CUTS)
    assert measured is not None
    return Evidence(measured.y, measured.variance, on, "observation")


def test_coverage_and_error_from_marked_answers_and_ratings_up() -> None:
    """Seed 20260304; 1,500 people, exam, two observations, exam, two observations, 5 to 150 days apart.

    The errors of WLE are only nearly normal and the delta method is first order, so coverage may miss by 0.02.
    """
    rng = np.random.default_rng(20260304)
    fused, last, plain, covered = [], [], [], 0
    for _ in range(1500):
        theta, on, evidence = rng.normal(0, 1.5), DAY, []
        for piece in range(6):
            days = int(rng.integers(5, 150)) if piece else 0
            on, theta = on + timedelta(days), forget(rng, theta, days)
            evidence.append((watched if piece % 3 else sat)(rng, theta, on))
        state = filter_evidence(evidence, SETTINGS)[-1].after
        covered += abs(state.mean - theta) < 1.96 * math.sqrt(state.variance)
        fused.append(state.mean - theta)
        last.append(evidence[3].y - theta)
        plain.append(np.mean([e.y for e in evidence]) - theta)
    assert covered / 1500 == pytest.approx(0.95, abs=0.02)
    assert root_mean_square(fused) < 0.85 * min(root_mean_square(last), root_mean_square(plain))


def test_without_the_priors_variance_judged_exams_look_too_certain() -> None:
    """Seed 20260305; 3,000 people, 40 items of judged difficulty off by 1 logit."""
    rng = np.random.default_rng(20260305)
    covered = {0.0: 0, 1.0: 0}
    for theta in rng.normal(0, 1, 3000):
        judged = rng.uniform(-2, 2, 40)
        right = rng.random(40) < expit(theta - judged - rng.normal(0, 1, 40))
        for spread in covered:
            ability = wle(1, -judged, right, b_sd=spread)
            covered[spread] += abs(ability.theta - theta) < 1.96 * ability.se
    assert covered[0.0] / 3000 < 0.94 < covered[1.0] / 3000 < 0.97
