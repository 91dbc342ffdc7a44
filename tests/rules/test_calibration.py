"""Calibration against published estimates, against a naive likelihood, and by recovery of what was simulated."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from assessments.scoring import maximise
from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.graded import Items, log_chances
from assessments.scoring.marginal import Grid, expectation
from assessments.scoring.responses import MISSING, Design, Responses
from assessments.scoring.scores import eap, wle
from tests.rules.references import answers, column, flat, naive_loglik, rows_of, science
from tests.rules.simulated import graded_answers


@pytest.mark.parametrize(
    ("data", "model", "loglik", "variance"),
    [
        ("LSAT6", Model.TWO_PL, -2466.653377, 1),
        ("LSAT6", Model.GRADED, -2466.653377, 1),
        ("LSAT6", Model.ONE_PL, -2466.937600, 1),
        ("LSAT6", Model.RASCH, -2466.937600, 0.570237),
        ("LSAT7", Model.TWO_PL, -2658.805114, 1),
        ("LSAT7", Model.ONE_PL, -2664.900891, 1),
        ("LSAT7", Model.RASCH, -2664.900891, 1.022648),
    ],
)
def test_the_likelihood_agrees_with_the_reference(data: str, model: Model, loglik: float, variance: float) -> None:
    found = calibrate(answers(data), model)
    assert found.converged
    assert found.warnings == ()
    assert found.loglik == pytest.approx(loglik, abs=1e-4)
    assert found.sd**2 == pytest.approx(variance, abs=1e-3)


@pytest.mark.parametrize("data", ["LSAT6", "LSAT7"])
def test_2pl_items_and_errors_agree_with_the_reference(data: str) -> None:
    found, expected = calibrate(answers(data), Model.TWO_PL, errors=True), rows_of(f"{data}_mirt_2PL")
    assert found.items is not None
    assert found.items.a == pytest.approx(column(expected, "a"), abs=1e-3)
    assert found.items.d == pytest.approx(column(expected, "d"), abs=1e-3)
    assert found.slope_errors == pytest.approx(column(expected, "se_a"), rel=0.01)
    assert found.intercept_errors == pytest.approx(column(expected, "se_d"), rel=0.01)


@pytest.mark.parametrize("data", ["LSAT6", "LSAT7"])
def test_rasch_items_agree_with_the_reference(data: str) -> None:
    found = calibrate(answers(data), Model.RASCH, errors=True)
    assert found.items is not None
    assert found.items.a == pytest.approx(np.ones(5))
    assert found.items.d == pytest.approx(column(rows_of(f"{data}_mirt_Rasch"), "d"), abs=1e-3)
    assert found.slope_errors is None


def test_the_one_slope_of_1pl_is_the_reference() -> None:
    found = calibrate(answers("LSAT6"), Model.ONE_PL)
    assert found.items is not None
    assert found.items.a == pytest.approx(np.full(5, 0.755135), abs=1e-3)


def test_graded_items_and_errors_agree_with_the_reference() -> None:
    found = calibrate(science(), Model.GRADED, errors=True)
    expected = [row for row in rows_of("Science_ltm_mirt_graded") if row["type"] == "slope_intercept"]
    slopes, steps = ([row for row in expected if (row["par"] == "a1") == is_slope] for is_slope in (True, False))
    assert found.items is not None
    assert found.loglik == pytest.approx(-1608.869411, abs=1e-4)
    assert found.items.a == pytest.approx(column(slopes, "est"), abs=1e-3)
    assert found.items.d == pytest.approx(column(steps, "est"), abs=1e-3)
    assert found.slope_errors == pytest.approx(column(slopes, "se"), rel=0.01)
    assert found.intercept_errors == pytest.approx(column(steps, "se"), rel=0.01)


@pytest.mark.parametrize(
    ("data", "model", "file"),
    [
        ("LSAT6", Model.TWO_PL, "LSAT6_mirt_2PL_scores"),
        ("LSAT6", Model.RASCH, "LSAT6_mirt_Rasch_scores"),
        ("LSAT7", Model.TWO_PL, "LSAT7_mirt_2PL_scores"),
        ("LSAT7", Model.RASCH, "LSAT7_mirt_Rasch_scores"),
        ("Science", Model.GRADED, "Science_ltm_mirt_graded_scores"),
    ],
)
def test_scores_from_our_own_items_agree_with_the_reference(data: str, model: Model, file: str) -> None:
    responses = science() if data == "Science" else answers(data)
    expected = rows_of(file)
    patterns = np.array([[int(cell) for cell in list(row.values())[: responses.top.size]] for row in expected])
    asked = Responses.of(patterns - (1 if data == "Science" else 0))
    found = calibrate(responses, model)
    assert found.items is not None
    posterior, weighted = eap(found.items, asked, found.grid), wle(found.items, asked)
    assert posterior.theta == pytest.approx(column(expected, "EAP"), abs=1e-4)
    assert posterior.se == pytest.approx(column(expected, "SE_EAP"), abs=1e-4)
    assert weighted.theta == pytest.approx(column(expected, "WLE"), abs=1e-3)
    assert weighted.se == pytest.approx(column(expected, "SE_WLE"), abs=1e-3)


@pytest.mark.parametrize(("seed", "steps"), [(11, [1, 1, 1, 1]), (12, [2, 1, 3])])
def test_no_other_parameters_do_better_in_small_cases(seed: int, steps: list[int]) -> None:
    """150 people, 10 % missing: a general optimiser on the naive likelihood finds the same maximum."""
    rng = np.random.default_rng(seed)
    truth = Items.of(rng.uniform(0.8, 1.8, len(steps)), [np.sort(rng.normal(0, 1, k))[::-1] for k in steps])
    responses = graded_answers(rng, truth, rng.normal(size=150), missing=0.1)
    found = calibrate(responses, Model.GRADED, errors=True)
    tops = np.array(steps)
    assert found.converged
    assert naive_loglik(flat(found), responses, tops) == pytest.approx(found.loglik, abs=1e-8)
    other = minimize(
        lambda values: -naive_loglik(values, responses, tops), flat(found) * 0.7, method="BFGS", options={"gtol": 1e-4}
    )
    assert -other.fun <= found.loglik + 1e-6
    assert other.x == pytest.approx(flat(found), abs=0.02)


def test_standard_errors_are_those_of_the_numeric_second_derivatives() -> None:
    """200 people, seed 13, 20 % missing, one item of three categories."""
    rng = np.random.default_rng(13)
    truth = Items.of([1.2, 0.9, 1.5, 1.0], [[0.3], [1.0, -0.8], [-0.4], [0.6]])
    responses = graded_answers(rng, truth, rng.normal(size=200), missing=0.2)
    found = calibrate(responses, Model.GRADED, errors=True)
    assert found.covariance is not None
    values, tops, step = flat(found), truth.steps, 1e-3
    size = values.size
    second = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            shifts = [(a * np.eye(size)[i] + b * np.eye(size)[j]) * step for a in (1, -1) for b in (1, -1)]
            both = [naive_loglik(values + shift, responses, tops) for shift in shifts]
            second[i, j] = (both[0] - both[1] - both[2] + both[3]) / (4 * step**2)
    assert found.covariance == pytest.approx(np.linalg.inv(-second), rel=5e-3, abs=1e-5)


def test_parameters_are_recovered_and_their_intervals_cover() -> None:
    """Seed 20261125; 150 samples of 500 people on 10 items (a .7 to 1.9, b -2 to 2), 20 % missing."""
    rng = np.random.default_rng(20261125)
    a, b = np.linspace(0.7, 1.9, 10), np.array([-2, 1.5, -1, 0.5, 0, -0.5, 1, -1.5, 2, 0.2])
    truth = Items.of(a, -a * b)
    off, covered = [], []
    for _ in range(150):
        found = calibrate(graded_answers(rng, truth, rng.normal(size=500), missing=0.2), Model.TWO_PL, errors=True)
        assert found.converged
        assert found.covariance is not None
        error = flat(found) - np.concatenate([truth.a, truth.d])
        off.append(error)
        covered.append(np.abs(error) < 1.96 * np.sqrt(np.diag(found.covariance)))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)
    # steep and far from the middle, maximum likelihood is skewed at 500 people; its median is not
    assert np.abs(np.median(off, axis=0)).max() < 0.08


@pytest.mark.parametrize(
    ("people", "steps", "missing", "model"),
    [(1525, [1] * 16, 0.05, Model.TWO_PL), (1525, [1] * 16, 0.05, Model.RASCH), (2800, [5] * 5, 0.01, Model.GRADED)],
)
def test_shapes_met_in_practice(people: int, steps: list[int], missing: float, model: Model) -> None:
    """Seed 14: 1,525 x 16 with gaps; 2,800 x 5 items x 6 categories, the first keyed the other way round."""
    rng = np.random.default_rng(14)
    slopes = np.ones(len(steps)) if model is Model.RASCH else rng.uniform(0.8, 2, len(steps))
    if model is Model.GRADED:
        slopes[0] *= -1
    truth = Items.of(slopes, [np.linspace(2.5, -2.5, k) if k > 1 else rng.normal(0, 1, 1) for k in steps])
    responses = graded_answers(rng, truth, rng.normal(0, 1.2 if model is Model.RASCH else 1, people), missing=missing)
    found = calibrate(responses, model, errors=True)
    assert found.converged
    assert found.warnings == ()
    assert found.items is not None
    assert found.intercept_errors is not None
    assert np.abs(found.items.d - truth.d).max() < 5 * found.intercept_errors.max()
    if model is Model.RASCH:
        assert found.sd == pytest.approx(1.2, abs=0.1)
    else:
        assert np.abs(found.items.a - truth.a).max() < 0.4


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_neither_the_order_of_people_nor_of_items_matters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Items.of(rng.uniform(0.8, 1.6, 5), rng.normal(0, 0.8, 5))
    responses = graded_answers(rng, truth, rng.normal(size=300), missing=0.1)
    one = calibrate(responses, Model.ONE_PL)
    rows, columns = rng.permutation(300), rng.permutation(5)
    other = calibrate(responses.rows(rows).columns(columns), Model.ONE_PL)
    assert one.items is not None
    assert other.items is not None
    assert other.loglik == pytest.approx(one.loglik, abs=1e-8)
    assert other.items.d == pytest.approx(one.items.d[columns], abs=1e-5)
    assert other.items.a == pytest.approx(one.items.a, abs=1e-5)


def test_right_and_wrong_are_mirror_images() -> None:
    responses = answers("LSAT7")
    one = calibrate(responses, Model.TWO_PL)
    other = calibrate(Responses.of(1 - responses.codes, responses.weights), Model.TWO_PL)
    assert one.items is not None
    assert other.items is not None
    assert other.loglik == pytest.approx(one.loglik)
    assert other.items.a == pytest.approx(one.items.a, abs=1e-5)
    assert other.items.d == pytest.approx(-one.items.d, abs=1e-5)


def test_a_pattern_with_a_count_is_so_many_people() -> None:
    counted = answers("LSAT6")
    people = Responses.of(np.repeat(counted.codes, counted.weights.astype(int), axis=0))
    assert calibrate(people, Model.TWO_PL).loglik == pytest.approx(calibrate(counted, Model.TWO_PL).loglik, abs=1e-9)
    assert people.collapsed()[0].codes.shape == counted.codes.shape


def test_single_precision_ends_where_double_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seed 15; large data sets are begun in single precision."""
    rng = np.random.default_rng(15)
    truth = Items.of(rng.uniform(0.8, 1.6, 8), rng.normal(0, 1, 8))
    responses = graded_answers(rng, truth, rng.normal(size=3000), missing=0.2)
    double = calibrate(responses, Model.TWO_PL, errors=True)
    for module in ("maximise", "observed"):
        monkeypatch.setattr(f"assessments.scoring.{module}.LARGE", 0)
    single = calibrate(responses, Model.TWO_PL, errors=True)
    assert single.converged
    assert single.loglik == pytest.approx(double.loglik, abs=1e-7)
    assert flat(single) == pytest.approx(flat(double), abs=1e-5)
    assert single.slope_errors == pytest.approx(double.slope_errors, rel=1e-3)


def test_the_e_step_is_the_sum_over_people() -> None:
    items = Items.of([1.0, -0.7], [[1.0, -0.5], [0.2]])
    responses = Responses.of([[2, 1], [0, MISSING], [1, 0]], [3, 2, 1])
    grid = Grid.normal(41)
    chances = log_chances(items, grid.theta)
    touches = np.zeros((3, 41))
    loglik = 0.0
    for row, people in zip(responses.codes, responses.weights, strict=True):
        joint = grid.log_weight + sum(chances[item][answer] for item, answer in enumerate(row) if answer != MISSING)
        posterior = np.exp(joint) / np.exp(joint).sum()
        loglik += people * np.log(np.exp(joint).sum())
        for step, (item, at) in enumerate([(0, 1), (0, 2), (1, 1)]):
            touches[step] += people * posterior * (row[item] in (at, at - 1))
    found = expectation(Design.of(responses, items.steps), items, grid)
    assert found.loglik == pytest.approx(loglik)
    assert found.touches == pytest.approx(touches)


def test_no_step_lowers_the_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a start so far off that some first tries overshoot and must be halved."""
    falls, tries = [], []
    climb = maximise._climb

    def watched(problem: maximise.Problem, here: maximise.Point, *rest: Any) -> tuple[maximise.Point | None, int]:
        there, tried = climb(problem, here, *rest)
        falls.append(0.0 if there is None else here.value - there.value)
        tries.append(tried)
        return there, tried

    monkeypatch.setattr(maximise, "_climb", watched)
    problem = maximise.Problem(Design.of(answers("LSAT6")), Grid.normal(61), common=False, unit=False, priors=None)
    found = maximise.maximise(problem, Items.of(np.full(5, 8.0), [-20.0] * 5), 1e-7)
    assert found.loglik == pytest.approx(-2466.653377, abs=1e-4)
    assert max(falls) < 1e-6
    assert max(tries) > 1
