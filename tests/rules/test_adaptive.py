"""Adaptive tests: the best item by brute force, quotas held, exposures held, stops as promised."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from assessments.scoring.adaptive import AdaptiveRules, Bank, Stop, decide, lottery
from assessments.scoring.graded import Items
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import Responses
from assessments.scoring.scores import eap
from assessments.scoring.simulation import NONE, simulate, sympson_hetter


def bank(size: int = 60, areas: int = 3, seed: int = 51) -> Bank:
    rng = np.random.default_rng(seed)
    a, b = rng.lognormal(0, 0.3, size), rng.normal(size=size)
    return Bank.of(a, -a * b, np.arange(size) % areas)


SHORT = AdaptiveRules(longest=8, shortest=8)
MIXED = AdaptiveRules(longest=8, shortest=8, quotas={0: 4, 1: 3, 2: 1})


@given(st.integers(0, 1000), st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_the_next_item_is_the_most_telling_one_not_yet_asked(seed: int, count: int) -> None:
    """By brute force over the whole bank, at the posterior mean worked out elsewhere."""
    rng = np.random.default_rng(seed)
    items = bank(seed=seed)
    asked = [int(item) for item in rng.permutation(items.size)[:count]]
    right = [bool(answer) for answer in rng.random(count) < 0.5]
    found = decide(items, SHORT, asked, right)
    theta = 0.0
    if asked:
        answers = Responses.of([[int(answer) for answer in right]])
        scored = eap(Items.of(items.a[asked], items.d[asked]), answers, Grid.normal(41))
        theta = float(scored.theta[0])
        assert found.sd == pytest.approx(float(scored.se[0]), abs=1e-4)
    assert found.theta == pytest.approx(theta, abs=1e-4)
    assert found.item not in asked
    # information is looked up at a point at most half of 0.05 logits away
    assert any(
        found.item in most_telling(items, at, asked) for at in {np.floor(theta * 20) / 20, np.ceil(theta * 20) / 20}
    )


def most_telling(items: Bank, theta: float, asked: list[int]) -> list[int]:
    """The best items left at that theta, more than one only within the last digit of single precision."""
    p = expit(items.a * theta + items.d)
    information = items.a**2 * p * (1 - p)
    information[asked] = -1
    return [int(item) for item in np.flatnonzero(information >= information.max() * (1 - 1e-6))]


def test_the_simulator_gives_what_a_single_candidate_gets() -> None:
    """Seed 52; item by item, with quotas and a lottery drawn beforehand."""
    rng = np.random.default_rng(52)
    items = bank()
    result = simulate(items, MIXED, rng.normal(size=5), rng)
    for person in range(5):
        asked, right = result.asked[person].tolist(), result.right[person].tolist()
        for count in range(MIXED.longest):
            assert decide(items, MIXED, asked[:count], right[:count]).item == asked[count]
        end = decide(items, MIXED, asked, right)
        assert (end.item, end.stop) == (None, Stop.FULL)
        assert (end.theta, end.sd) == (pytest.approx(result.theta[person]), pytest.approx(result.sd[person]))


@given(st.integers(0, 1000), st.booleans())
@settings(max_examples=15, deadline=None)
def test_full_tests_hold_their_quotas_exactly_and_ask_nothing_twice(seed: int, stratified: bool) -> None:
    rng = np.random.default_rng(seed)
    items = bank(seed=seed)
    rules = AdaptiveRules(longest=8, shortest=8, quotas={0: 4, 1: 3, 2: 1}, strata=4 if stratified else None)
    result = simulate(items, rules, rng.normal(size=40), rng, np.full(items.size, 0.5))
    for row in result.asked:
        assert np.bincount(items.area[row], minlength=3).tolist() == [4, 3, 1]
        assert np.unique(row).size == 8


def test_no_item_wears_out_under_sympson_and_hetter() -> None:
    """Seed 53; 200 items, 15 asked, at most 25 % of people see any; 3,000 people not used to set the rates."""
    rng = np.random.default_rng(53)
    items, rules = bank(200, 1), AdaptiveRules(longest=15, shortest=15)
    rates = sympson_hetter(items, rules, rng, most=0.25, people=1500)
    truth = rng.normal(size=3000)
    free, held = simulate(items, rules, truth, rng), simulate(items, rules, truth, rng, rates)
    assert free.exposure.max() == 1
    assert held.exposure.max() < 0.25 + 4 * math.sqrt(0.25 * 0.75 / 1500)
    assert held.overlap < 0.6 * free.overlap
    assert held.unused < free.unused
    assert held.rmse < 1.2 * free.rmse


def test_stratified_by_slope_the_whole_bank_is_used() -> None:
    """Seed 54; 200 items, 20 asked in 4 strata, with the lottery on top."""
    rng = np.random.default_rng(54)
    items = bank(200, 1)
    plain, rules = AdaptiveRules(longest=20, shortest=20), AdaptiveRules(longest=20, shortest=20, strata=4)
    rates = sympson_hetter(items, rules, rng, most=0.25, people=1000, rounds=10)
    truth = rng.normal(size=2000)
    free, held = simulate(items, plain, truth, rng), simulate(items, rules, truth, rng, rates)
    assert held.exposure.max() < 0.3
    assert held.unused < 0.2 * free.unused
    early, late = held.asked[:, 0], held.asked[:, -1]
    assert items.a[early].mean() < items.a[late].mean()


def test_a_refused_item_is_not_shown_while_another_is_left() -> None:
    items = bank(20, 1)
    admitted = np.zeros(20, dtype=bool)
    admitted[[3, 7]] = True
    first = decide(items, SHORT, [], [], admitted)
    second = decide(items, SHORT, [int(first.item or 0)], [True], admitted)
    assert {first.item, second.item} == {3, 7}
    assert decide(items, SHORT, [3, 7], [True, False], admitted).item not in (None, 3, 7)


def test_the_lottery_admits_at_its_rates() -> None:
    rates = np.array([0.1, 0.5, 1.0])
    drawn = lottery(rates, np.random.default_rng(55), 20_000)
    assert drawn.mean(axis=0) == pytest.approx(rates, abs=0.015)


def test_it_stops_when_precise_when_decided_and_when_full() -> None:
    """Seed 56; 300 good items."""
    rng = np.random.default_rng(56)
    items = Bank.of(np.full(300, 1.8), 1.8 * np.linspace(-3, 3, 300))
    truth = rng.normal(size=400)
    precise = simulate(items, AdaptiveRules(longest=60, shortest=5, target_se=0.3), truth, rng)
    assert precise.length.max() < 60
    assert precise.sd.max() <= 0.3
    decided = simulate(items, AdaptiveRules(longest=60, shortest=5, cuts=(0.0,), certainty=1.645), truth, rng)
    clear, near = np.abs(truth) > 1.5, np.abs(truth) < 0.15
    assert decided.length[clear].mean() < 10 < decided.length[near].mean()
    assert np.mean((decided.theta > 0) == (truth > 0)) > 0.93
    done = decided.length < 60
    assert np.all(np.abs(decided.theta[done]) >= 1.645 * decided.sd[done])
    assert np.all(decided.asked[decided.length == 5, 5:] == NONE)


@pytest.mark.parametrize(
    ("rules", "stop"),
    [
        (AdaptiveRules(longest=4, shortest=2, target_se=5), Stop.PRECISE),
        (AdaptiveRules(longest=4, shortest=2, cuts=(-9,)), Stop.DECIDED),
        (AdaptiveRules(longest=2, shortest=2), Stop.FULL),
    ],
)
def test_the_reason_of_the_end_is_said(rules: AdaptiveRules, stop: Stop) -> None:
    assert decide(bank(), rules, [0, 1], [True, True]).stop is stop
    assert decide(bank(), rules, [0], [True]).stop is None


def test_estimates_are_as_sure_as_they_say() -> None:
    """Seed 57; 2,000 people, 20 of 200 items."""
    rng = np.random.default_rng(57)
    result = simulate(bank(200, 1), AdaptiveRules(longest=20, shortest=20), rng.normal(size=2000), rng)
    covered = np.abs(result.theta - result.truth) < 1.96 * result.sd
    assert covered.mean() == pytest.approx(0.95, abs=0.02)
    assert result.rmse == pytest.approx(float(np.sqrt(np.mean(result.sd**2))), rel=0.05)


def test_what_cannot_be_filled_is_refused() -> None:
    items, rng = bank(6, 3), np.random.default_rng(58)
    with pytest.raises(ValueError, match="bank has 6 items"):
        decide(items, SHORT, [], [])
    with pytest.raises(ValueError, match="area 0 has 2 items"):
        decide(items, AdaptiveRules(longest=4, shortest=4, quotas={0: 4}), [], [])
    with pytest.raises(ValueError, match="too few"):
        sympson_hetter(bank(20, 1), SHORT, rng, most=0.2)
    with pytest.raises(ValueError, match="rate"):
        simulate(bank(), SHORT, [0.0], rng, np.zeros(60))
    with pytest.raises(ValueError, match="once"):
        decide(bank(), SHORT, [1, 1], [True, True])


@pytest.mark.parametrize(
    "words",
    [
        {"longest": 0},
        {"longest": 5, "shortest": 6},
        {"longest": 5, "shortest": 5, "quotas": {0: 4}},
        {"longest": 5, "shortest": 5, "strata": 6},
    ],
)
def test_rules_that_make_no_sense_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"test|quotas|strat"):
        AdaptiveRules(**words)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("a", "d", "area"), [([0.0], [0.0], None), ([1.0], [math.nan], None), ([], [], None), ([1.0], [0.0], [-1])]
)
def test_banks_that_cannot_be_are_refused(a: list[float], d: list[float], area: list[int] | None) -> None:
    with pytest.raises(ValueError, match=r"bank|slopes|area"):
        Bank.of(a, d, area)
