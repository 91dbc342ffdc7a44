"""Working days: against the arrangement published for 2026, and whatever calendar anybody keeps."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from training.lib.workdays import NoWorkingDayError, WorkingCalendar, days_from, week_of

# The public holidays of 2026 in mainland China and the weekends worked for them, as the General Office of the State
# Council announced them on 4 November 2025.
OFF = (
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
MADE_UP = (
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
CALENDAR_2026 = WorkingCalendar(
    exceptions={**{day: False for span in OFF for day in days_from(*span)}, **dict.fromkeys(MADE_UP, True)}
)

somewhen = st.dates(date(2000, 1, 1), date(2100, 1, 1))
calendars = st.builds(
    WorkingCalendar,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=40),
)
nearby = st.dates(date(2025, 12, 1), date(2027, 2, 1))
few = st.integers(0, 30)


def test_the_year_2026_has_248_working_days() -> None:
    assert CALENDAR_2026.count(date(2026, 1, 1), date(2026, 12, 31)) == 248


def test_a_made_up_sunday_is_worked_and_a_holiday_friday_is_not() -> None:
    assert CALENDAR_2026.is_working(date(2026, 9, 20))
    assert not CALENDAR_2026.is_working(date(2026, 9, 25))
    assert not CALENDAR_2026.is_working(date(2026, 9, 26))
    assert CALENDAR_2026.is_working(date(2026, 9, 28))


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # National Day between, and the Saturday worked for it
        (date(2026, 2, 13), 3, date(2026, 2, 25)),  # Saturday 14 is worked, then the Spring Festival
        (date(2026, 2, 26), 3, date(2026, 3, 2)),  # Saturday 28 is worked
        (date(2026, 5, 2), 1, date(2026, 5, 6)),  # received on a holiday
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
    ],
)
def test_a_promised_limit_in_2026(received: date, days: int, due: date) -> None:
    assert CALENDAR_2026.add(received, days) == due


def test_the_working_day_before_and_after_the_spring_festival() -> None:
    assert CALENDAR_2026.next_working(date(2026, 2, 14)) == date(2026, 2, 24)
    assert CALENDAR_2026.last_working(date(2026, 2, 24)) == date(2026, 2, 14)


@given(calendars, nearby)
def test_the_next_working_day_is_the_first_one_later(calendar: WorkingCalendar, day: date) -> None:
    later = calendar.next_working(day)
    assert later > day
    assert calendar.is_working(later)
    assert calendar.count(day + timedelta(days=1), later) == 1


@given(calendars, nearby)
def test_the_last_working_day_mirrors_the_next(calendar: WorkingCalendar, day: date) -> None:
    earlier = calendar.last_working(day)
    assert earlier < day
    assert calendar.is_working(earlier)
    assert calendar.next_working(earlier) >= day


@given(calendars, nearby, few, few)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, day: date, first: int, second: int) -> None:
    assert calendar.add(calendar.add(day, first), second) == calendar.add(day, first + second)


@given(calendars, nearby, few)
def test_as_many_working_days_lie_between_as_were_added(calendar: WorkingCalendar, day: date, number: int) -> None:
    assert calendar.count(day + timedelta(days=1), calendar.add(day, number)) == number


@given(calendars, nearby, nearby, few)
def test_a_later_start_is_never_due_earlier(calendar: WorkingCalendar, one: date, two: date, number: int) -> None:
    first, second = sorted((one, two))
    assert calendar.add(first, number) <= calendar.add(second, number)


@given(calendars, nearby, nearby, nearby)
def test_days_are_counted_once(calendar: WorkingCalendar, one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assume(first <= middle < last)
    parts = calendar.count(first, middle) + calendar.count(middle + timedelta(days=1), last)
    assert parts == calendar.count(first, last)


@given(somewhen)
def test_a_week_begins_on_monday_and_holds_the_day(day: date) -> None:
    week = week_of(day)
    assert day in week
    assert [one.isoweekday() for one in week] == [1, 2, 3, 4, 5, 6, 7]


def test_a_calendar_without_working_days_is_noticed() -> None:
    empty = WorkingCalendar(weekdays=frozenset())
    for ask in (empty.next_working, empty.last_working, lambda day: empty.add(day, 1)):
        with pytest.raises(NoWorkingDayError):
            ask(date(2026, 1, 1))


def test_nothing_is_added_backwards() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR_2026.add(date(2026, 1, 1), -1)
