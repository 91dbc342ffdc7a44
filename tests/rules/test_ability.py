"""Ability estimates against published reference scores, and what must hold for any paper."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from assessments.scoring.ability import difficulty_variance, eap, wle

DATA = Path(__file__).parents[1] / "data" / "psychometrics"
SLOPES = st.floats(0.3, 3)
DIFFICULTIES = st.floats(-6, 6)
PAPERS = st.lists(st.tuples(SLOPES, DIFFICULTIES, st.booleans()), min_size=1, max_size=25)


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open() as rows:
        return list(csv.DictReader(rows))


def unzip(paper: list[tuple[float, float, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b, right = (np.array(column, dtype=float) for column in zip(*paper, strict=True))
    return a, -a * b, right


@pytest.mark.parametrize("data", ["LSAT6", "LSAT7"])
@pytest.mark.parametrize("model", ["Rasch", "2PL"])
def test_scores_agree_with_the_reference(data: str, model: str) -> None:
    items = read(f"{data}_mirt_{model}")
    a, d = (np.array([float(item[column]) for item in items]) for column in "ad")
    prior_sd = math.sqrt(float(items[0]["sigma2"]))
    names = [item["item"] for item in items]
    rows = read(f"{data}_mirt_{model}_scores")
    assert len(rows) >= 30
    for row in rows:
        right = [float(row[name]) for name in names]
        weighted, posterior = wle(a, d, right), eap(a, d, right, prior_sd=prior_sd)
        assert weighted.theta == pytest.approx(float(row["WLE"]), abs=1e-3)
        assert weighted.se == pytest.approx(float(row["SE_WLE"]), abs=1e-3)
        assert posterior.theta == pytest.approx(float(row["EAP"]), abs=1e-4)
        assert posterior.se == pytest.approx(float(row["SE_EAP"]), abs=1e-4)


def test_one_item_has_a_closed_form() -> None:
    # right: 3/2 log p + 1/2 log q is highest at p = 3/4
    assert wle(1, [0.0], [1]).theta == pytest.approx(math.log(3))
    assert wle(2, [0.0], [0]).theta == pytest.approx(-math.log(3) / 2)


@pytest.mark.parametrize("count", [1, 2, 20, 500])
def test_all_right_and_all_wrong_are_finite_and_mirror_each_other(count: int) -> None:
    d = np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
    best, worst = wle(1, d, np.ones(count)), wle(1, d, np.zeros(count))
    assert math.isfinite(best.theta)
    assert math.isfinite(best.se)
    assert best.theta == pytest.approx(-worst.theta)
    assert best.se == pytest.approx(worst.se)


@given(PAPERS)
@settings(deadline=None)
def test_any_paper_gives_a_finite_estimate_at_a_maximum(paper: list[tuple[float, float, bool]]) -> None:
    a, d, right = unzip(paper)
    estimate = wle(a, d, right, b_sd=0.7)
    assert math.isfinite(estimate.theta)
    assert 0 < estimate.se < math.inf

    def objective(theta: float) -> float:
        p = expit(a * theta + d)
        likelihood = np.log(np.where(right == 1, p, expit(-a * theta - d))).sum()
        return float(likelihood + 0.5 * np.log(np.sum(a * a * p * expit(-a * theta - d))))

    best = objective(estimate.theta)
    assert all(objective(theta) <= best + 1e-6 for theta in np.linspace(-12, 12, 97))


@given(PAPERS, st.data())
@settings(deadline=None)
def test_one_right_answer_more_never_lowers_the_estimate(
    paper: list[tuple[float, float, bool]], data: st.DataObject
) -> None:
    a, d, right = unzip(paper)
    changed = data.draw(st.integers(0, len(paper) - 1))
    lower, higher = right.copy(), right.copy()
    lower[changed], higher[changed] = 0, 1
    assert wle(a, d, higher).theta >= wle(a, d, lower).theta - 1e-8
    assert eap(a, d, higher).theta >= eap(a, d, lower).theta - 1e-8


@given(PAPERS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_items_does_not_matter(paper: list[tuple[float, float, bool]], rng: object) -> None:
    shuffled = list(paper)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out random.Random instances
    one, other = wle(*unzip(paper), b_sd=0.7), wle(*unzip(shuffled), b_sd=0.7)
    assert one.theta == pytest.approx(other.theta, abs=1e-6)
    assert one.se == pytest.approx(other.se, rel=1e-5)


@given(PAPERS, st.floats(-3, 3))
@settings(deadline=None)
def test_moving_every_difficulty_moves_the_estimate_with_it(paper: list[tuple[float, float, bool]], by: float) -> None:
    moved = [(a, b + by, right) for a, b, right in paper]
    assert wle(*unzip(moved)).theta == pytest.approx(wle(*unzip(paper)).theta + by, abs=1e-6)


@given(PAPERS, st.floats(-2, 2), st.floats(0.3, 2), st.floats(0.01, 1))
@settings(deadline=None)
def test_the_prior_pulls_the_posterior_but_the_data_hold_it(
    paper: list[tuple[float, float, bool]], mean: float, sd: float, by: float
) -> None:
    here = eap(*unzip(paper), prior_mean=mean, prior_sd=sd)
    there = eap(*unzip(paper), prior_mean=mean + by, prior_sd=sd)
    # d EAP / d prior mean = posterior variance / prior variance, between 0 and 1 for a log-concave likelihood
    assert 0 < there.theta - here.theta < by + 1e-9
    assert here.se < sd + 1e-9


def test_all_right_lifts_and_all_wrong_lowers_the_posterior() -> None:
    d = [0.5, -0.5, 0.0]
    assert eap(1, d, [0, 0, 0], prior_mean=0.3).theta < 0.3 < eap(1, d, [1, 1, 1], prior_mean=0.3).theta


def test_uncertain_difficulties_widen_the_error_as_the_derivative_says() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.uniform(0.6, 1.8, 12), rng.normal(0, 1.2, 12)
    right = (rng.random(12) < expit(a * (0.4 - b))).astype(float)
    spread = rng.uniform(0.1, 0.9, 12)
    theta = wle(a, -a * b, right).theta
    step = 1e-5
    numeric = []
    for item in range(12):
        up, down = b.copy(), b.copy()
        up[item] += step
        down[item] -= step
        numeric.append((wle(a, -a * up, right).theta - wle(a, -a * down, right).theta) / (2 * step))
    assert sum(numeric) == pytest.approx(1, abs=1e-5)
    expected = float(np.sum((np.array(numeric) * spread) ** 2))
    assert difficulty_variance(theta, a, -a * b, spread) == pytest.approx(expected, rel=1e-4)
    known, judged = wle(a, -a * b, right), wle(a, -a * b, right, b_sd=spread)
    assert judged.theta == known.theta
    assert judged.se**2 == pytest.approx(known.se**2 + expected, rel=1e-4)


def test_known_difficulties_add_nothing() -> None:
    assert wle(1, [0.0, 1.0], [1, 0], b_sd=0) == wle(1, [0.0, 1.0], [1, 0])


@pytest.mark.parametrize(
    ("a", "d", "right"),
    [
        (1, [], []),
        (1, [0.0], [1, 0]),
        (0, [0.0], [1]),
        (-1, [0.0], [1]),
        (1, [math.nan], [1]),
        (1, [math.inf], [1]),
        (1, [0.0], [0.5]),
        (1, [0.0], [math.nan]),
    ],
)
def test_impossible_input_is_refused(a: float, d: list[float], right: list[float]) -> None:
    with pytest.raises(ValueError, match=r"ability|Slopes|answer"):
        wle(a, d, right)
    with pytest.raises(ValueError, match=r"ability|Slopes|answer"):
        eap(a, d, right)


def test_a_negative_spread_of_a_difficulty_is_refused() -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        wle(1, [0.0], [1], b_sd=-0.1)
