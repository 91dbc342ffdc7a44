"""The competency filter: its equations, and that neither order nor voided evidence leaves a trace."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.competencies.rules import (
    Evidence,
    EvidenceKind,
    FilterSettings,
    State,
    filter_evidence,
    is_surprise,
    predict,
)

DAY = date(2026, 1, 15)
PIECES = st.tuples(
    st.floats(-5, 5),
    st.floats(0.05, 5),
    st.integers(0, 60).map(lambda steps: DAY + timedelta(steps * 20)),
    st.sampled_from(["exam", "observation", "supervisor"]),
).map(lambda row: Evidence(*row))


def after(evidence: list[Evidence], settings: FilterSettings | None = None) -> State:
    return filter_evidence(evidence, settings or FilterSettings())[-1].after


def test_one_exam_is_weighed_against_the_start() -> None:
    state = after([Evidence(1.2, 0.25, DAY)])
    gain = 2.25 / (2.25 + 0.25)
    assert state.mean == pytest.approx(gain * 1.2)
    assert state.variance == pytest.approx((1 - gain) * 2.25)


def test_two_exams_follow_the_equations_step_by_step() -> None:
    settings = FilterSettings(start_mean=0.2, start_sd=1.2, half_life_months=12, baseline=-1.5, stationary_sd=1.3)
    later = DAY + timedelta(200)
    mean, variance = 0.2, 1.44
    gain = variance / (variance + 0.3)
    mean, variance = mean + gain * (0.9 - mean), (1 - gain) * variance
    kept = 0.5 ** (200 / 30.4375 / 12)
    mean, variance = -1.5 + (mean + 1.5) * kept, kept**2 * variance + 1.69 * (1 - kept**2)
    gain = variance / (variance + 0.6)
    mean, variance = mean + gain * (1.4 - mean), (1 - gain) * variance
    state = after([Evidence(1.4, 0.6, later), Evidence(0.9, 0.3, DAY)], settings)
    assert state == (pytest.approx(mean), pytest.approx(variance), later)


def test_half_of_the_way_to_the_baseline_is_lost_in_a_half_life() -> None:
    settings = FilterSettings(half_life_months=12)
    aged = predict(State(2.0, 0.1, DAY), DAY + timedelta(365), settings)
    assert aged.mean == pytest.approx(0.0, abs=0.002)
    assert aged.variance == pytest.approx(0.25 * 0.1 + 0.75 * 2.25, abs=0.002)


@given(mean=st.floats(-5, 5), variance=st.floats(0.01, 4), first=st.integers(0, 3000), second=st.integers(0, 3000))
def test_ageing_in_two_goes_is_ageing_in_one(mean: float, variance: float, first: int, second: int) -> None:
    state = State(mean, variance, DAY)
    once = predict(state, DAY + timedelta(first + second))
    twice = predict(predict(state, DAY + timedelta(first)), DAY + timedelta(first + second))
    assert once == (pytest.approx(twice.mean), pytest.approx(twice.variance), twice.on)


def test_a_state_cannot_be_aged_backwards() -> None:
    with pytest.raises(ValueError, match="aged back"):
        predict(State(0, 1, DAY), DAY - timedelta(1))


@given(st.lists(PIECES, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_entry_leaves_no_trace(evidence: list[Evidence], rng: object) -> None:
    shuffled = list(evidence)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out random.Random instances
    assert after(shuffled) == after(evidence)


@given(st.lists(PIECES, min_size=2, max_size=8))
def test_pieces_of_one_day_are_the_same_one_after_the_other(evidence: list[Evidence]) -> None:
    same_day = [piece._replace(observed_on=DAY) for piece in evidence]
    mean, variance = 0.0, 2.25
    for piece in same_day:
        gain = variance / (variance + piece.variance)
        mean, variance = mean + gain * (piece.y - mean), (1 - gain) * variance
    assert after(same_day) == (pytest.approx(mean, abs=1e-9), pytest.approx(variance), DAY)


@given(st.lists(PIECES, min_size=1, max_size=8), PIECES)
def test_a_voided_piece_was_never_there(evidence: list[Evidence], wrong: Evidence) -> None:
    assert filter_evidence([*evidence, wrong._replace(voided=True)]) == filter_evidence(evidence)


@given(st.lists(PIECES, min_size=1, max_size=8), PIECES, st.sampled_from(["self", "public"]))
def test_what_is_only_shown_beside_does_not_count(evidence: list[Evidence], shown: Evidence, kind: str) -> None:
    assert filter_evidence([*evidence, shown._replace(kind=kind)]) == filter_evidence(evidence)


@given(st.lists(PIECES, min_size=1, max_size=8), PIECES, st.floats(0.01, 3))
def test_a_better_result_never_lowers_the_estimate(evidence: list[Evidence], piece: Evidence, by: float) -> None:
    assert after([*evidence, piece._replace(y=piece.y + by)]).mean > after([*evidence, piece]).mean


@given(st.lists(PIECES, min_size=1, max_size=8), PIECES)
def test_more_evidence_on_the_last_day_only_lessens_doubt(evidence: list[Evidence], piece: Evidence) -> None:
    before = after(evidence)
    now = after([*evidence, piece._replace(observed_on=before.on)])
    assert 0 < now.variance < before.variance
    assert math.isfinite(now.mean)


def test_no_evidence_is_no_estimate() -> None:
    assert filter_evidence([]) == []
    assert filter_evidence([Evidence(1, 1, DAY, kind=EvidenceKind.SELF)]) == []


@pytest.mark.parametrize(
    "piece",
    [
        Evidence(math.nan, 1, DAY),
        Evidence(math.inf, 1, DAY),
        Evidence(0, 0, DAY),
        Evidence(0, -1, DAY),
        Evidence(0, math.nan, DAY),
        Evidence(0, math.inf, DAY),
        Evidence(0, 1, DAY, kind="rumour"),
    ],
)
def test_evidence_that_cannot_be_is_refused(piece: Evidence) -> None:
    with pytest.raises(ValueError, match=r"Evidence|rumour"):
        filter_evidence([piece])


@pytest.mark.parametrize(("y", "surprising"), [(4.0, False), (4.1, True), (-4.1, True)])
def test_a_result_far_from_what_was_expected_is_flagged(y: float, *, surprising: bool) -> None:
    # limit = 2.58 * sqrt(2.25 + 0.25) = 4.08
    assert is_surprise(Evidence(y, 0.25, DAY), State(0, 2.25, DAY)) is surprising


@pytest.mark.parametrize(
    "change",
    [
        {"start_sd": 0},
        {"stationary_sd": -1},
        {"half_life_months": 0},
        {"hold_probability": 0.5},
        {"hold_probability": 1},
        {"surprise_limit": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above 0|held"):
        FilterSettings(**change)
