"""Levels: when one is held, until when, confirmed or not, and where it stands on the bar."""

from datetime import date, timedelta
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from training.competencies.rules import (
    FOREVER,
    Evidence,
    EvidenceRule,
    FilterSettings,
    Proficiency,
    State,
    Status,
    held_until,
    level_band,
    level_held,
    level_position,
    predict,
    proficiencies,
    proficiency,
)

CUTS = (-2.0, -0.7, 0.7, 2.0)
DAY = date(2026, 1, 15)
STATES = st.builds(State, st.floats(-4, 6), st.floats(0.02, 3), st.just(DAY))
SETTINGS = st.builds(
    FilterSettings,
    half_life_months=st.floats(3, 60),
    baseline=st.floats(-3, 1),
    stationary_sd=st.floats(0.1, 2),
    hold_probability=st.floats(0.55, 0.95),
)


def chance(state: State, cut: float) -> float:
    return NormalDist(state.mean, state.variance**0.5).cdf(cut)


@given(STATES)
def test_a_level_is_held_with_four_chances_in_five(state: State) -> None:
    held = level_held(state, CUTS)
    assert all((1 - chance(state, cut) >= 0.8 - 1e-12) for cut in CUTS[: held - 1])
    assert all((1 - chance(state, cut) <= 0.8 + 1e-12) for cut in CUTS[held - 1 :])


@given(STATES, st.sampled_from(CUTS), SETTINGS)
def test_held_until_is_the_first_day_it_is_not(state: State, cut: float, settings: FilterSettings) -> None:
    def holds(on: date) -> bool:
        return level_held(predict(state, on, settings), [cut], settings) == 2

    until = held_until(state, cut, settings)
    if until is None:
        assert not holds(DAY)
        return
    days = (until - DAY).days
    assert days > 0
    checked = range(0, min(days, 40_000), max(1, min(days, 40_000) // 200))
    assert all(holds(DAY + timedelta(day)) for day in checked)
    if until < FOREVER:
        assert holds(until - timedelta(1))
        assert not holds(until)


@given(STATES, SETTINGS)
def test_a_higher_level_is_never_held_longer(state: State, settings: FilterSettings) -> None:
    dates = [held_until(state, cut, settings) or date.min for cut in CUTS]
    assert dates == sorted(dates, reverse=True)


def test_a_level_below_the_untrained_baseline_is_never_lost() -> None:
    settings = FilterSettings(baseline=3.0, stationary_sd=0.5)
    assert held_until(State(3.0, 0.2, DAY), 2.0, settings) == FOREVER
    assert held_until(State(3.0, 0.2, date(9999, 1, 1)), 0.0) == FOREVER


def test_ageing_alone_never_gives_a_level() -> None:
    settings = FilterSettings(baseline=3.0, stationary_sd=0.5)
    assert held_until(State(0.0, 0.2, DAY), 2.0, settings) is None


def test_an_endless_half_life_ages_nothing() -> None:
    assert held_until(State(1.0, 0.1, DAY), 0.0, FilterSettings(half_life_months=float("inf"))) == FOREVER


def exam(y: float, day: int, variance: float = 0.2) -> Evidence:
    return Evidence(y, variance, DAY + timedelta(day), "exam", ident=f"exam {day}")


def seen(y: float, day: int, assessor: str) -> Evidence:
    return Evidence(y, 0.4, DAY + timedelta(day), "observation", assessor, ident=f"seen {day}")


FULL = [exam(1.9, 0), seen(2.0, 10, "Li Na"), seen(1.8, 20, "Li Na"), seen(2.1, 30, "Wang Wei")]


def row(evidence: list[Evidence], rule: EvidenceRule | None = None) -> Proficiency:
    found = proficiency(evidence, CUTS, rule=rule or EvidenceRule())
    assert found is not None
    return found


def test_full_evidence_confirms_the_level_until_it_lapses() -> None:
    found = row(FULL)
    assert (found.level, found.confirmed_level) == (4, 4)
    assert found.observed_on == DAY + timedelta(30)
    assert found.recertify_by == found.held_until[2]
    assert found.status_on(found.recertify_by - timedelta(1)) is Status.CONFIRMED
    assert found.level_on(found.recertify_by - timedelta(1)) == 4
    assert found.status_on(found.recertify_by) is Status.STALE
    assert found.level_on(found.recertify_by) == 3
    assert found.held_until[3] is None


@pytest.mark.parametrize(
    "evidence",
    [
        [FULL[0]],
        FULL[1:],
        FULL[:3],
        [*FULL[:3], seen(1.8, 30, "Li Na")],
        [*FULL[:3], seen(1.8, 180, "Wang Wei")],
        [*FULL[:3], Evidence(1.8, 0.4, DAY + timedelta(30), "observation", None)],
        [*FULL[:3], FULL[3]._replace(voided=True)],
        [*FULL[:3], FULL[3]._replace(kind="public")],
    ],
)
def test_anything_less_is_provisional(evidence: list[Evidence]) -> None:
    found = row(evidence)
    assert found.level >= 2
    assert found.confirmed_level == 0
    assert found.status_on(found.observed_on) is Status.PROVISIONAL


def test_the_window_counts_from_its_first_day() -> None:
    assert row([*FULL[:3], seen(1.8, 179, "Wang Wei")]).confirmed_level > 0


def test_a_single_exam_that_lifts_the_level_leaves_it_provisional() -> None:
    # day 215: the observations of days 10 to 30 are out of the window, the level itself was held throughout
    held = [*FULL, exam(2, 70, 0.1), exam(2, 110, 0.1), exam(2, 160, 0.1)]
    assert (row(held).level, row(held).confirmed_level) == (4, 4)
    found = row([*held, exam(5, 215, 0.05)])
    assert found.level == 5
    assert found.confirmed_level == 4
    assert found.status_on(found.observed_on) is Status.PROVISIONAL


def test_later_evidence_that_keeps_the_level_keeps_it_confirmed() -> None:
    found = row([*FULL, exam(2, 70, 0.1), exam(2, 110, 0.1)])
    assert found.level == found.confirmed_level == 4
    assert found.status_on(found.observed_on) is Status.CONFIRMED


def test_a_level_that_lapsed_must_be_confirmed_anew() -> None:
    lapsed = row(FULL).recertify_by
    again = Evidence(2.0, 0.05, lapsed + timedelta(400), "exam")
    found = row([*FULL, again])
    assert found.level == 4
    assert found.confirmed_level < 4
    assert found.status_on(found.observed_on) is Status.PROVISIONAL


def test_anyone_with_evidence_has_level_one_and_keeps_it() -> None:
    found = row([exam(-4, 0)])
    assert (found.level, found.recertify_by) == (1, FOREVER)
    assert found.held_until == (None, None, None, None)
    assert found.status_on(DAY + timedelta(5000)) is Status.PROVISIONAL


def test_the_rule_is_a_setting() -> None:
    assert row([FULL[0]], EvidenceRule(exams=1, observations=0, assessors=0)).confirmed_level == row([FULL[0]]).level


def test_surprises_are_named() -> None:
    assert row([exam(1.5, 0), exam(-4.5, 30)]).surprises == ("exam 30",)
    assert row(FULL).surprises == ()


def test_two_exams_of_a_day_are_both_held_against_the_state_before_it() -> None:
    assert set(row([exam(5, 0, 0.05), exam(-5, 0, 0.06)._replace(ident="other")]).surprises) == {"exam 0", "other"}


def test_many_groups_at_once_are_each_their_own() -> None:
    groups = {(1, "A"): FULL, (1, "B"): [exam(-1, 0)], (2, "A"): []}
    rows = proficiencies(groups, CUTS)
    assert rows == {(1, "A"): row(FULL), (1, "B"): row([exam(-1, 0)])}


@pytest.mark.parametrize(
    ("value", "position"),
    [(-9, 0), (-3.3, 0), (-2.65, 0.5), (-2, 1), (-1.35, 1.5), (-0.7, 2), (0, 2.5), (0.7, 3), (2, 4), (3.3, 5), (9, 5)],
)
def test_the_position_on_the_bar(value: float, position: float) -> None:
    assert level_position(value, CUTS) == pytest.approx(position)


def test_a_single_cut_has_bands_of_one_logit() -> None:
    assert [level_position(value, [0.0]) for value in (-1, 0, 0.5, 1)] == [0, 1, 1.5, 2]


@given(STATES)
def test_the_lower_whisker_stands_in_the_level_held(state: State) -> None:
    band = level_band(state.mean, state.variance, CUTS)
    assert band.low <= band.position <= band.high
    assume(all(abs(band.low - edge) > 1e-9 for edge in range(6)))
    assert int(band.low) + 1 == level_held(state, CUTS)
