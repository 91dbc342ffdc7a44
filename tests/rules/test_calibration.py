"""Calibration against published estimates, against a naive likelihood, and by recovery of what was simulated."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from assessments.scoring.calibration import Calibration, Caution, Model, Warned, calibrate
from assessments.scoring.graded import Items, log_chances
from assessments.scoring.marginal import Grid, expectation
from assessments.scoring.priors import Priors
from assessments.scoring.responses import MISSING, Design, Responses
from assessments.scoring.scores import eap, wle
from tests.rules.simulated import graded_answers

DATA = Path(__file__).parents[1] / "data" / "psychometrics"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def answers(name: str) -> Responses:
    rows = rows_of(f"{name}_patterns")
    table = np.array([[float(cell) for cell in row.values()] for row in rows])
    return Responses.of(table[:, :-1], table[:, -1])


def science() -> Responses:
    return Responses.of([[int(cell) - 1 for cell in row.values()] for row in rows_of("Science_ltm_data")])


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


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


def naive_loglik(values: np.ndarray, responses: Responses, tops: np.ndarray, nodes: int = 61) -> float:
    """The marginal log-likelihood cell by cell, with nothing shared with the code under test but the model."""
    slopes = values[: tops.size]
    cuts = np.split(values[tops.size :], np.cumsum(tops)[:-1])
    theta = np.linspace(-6, 6, nodes)
    weight = np.exp(-(theta**2) / 2)
    weight /= weight.sum()
    total = 0.0
    for row, people in zip(responses.codes, responses.weights, strict=True):
        joint = weight.copy()
        for answer, slope, intercepts in zip(row, slopes, cuts, strict=True):
            if answer == MISSING:
                continue
            above = [np.ones_like(theta), *(1 / (1 + np.exp(-(slope * theta + d))) for d in intercepts), 0 * theta]
            joint *= above[answer] - above[answer + 1]
        total += people * np.log(joint.sum())
    return float(total)


def flat(found: Calibration) -> np.ndarray:
    assert found.items is not None
    return np.concatenate([found.items.a, found.items.d])


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


def cautions(found: Calibration) -> dict[Caution, tuple[int, ...]]:
    return {warned.caution: warned.columns for warned in found.warnings}


@pytest.fixture
def table() -> np.ndarray:
    rng = np.random.default_rng(16)
    truth = Items.of(np.ones(6), rng.normal(0, 0.7, 6))
    return graded_answers(rng, truth, rng.normal(size=200)).codes


def test_what_everybody_answered_alike_is_set_aside_and_changes_nothing(table: np.ndarray) -> None:
    without = calibrate(Responses.of(table[:, [0, 1, 3, 4, 5]]), Model.TWO_PL)
    table[:, 2] = 1
    found = calibrate(Responses.of(table), Model.TWO_PL)
    assert cautions(found) == {Caution.CONSTANT: (2,)}
    assert found.used.tolist() == [0, 1, 3, 4, 5]
    assert found.loglik == pytest.approx(without.loglik)


def test_a_single_answer_is_no_estimate(table: np.ndarray) -> None:
    table[1:, 3] = MISSING
    assert cautions(calibrate(Responses.of(table), Model.RASCH)) == {Caution.CONSTANT: (3,)}


def test_all_right_people_count_like_others(table: np.ndarray) -> None:
    table[:40] = 1
    assert calibrate(Responses.of(table), Model.TWO_PL).converged


def test_nothing_but_right_answers_is_nothing_to_estimate(table: np.ndarray) -> None:
    found = calibrate(Responses.of(np.ones_like(table)), Model.TWO_PL, errors=True)
    assert found.items is None
    assert not found.converged
    assert Caution.NOBODY_LEFT in cautions(found)


def test_groups_that_share_nobody_are_named(table: np.ndarray) -> None:
    table[:100, :3] = MISSING
    table[100:, 3:] = MISSING
    found = calibrate(Responses.of(table), Model.RASCH)
    assert found.warnings[:2] == (Warned(Caution.DISCONNECTED, (0, 1, 2)), Warned(Caution.DISCONNECTED, (3, 4, 5)))


def test_two_items_alone_tell_no_slopes(table: np.ndarray) -> None:
    assert cautions(calibrate(Responses.of(table[:, :2]), Model.TWO_PL)) == {Caution.TOO_FEW_ITEMS: (0, 1)}


def test_a_perfect_staircase_does_not_pretend_to_converge() -> None:
    stairs = Responses.of(np.tril(np.ones((7, 6)), -1), np.full(7, 20.0))
    found = calibrate(stairs, Model.TWO_PL, errors=True)
    assert not found.converged
    assert Caution.DIVERGED in cautions(found)
    assert np.all(np.isfinite(flat(found)))


def test_an_unused_middle_category_is_skipped_and_said() -> None:
    responses = science()
    with_gap = np.where(responses.codes >= 2, responses.codes + 1, responses.codes)
    one, other = calibrate(responses, Model.GRADED), calibrate(Responses.of(with_gap), Model.GRADED)
    assert cautions(other) == {Caution.UNUSED_CATEGORIES: (0, 1, 2, 3)}
    assert other.loglik == pytest.approx(one.loglik)
    assert other.categories[0].tolist() == [0, 1, 3, 4]


def test_no_differences_in_ability_are_said_to_be_none() -> None:
    rng = np.random.default_rng(18)
    coins = rng.random((400, 3)) < 0.5
    found = calibrate(Responses.of(np.hstack([coins, ~coins]).astype(int)), Model.RASCH)
    assert Caution.NO_VARIANCE in cautions(found)
    assert found.sd < 0.01
    assert found.converged


def test_three_categories_need_the_graded_model(table: np.ndarray) -> None:
    table[0, 0] = 2
    with pytest.raises(ValueError, match="graded"):
        calibrate(Responses.of(table), Model.TWO_PL)


def test_too_few_nodes_are_refused(table: np.ndarray) -> None:
    with pytest.raises(ValueError, match="7 nodes"):
        calibrate(Responses.of(table), Model.TWO_PL, nodes=5)


def test_steep_items_get_finer_nodes() -> None:
    """Seed 19: a slope of 4."""
    rng = np.random.default_rng(19)
    truth = Items.of([4.5, 1, 1, 1.5, 1], np.zeros(5))
    responses = graded_answers(rng, truth, rng.normal(size=2000))
    assert calibrate(responses, Model.TWO_PL).nodes == 121
    assert Caution.COARSE_NODES in cautions(calibrate(responses, Model.TWO_PL, nodes=61))


def test_judged_difficulties_hold_a_small_cohort_near_them_and_give_way_to_data() -> None:
    """Seed 20: true difficulties differ from the judged ones by 0.5; 60 and 3,000 people."""
    rng = np.random.default_rng(20)
    judged = rng.normal(0, 1, 12)
    truth = Items.of(np.ones(12), -(judged + rng.normal(0, 0.5, 12)))
    for people, plain_is_worse in ((60, True), (3000, False)):
        responses = graded_answers(rng, truth, rng.normal(size=people))
        priors = Priors.of(judged, difficulty_sd=0.5)
        prior, plain = calibrate(responses, Model.TWO_PL, priors=priors), calibrate(responses, Model.TWO_PL)
        errors = []
        for found in (prior, plain):
            assert found.items is not None
            errors.append(np.sqrt(np.mean((found.items.d / found.items.a - truth.d / truth.a) ** 2)))
        assert prior.converged
        if plain_is_worse:
            assert errors[0] < 0.75 * errors[1]
        else:
            assert errors[0] == pytest.approx(errors[1], abs=0.02)


@pytest.mark.parametrize("model", [Model.RASCH, Model.ONE_PL, Model.TWO_PL])
def test_the_posterior_mode_is_where_likelihood_and_prior_balance(model: Model) -> None:
    """No nearby parameters have a higher log-likelihood plus log prior (LSAT7 cut to a tenth)."""
    full = answers("LSAT7")
    responses = Responses.of(full.codes, full.weights / 10)
    judged = np.array([-1.0, 0.0, np.nan, 0.5, -2.0])
    found = calibrate(responses, model, priors=Priors.of(judged, difficulty_sd=0.6))
    assert found.items is not None

    def objective(values: np.ndarray) -> float:
        slopes, d = (np.full(5, values[0]), values[1:]) if model is not Model.TWO_PL else (values[:5], values[5:])
        b = -d if model is Model.RASCH else -d / slopes
        log_prior = -0.5 * np.nansum(((b - judged) / 0.6) ** 2)
        if model is not Model.RASCH:
            log_prior -= 0.5 * np.sum((np.log(slopes if model is Model.TWO_PL else slopes[:1]) / 0.3) ** 2)
        return naive_loglik(np.concatenate([slopes, d]), responses, np.ones(5, dtype=int)) + log_prior

    slopes = found.items.a * found.sd if model is Model.TWO_PL else found.items.a[:1] * found.sd
    best = np.concatenate([slopes, found.items.d])
    for place in range(best.size):
        for shift in (-0.01, 0.01):
            moved = best.copy()
            moved[place] += shift
            assert objective(moved) < objective(best)
