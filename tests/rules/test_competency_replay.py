"""A past day told in two ways, what each kind of evidence measures, and what would be without a piece."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.competencies.rules import (
    Entry,
    Evidence,
    EvidenceRule,
    EvidenceSettings,
    FilterSettings,
    Policy,
    Status,
    as_known_now,
    as_known_then,
    citizen_reading,
    exam_reading,
    explain,
    filter_evidence,
    predict,
    rubric_reading,
    supervisor_reading,
    without_each,
)

CUTS = (-2.0, -0.7, 0.7, 2.0)
DAY = date(2026, 1, 15)
START = datetime(2025, 1, 1, tzinfo=UTC)
POLICY = Policy(START, CUTS)


def moment(day: int) -> datetime:
    return datetime(2026, 1, 15, 18, tzinfo=UTC) + timedelta(day)


def entry(y: float, day: int, *, entered: int | None = None, voided: int | None = None) -> Entry:
    piece = Evidence(y, 0.3, DAY + timedelta(day))
    return Entry(piece, moment(day if entered is None else entered), None if voided is None else moment(voided))


ENTRIES = st.lists(
    st.builds(
        lambda y, day, late: entry(y, day, entered=day + late),
        st.floats(-3, 3),
        st.integers(0, 200),
        st.integers(0, 90),
    ),
    max_size=8,
)


@given(ENTRIES)
def test_when_all_has_been_entered_both_ways_agree(entries: list[Entry]) -> None:
    on = DAY + timedelta(400)
    assert as_known_then(entries, [POLICY], on=on, at=moment(400)) == as_known_now(entries, [POLICY], on=on)


@given(ENTRIES, ENTRIES)
def test_what_was_voided_was_never_there_now_but_was_then(entries: list[Entry], wrong: list[Entry]) -> None:
    on = DAY + timedelta(400)
    voided = [Entry(one.evidence, one.recorded_at, moment(500)) for one in wrong]
    assert as_known_now(entries + voided, [POLICY], on=on) == as_known_now(entries, [POLICY], on=on)
    then = as_known_then(entries + voided, [POLICY], on=on, at=moment(400))
    assert then == as_known_then(entries + wrong, [POLICY], on=on, at=moment(400))
    after = as_known_then(entries + voided, [POLICY], on=on, at=moment(500))
    assert after == as_known_then(entries, [POLICY], on=on, at=moment(500))


def test_what_was_entered_late_was_not_known_then() -> None:
    entries = [entry(0.5, 0), entry(2.5, 10, entered=60)]
    on = DAY + timedelta(30)
    then, now = as_known_then(entries, [POLICY], on=on, at=moment(30)), as_known_now(entries, [POLICY], on=on)
    assert then is not None
    assert now is not None
    assert then.row.observed_on == DAY
    assert now.row.observed_on == DAY + timedelta(10)
    assert now.state.mean > then.state.mean
    assert now.state.on == then.state.on == on


def test_what_was_observed_later_counts_neither_way() -> None:
    entries, on = [entry(0.5, 0), entry(-3, 40)], DAY + timedelta(30)
    assert as_known_now(entries, [POLICY], on=on) == as_known_now(entries[:1], [POLICY], on=on)


def test_then_goes_by_the_settings_of_that_day_and_now_by_the_newest() -> None:
    lenient = Policy(moment(100), (-3.0, -2.5, -2.0, -1.5), FilterSettings(half_life_months=60))
    on = DAY + timedelta(50)
    then = as_known_then([entry(0.5, 0)], [lenient, POLICY], on=on, at=moment(50))
    now = as_known_now([entry(0.5, 0)], [lenient, POLICY], on=on)
    assert then is not None
    assert now is not None
    assert then == as_known_now([entry(0.5, 0)], [POLICY], on=on)
    assert now.level > then.level
    assert now.state.mean > then.state.mean


def test_of_several_settings_in_force_by_then_the_last_counts() -> None:
    strict, on = Policy(moment(20), (1.0, 2.0, 3.0, 4.0)), DAY + timedelta(50)
    for order in ([POLICY, strict], [strict, POLICY]):
        then = as_known_then([entry(0.5, 0)], order, on=on, at=moment(50))
        assert then == as_known_now([entry(0.5, 0)], [strict], on=on)
        assert then is not None
        assert then.level == 1


def test_a_standing_is_aged_to_its_day_and_goes_stale() -> None:
    rule = EvidenceRule(exams=1, observations=0, assessors=0)
    policy = Policy(START, CUTS, rule=rule)
    early = as_known_now([entry(2.5, 0)], [policy], on=DAY)
    late = as_known_now([entry(2.5, 0)], [policy], on=DAY + timedelta(900))
    assert early is not None
    assert late is not None
    assert early.status is Status.CONFIRMED
    assert late.status is Status.STALE
    assert late.level < early.level
    aged = predict(early.state, DAY + timedelta(900))
    assert (late.state.mean, late.state.variance) == (pytest.approx(aged.mean), pytest.approx(aged.variance))


def test_before_anything_was_known_there_is_no_standing() -> None:
    assert as_known_then([entry(1, 10)], [POLICY], on=DAY, at=moment(0)) is None
    assert as_known_now([], [POLICY], on=DAY) is None
    with pytest.raises(ValueError, match="No settings"):
        as_known_then([], [POLICY], on=DAY, at=START - timedelta(1))
    with pytest.raises(ValueError, match="no settings"):
        as_known_now([], [], on=DAY)


PIECES = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.1, 2), st.integers(0, 300)).map(
        lambda row: Evidence(row[0], row[1], DAY + timedelta(row[2]))
    ),
    min_size=1,
    max_size=6,
)


@given(PIECES)
def test_without_a_piece_is_the_filter_over_the_others(pieces: list[Evidence]) -> None:
    on = DAY + timedelta(400)
    found = without_each(pieces, on, CUTS)
    assert sorted(absence.evidence[:3] for absence in found) == sorted(piece[:3] for piece in pieces)
    told = explain(pieces, on, CUTS)
    assert told is not None
    changes = [abs((absence.mean if absence.mean is not None else math.inf) - told.state.mean) for absence in found]
    assert changes == sorted(changes, reverse=True)
    for absence in found:
        others = list(pieces)
        others.remove(absence.evidence)
        if not others:
            assert (absence.mean, absence.level) == (None, None)
            continue
        assert absence.mean == pytest.approx(predict(filter_evidence(others)[-1].after, on).mean)
        assert 1 <= (absence.level or 0) <= 5


def test_an_exam_is_what_it_measured() -> None:
    assert exam_reading(0.8, 0.4) == (0.8, pytest.approx(0.16))
    with pytest.raises(ValueError, match="standard error"):
        exam_reading(0.8, 0)


def test_a_severe_assessor_is_corrected_and_the_doubt_about_severity_stays() -> None:
    unknown = rubric_reading(0.5, 0.4)
    known = rubric_reading(0.5, 0.4, severity=0.6, severity_se=0.2)
    assert unknown == (0.5, pytest.approx(0.16 + 0.25))
    assert known.y == pytest.approx(1.1)
    assert known.variance == pytest.approx(0.16 + 0.25 * 0.04 / 0.29)
    assert rubric_reading(0.5, 0.4, severity_se=1e6).variance == pytest.approx(unknown.variance)


def test_a_supervisors_rating_has_the_reliability_it_is_given() -> None:
    """Seed 71: ratings of reliability .52 are unbiased for the ability they stand for, with the variance said."""
    rng = np.random.default_rng(71)
    settings = EvidenceSettings(mean=0.3, sd=1.5)
    truth = rng.normal(0.3, 1.5, 50_000)
    ratings = 3 + 0.5 * (truth - 0.3) / 1.5 * math.sqrt(0.52) + rng.normal(0, 0.5 * math.sqrt(0.48), truth.size)
    reading = [supervisor_reading(float(rating), 3, 0.5, settings) for rating in ratings]
    errors = np.array([one.y for one in reading]) - truth
    assert reading[0].variance == pytest.approx(2.25 * 0.48 / 0.52)
    assert errors.mean() == pytest.approx(0, abs=0.03)
    assert errors.var() == pytest.approx(reading[0].variance, rel=0.03)


def test_no_volume_of_reviews_swamps_an_exam() -> None:
    few = citizen_reading(1, 100, expected_per_1000=5, spread_per_1000=4)
    many = citizen_reading(10_000, 1_000_000, expected_per_1000=5, spread_per_1000=4)
    assert few.y == pytest.approx(many.y)
    assert many.y < 0
    assert few.variance > many.variance > 1
    assert many.variance == pytest.approx(1, abs=0.01)
    better = citizen_reading(0, 100, expected_per_1000=5, spread_per_1000=4)
    assert better.y > 0
    clustered = citizen_reading(1, 100, expected_per_1000=5, spread_per_1000=4, design_effect=3)
    assert clustered.variance - 1 == pytest.approx(3 * (few.variance - 1))


@pytest.mark.parametrize(
    "words",
    [
        {"bad_reviews": 2, "cases": 1},
        {"bad_reviews": 0, "cases": 0},
        {"bad_reviews": -1, "cases": 5},
        {"bad_reviews": 0, "cases": 5, "spread_per_1000": 0},
        {"bad_reviews": 0, "cases": 5, "expected_per_1000": 0},
        {"bad_reviews": 0, "cases": 5, "design_effect": 0.5},
    ],
)
def test_reviews_that_cannot_be_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"reviews|spread"):
        citizen_reading(**({"expected_per_1000": 5, "spread_per_1000": 4} | words))


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="reliability"):
        EvidenceSettings(supervisor_reliability=1)
    with pytest.raises(ValueError, match="alike"):
        supervisor_reading(3, 3, 0)
