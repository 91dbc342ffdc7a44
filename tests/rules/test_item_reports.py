"""Classical statistics, fit, subscores: published values, textbook formulas, and what must hold for any data."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.classical import classical, distractors
from assessments.scoring.fit import m2, s_x2, score_distribution
from assessments.scoring.graded import Items, expected_category, expected_score, item_curves, log_chances
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import MISSING, Responses
from assessments.scoring.subscores import subscore_value
from tests.rules.simulated import graded_answers
from tests.rules.test_calibration import answers, column, rows_of, science

GRADED = Items.of([1.2, 0.8], [[1.5, 0.2, -1.0], [0.4]])


@pytest.mark.parametrize(("data", "alpha"), [("LSAT6", 0.29499719), ("LSAT7", 0.45340874)])
def test_classical_statistics_agree_with_the_reference(data: str, alpha: float) -> None:
    found, expected = classical(answers(data)), rows_of(f"{data}_ctt")
    assert found.mean == pytest.approx(column(expected, "mean"), abs=1e-6)
    assert found.total_correlation == pytest.approx(column(expected, "raw.r"), abs=1e-6)
    assert found.rest_correlation == pytest.approx(column(expected, "r.drop"), abs=1e-6)
    assert found.alpha == pytest.approx(alpha, abs=1e-6)


def test_classical_statistics_are_those_of_the_textbook() -> None:
    codes = science().codes.astype(float)
    found = classical(science())
    totals = codes.sum(axis=1)
    for item in range(4):
        rest = totals - codes[:, item]
        assert found.rest_correlation[item] == pytest.approx(np.corrcoef(codes[:, item], rest)[0, 1])
    alpha = 4 / 3 * (1 - codes.var(axis=0, ddof=1).sum() / totals.var(ddof=1))
    assert found.alpha == pytest.approx(alpha)


def test_classical_statistics_of_random_papers_are_near_those_of_full_ones() -> None:
    """Seed 31; 20,000 people, 8 items, 40 % not given."""
    rng = np.random.default_rng(31)
    full = graded_answers(rng, Items.of(np.ones(8), np.linspace(-1, 1, 8)), rng.normal(size=20_000))
    gaps = Responses.of(np.where(rng.random(full.codes.shape) < 0.4, MISSING, full.codes))
    assert classical(gaps).alpha == pytest.approx(classical(full).alpha, abs=0.02)
    assert classical(gaps).rest_correlation == pytest.approx(classical(full).rest_correlation, abs=0.03)
    assert classical(gaps).people == pytest.approx(np.full(8, 12_000), rel=0.02)


def test_what_does_not_vary_has_no_correlation() -> None:
    found = classical(Responses.of([[1, 0], [1, 1], [1, 0]]))
    assert math.isnan(found.rest_correlation[0])
    assert math.isnan(classical(Responses.of([[1], [0]])).alpha)


def test_a_good_key_draws_the_able_and_wrong_options_the_others() -> None:
    ability = np.arange(90.0)
    choices = ["a"] * 20 + ["b"] * 15 + [None] * 5 + ["c"] * 50
    table = {use.option: use for use in distractors(choices, ability)}
    assert list(table) == ["c", "a", "b", ""]
    assert table["c"].correlation > 0 > table["a"].correlation
    assert table["c"].by_group == pytest.approx((0, 20 / 30, 1))
    assert sum(use.share for use in table.values()) == pytest.approx(1)
    assert table["a"].mean_ability == pytest.approx(9.5)


def test_a_table_of_options_needs_people() -> None:
    with pytest.raises(ValueError, match="table of options"):
        distractors(["a"], [1.0])


@pytest.mark.parametrize("data", ["LSAT6", "LSAT7"])
def test_item_and_model_fit_agree_with_the_reference(data: str) -> None:
    responses = answers(data)
    found = calibrate(responses, Model.TWO_PL)
    assert found.items is not None
    expected = rows_of(f"{data}_mirt_2PL_SX2")
    fits = s_x2(found.items, responses, found.grid)
    assert [fit.statistic for fit in fits] == pytest.approx(column(expected, "S_X2"), abs=1e-2)
    assert [fit.df for fit in fits] == column(expected, "df.S_X2").tolist()
    assert [fit.p for fit in fits] == pytest.approx(column(expected, "p.S_X2"), abs=1e-3)
    whole, (reference,) = m2(found.items, responses, found.grid), rows_of(f"{data}_mirt_2PL_M2")
    assert whole.statistic == pytest.approx(float(reference["M2"]), abs=1e-2)
    assert whole.df == int(reference["df"])
    assert whole.p == pytest.approx(float(reference["p"]), abs=1e-3)
    assert whole.rmsea == pytest.approx(float(reference["RMSEA"]), abs=1e-4)


def test_fit_statistics_follow_chi_square_when_the_model_holds() -> None:
    """Seed 32; 60 samples of 1,000 people: 7 items of two categories; 4 of which one is graded. Means are the df."""
    rng = np.random.default_rng(32)
    whole, single, graded = [], [], []
    plain = Items.of([1.0, 1.3, 0.8, 1.1, 0.9, 1.4, 1.0], [1, 0.5, 0, -0.5, -1, 0.2, -0.2])
    mixed = Items.of([1.0, 1.3, 1.2, 1.1], [[1.5, -1.0], [0.5], [0.0], [-0.5]])
    for _ in range(60):
        responses = graded_answers(rng, plain, rng.normal(size=1000))
        found = calibrate(responses, Model.TWO_PL)
        assert found.items is not None
        fit = m2(found.items, responses, found.grid)
        whole.append(fit.p < 0.05)
        single += [item.statistic / item.df for item in s_x2(found.items, responses, found.grid)]
        responses = graded_answers(rng, mixed, rng.normal(size=1000))
        found = calibrate(responses, Model.GRADED)
        assert found.items is not None
        graded += [item.p for item in s_x2(found.items, responses, found.grid) if item.df > 0]
    assert np.mean(whole) < 0.15
    assert np.mean(single) == pytest.approx(1, abs=0.15)
    assert np.mean(graded) == pytest.approx(0.5, abs=0.1)


def test_an_item_that_guesses_misfits() -> None:
    """Seed 33; the last of 10 items is known by those who know little else."""
    rng = np.random.default_rng(33)
    truth = Items.of(np.full(10, 1.5), np.linspace(-1.5, 1.5, 10))
    responses = graded_answers(rng, truth, rng.normal(size=3000))
    codes = responses.codes.copy()
    codes[:, 9] = np.where(codes[:, :9].sum(axis=1) < 4, rng.random(3000) < 0.9, codes[:, 9])
    found = calibrate(Responses.of(codes), Model.TWO_PL)
    assert found.items is not None
    fits = s_x2(found.items, Responses.of(codes), found.grid)
    assert fits[9].p < 1e-6


def test_two_abilities_are_not_one() -> None:
    """Seed 38; two parts of five items, correlated .3."""
    responses = two_parts(0.3, 5, 38)
    found = calibrate(responses, Model.TWO_PL)
    assert found.items is not None
    assert m2(found.items, responses, found.grid).p < 1e-6
    assert m2(found.items, responses, found.grid).rmsea > 0.05


def test_one_slope_for_all_is_fewer_parameters() -> None:
    responses = answers("LSAT7")
    found = calibrate(responses, Model.ONE_PL)
    assert found.items is not None
    fit = m2(found.items, responses, found.grid, common_slope=True)
    assert fit.df == 15 - 6
    assert fit.statistic > 11.938
    assert [one.df for one in s_x2(found.items, responses, found.grid, slopes_estimated=False)] == [3] * 5


def test_fit_needs_people_who_answered_everything() -> None:
    gaps = Responses.of([[1, MISSING, 0], [MISSING, 1, 1]])
    items = Items.of(np.ones(3), np.zeros(3))
    for judge in (s_x2, m2):
        with pytest.raises(ValueError, match="answered every item"):
            judge(items, gaps, Grid.normal())
    with pytest.raises(ValueError, match="three items"):
        m2(Items.of([1, 1], [0.0, 0.0]), Responses.of([[0, 1]]), Grid.normal())
    with pytest.raises(ValueError, match="two categories"):
        m2(GRADED, Responses.of([[0, 1]]), Grid.normal())


def test_the_distribution_of_a_score_is_that_of_all_patterns() -> None:
    chances = [np.exp(rows) for rows in log_chances(GRADED, [0.3])]
    by_hand = np.zeros(5)
    for one in range(4):
        for other in range(2):
            by_hand[one + other] += chances[0][one, 0] * chances[1][other, 0]
    assert score_distribution(chances)[:, 0] == pytest.approx(by_hand)


@given(st.floats(-8, 8))
def test_graded_curves_are_what_their_definitions_say(theta: float) -> None:
    chances = [np.exp(rows[:, 0]) for rows in log_chances(GRADED, [theta])]
    assert [part.sum() for part in chances] == pytest.approx([1, 1])
    means = [float(part @ np.arange(part.size)) for part in chances]
    assert expected_category(GRADED, [theta])[:, 0] == pytest.approx(means)
    assert expected_score(GRADED, [theta])[0] == pytest.approx(sum(means) / 4)
    step = 1e-4
    below, above = ([np.exp(rows[:, 0]) for rows in log_chances(GRADED, [theta + by])] for by in (-step, step))
    information = [
        float(np.sum(((high - low) / (2 * step)) ** 2 / middle))
        for low, middle, high in zip(below, chances, above, strict=True)
    ]
    assert item_curves(GRADED, [theta]).information[0] == pytest.approx(information, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(
    ("a", "d"), [([1.0], [[0.0, 0.5]]), ([math.nan], [0.0]), ([1.0], [math.inf]), ([1.0, 1.0], []), ([1.0], [[]])]
)
def test_items_that_cannot_be_are_refused(a: list[float], d: list[object]) -> None:
    with pytest.raises(ValueError, match=r"intercepts|broadcast"):
        Items.of(a, d)  # type: ignore[arg-type]  # wrong on purpose


def two_parts(correlation: float, items: int, seed: int) -> Responses:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=4000)
    second = correlation * first + math.sqrt(1 - correlation**2) * rng.normal(size=4000)
    form = Items.of(np.full(items, 1.5), np.linspace(-1, 1, items))
    return Responses.of(np.hstack([graded_answers(rng, form, part).codes for part in (first, second)]))


def test_a_subscore_is_worth_showing_when_it_measures_something_else_well() -> None:
    """Seeds 34, 35; two parts of 20 items correlated .3, and two of 5 items correlated .98."""
    apart = subscore_value(two_parts(0.3, 20, 34), np.arange(20))
    alike = subscore_value(two_parts(0.98, 5, 35), np.arange(5))
    assert apart.worth_showing
    assert not alike.worth_showing
    for value in (apart, alike):
        assert max(value.by_subscore, value.by_total) <= value.by_both + 1e-9 <= 1 + 1e-9


def test_prmse_is_the_share_of_error_saved_in_simulation() -> None:
    """Seed 36: squared correlations with the true subscore, which only a simulation knows."""
    rng = np.random.default_rng(36)
    first = rng.normal(size=40_000)
    second = 0.6 * first + 0.8 * rng.normal(size=40_000)
    form = Items.of(np.full(8, 1.5), np.zeros(8))
    one, other = (graded_answers(rng, form, part).codes for part in (first, second))
    truth = expected_category(form, first).sum(axis=0)
    value = subscore_value(Responses.of(np.hstack([one, other])), np.arange(8))
    total = one.sum(axis=1) + other.sum(axis=1)
    assert value.by_subscore == pytest.approx(np.corrcoef(truth, one.sum(axis=1))[0, 1] ** 2, abs=0.01)
    assert value.by_total == pytest.approx(np.corrcoef(truth, total)[0, 1] ** 2, abs=0.01)


@pytest.mark.parametrize("items", [[0], [0, 0], [0, 1, 2, 3], [3, 4]])
def test_a_subscore_is_a_part_of_the_form(items: list[int]) -> None:
    with pytest.raises(ValueError, match="subscore"):
        subscore_value(science(), np.array(items))


def test_a_subscore_of_papers_that_never_met_says_nothing() -> None:
    with pytest.raises(ValueError, match="never given"):
        subscore_value(Responses.of([[1, 0, MISSING], [0, 1, MISSING], [MISSING, 1, 1]]), np.array([0, 1]))


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_people_changes_no_report(seed: int) -> None:
    responses = answers("LSAT7")
    order = np.random.default_rng(seed).permutation(responses.weights.size)
    shuffled = responses.rows(order)
    assert classical(shuffled).rest_correlation == pytest.approx(classical(responses).rest_correlation)
    assert subscore_value(shuffled, np.array([0, 2])).by_both == pytest.approx(
        subscore_value(responses, np.array([0, 2])).by_both
    )
