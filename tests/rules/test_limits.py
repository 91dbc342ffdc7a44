"""Limits of time in several units: which is longer, and on which day one ends."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.lib.workdays import WorkingCalendar
from training.matters.rules import CALENDAR_DAYS, WORKING_DAYS, WORKING_HOURS, Limit, is_longer, last_day

WEDNESDAY = date(2026, 9, 23)
# Mid-autumn: Friday to Sunday off, and the Sunday before was worked.
CALENDAR = WorkingCalendar(exceptions={date(2026, 9, 20): True, date(2026, 9, 25): False})


@pytest.mark.parametrize(
    ("limit", "ends"),
    [
        (Limit(0), WEDNESDAY),
        (Limit(1), date(2026, 9, 24)),
        (Limit(2), date(2026, 9, 28)),
        (Limit(0.5), date(2026, 9, 24)),
        (Limit(Decimal("1.25")), date(2026, 9, 28)),
        (Limit(4, WORKING_HOURS), date(2026, 9, 24)),
        (Limit(16, WORKING_HOURS), date(2026, 9, 28)),
        (Limit(1, CALENDAR_DAYS), date(2026, 9, 24)),
        (Limit(2, CALENDAR_DAYS), date(2026, 9, 28)),  # the holiday puts the last day off
        (Limit(30, CALENDAR_DAYS), date(2026, 10, 23)),
        (Limit(0, CALENDAR_DAYS), WEDNESDAY),
    ],
)
def test_the_last_day_is_counted_in_the_limit_s_own_unit(limit: Limit, ends: date) -> None:
    assert last_day(limit, WEDNESDAY, CALENDAR) == ends


@pytest.mark.parametrize(
    ("promised", "statutory", "longer"),
    [
        (Limit(5), Limit(5), False),
        (Limit(6), Limit(5), True),
        (Limit(8, WORKING_HOURS), Limit(1), False),
        (Limit(9, WORKING_HOURS), Limit(1), True),
        (Limit(10), Limit(15, CALENDAR_DAYS), False),
        (Limit(11), Limit(15, CALENDAR_DAYS), True),
        (Limit(7, CALENDAR_DAYS), Limit(5), False),
        (Limit(0, WORKING_HOURS), Limit(0), False),
    ],
)
def test_a_promise_is_held_against_the_law_across_units(promised: Limit, statutory: Limit, longer: bool) -> None:
    assert is_longer(promised, statutory) is longer


@given(
    st.sampled_from([WORKING_DAYS, CALENDAR_DAYS, WORKING_HOURS]),
    st.integers(0, 60),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_no_limit_ends_before_it_begins_and_more_never_ends_earlier(unit: str, number: int, day: date) -> None:
    ends = last_day(Limit(number, unit), day, CALENDAR)
    assert day <= ends <= last_day(Limit(number + 1, unit), day, CALENDAR)
