"""The calendar, leave and the roster: what each service writes, keeps in the trail, refuses; what the queries tell."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories.people import (
    CalendarDayFactory,
    CentreFactory,
    DepartmentFactory,
    LeaveFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.operations.models import AuditEvent
from training.people.models import CalendarDay, Centre, Department, Leave, Shift, User
from training.people.queries import away, shifts_of, working_calendar
from training.people.services import (
    CalendarRow,
    NotAllowedError,
    PeopleError,
    ShiftRow,
    change_leave,
    clear_calendar,
    copy_of,
    enter_leave,
    set_calendar,
    set_roster,
    set_working_days,
    withdraw_leave,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
NAME = {"en": "National Day", "zh-hans": "国庆节"}


@pytest.fixture
def tax() -> Department:
    return DepartmentFactory(code="tax")


@pytest.fixture
def hr(tax: Department) -> User:
    return UserFactory(hr=True, hr_grant__department=tax, department=tax)


@pytest.fixture
def chief() -> User:
    return UserFactory(hr=True)


@pytest.fixture
def clerk(tax: Department) -> User:
    return UserFactory(department=tax)


def last_event() -> AuditEvent:
    event = AuditEvent.objects.order_by("-pk").first()
    assert event is not None
    return event


# ------------------------------------------------------------------ the calendar


def holiday(day: int, *, worked: bool = False) -> CalendarRow:
    return CalendarRow(date(2026, 10, day), worked, NAME)


def test_a_calendar_is_set_changed_and_set_again_without_effect(chief: User) -> None:
    CentreFactory()
    first = set_calendar(rows=[holiday(1), holiday(2), holiday(10)], by=chief, at=AT)
    second = set_calendar(rows=[holiday(2), holiday(10, worked=True), holiday(3)], by=chief, at=AT)
    assert (first.created, first.changed, first.unchanged) == (3, 0, 0)
    assert (second.created, second.changed, second.unchanged) == (1, 1, 1)
    assert last_event().before == {"2026-10-10": {"is_working": False, "name": NAME}}
    events = AuditEvent.objects.count()
    third = set_calendar(rows=[holiday(2)], by=chief, at=AT)
    assert (third.unchanged, AuditEvent.objects.count()) == (1, events)
    calendar = working_calendar()
    assert not calendar.is_working(date(2026, 10, 2))
    assert calendar.is_working(date(2026, 10, 10))


def test_cleared_days_are_what_their_weekday_says_and_can_be_put_back(chief: User) -> None:
    CalendarDayFactory(day=date(2026, 10, 1), name=NAME)
    gone = clear_calendar(days=[date(2026, 10, 1), date(2026, 10, 8)], by=chief, at=AT)
    assert working_calendar().is_working(date(2026, 10, 1))
    assert gone == [holiday(1)]
    set_calendar(rows=gone, by=chief, at=AT)
    assert not working_calendar().is_working(date(2026, 10, 1))


def test_working_days_are_the_centres(chief: User) -> None:
    CentreFactory()
    assert Centre.load().working_days == [1, 2, 3, 4, 5]
    set_working_days(weekdays=[6, 2, 3, 4, 5], by=chief, at=AT)
    assert working_calendar().is_working(date(2026, 11, 28))
    assert not working_calendar().is_working(MONDAY)
    for none in ([], [0], [1, 8]):
        with pytest.raises(PeopleError):
            set_working_days(weekdays=none, by=chief, at=AT)


def test_the_calendar_is_not_a_departments_to_change(hr: User) -> None:
    for change in (
        lambda: set_calendar(rows=[holiday(1)], by=hr, at=AT),
        lambda: clear_calendar(days=[MONDAY], by=hr, at=AT),
        lambda: set_working_days(weekdays=[1], by=hr, at=AT),
    ):
        with pytest.raises(NotAllowedError):
            change()


def test_a_faulty_calendar_changes_nothing(chief: User) -> None:
    for rows in ([holiday(1), holiday(1)], [holiday(2), CalendarRow(MONDAY, is_working=False, name={"en": ""})]):
        with pytest.raises(PeopleError):
            set_calendar(rows=rows, by=chief, at=AT)
    assert not CalendarDay.objects.exists()


def test_a_calendar_of_a_part_of_the_year(chief: User) -> None:
    CalendarDayFactory(day=date(2026, 10, 1))
    CalendarDayFactory(day=date(2027, 1, 1))
    assert list(working_calendar(date(2026, 10, 1), date(2026, 12, 31)).exceptions) == [date(2026, 10, 1)]


# ------------------------------------------------------------------ leave


def entered(person: User, by: User, first: date = MONDAY, last: date = WEDNESDAY, kind: str = "annual") -> Leave:
    return enter_leave(person=person, kind=kind, starts_on=first, until=last, by=by, at=AT)


def test_leave_is_entered_changed_and_withdrawn_with_a_trail(hr: User, clerk: User) -> None:
    leave = entered(clerk, hr)
    assert last_event().after == {"kind": "annual", "starts_on": "2026-11-23", "until": "2026-11-25"}
    assert last_event().person_id == clerk.pk
    change_leave(leave=leave, kind="sick", starts_on=MONDAY, until=MONDAY, by=hr, at=AT)
    assert away([clerk], MONDAY, WEDNESDAY) == {(clerk.pk, MONDAY)}
    assert (last_event().before or {})["until"] == "2026-11-25"
    withdraw_leave(leave=leave, by=hr, at=AT)
    assert last_event().action == "people.leave_withdrawn"
    assert not Leave.objects.exists()


def test_leave_that_did_not_change_leaves_no_trail(hr: User, clerk: User) -> None:
    leave = entered(clerk, hr)
    events = AuditEvent.objects.count()
    change_leave(leave=leave, kind="annual", starts_on=MONDAY, until=WEDNESDAY, by=hr, at=AT)
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(("first", "last"), [(-3, 0), (2, 9), (1, 1), (-9, 9)])
def test_leave_never_overlaps(hr: User, clerk: User, first: int, last: int) -> None:
    entered(clerk, hr)
    with pytest.raises(PeopleError, match="from 2026-11-23 to 2026-11-25"):
        entered(clerk, hr, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    entered(UserFactory(department=clerk.department), hr)


def test_leave_may_begin_the_day_after(hr: User, clerk: User) -> None:
    entered(clerk, hr)
    later = entered(clerk, hr, date(2026, 11, 26), date(2026, 11, 30))
    with pytest.raises(PeopleError):
        change_leave(leave=later, kind="annual", starts_on=WEDNESDAY, until=later.until, by=hr, at=AT)


def test_leave_the_wrong_way_round_or_of_two_years_is_refused(hr: User, clerk: User) -> None:
    for last in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=400)):
        with pytest.raises(PeopleError):
            entered(clerk, hr, MONDAY, last)


def test_leave_of_others_is_not_a_departments_to_change(hr: User) -> None:
    stranger = UserFactory(department=DepartmentFactory())
    leave = LeaveFactory(person=stranger)
    for change in (
        lambda: entered(stranger, hr, date(2027, 1, 1), date(2027, 1, 2)),
        lambda: change_leave(leave=leave, kind="sick", starts_on=MONDAY, until=MONDAY, by=hr, at=AT),
        lambda: withdraw_leave(leave=leave, by=hr, at=AT),
    ):
        with pytest.raises(NotAllowedError):
            change()


def test_the_database_has_the_last_word_on_leave(clerk: User) -> None:
    LeaveFactory(person=clerk, starts_on=date(2026, 12, 1))
    for faulty in ({"starts_on": WEDNESDAY, "until": MONDAY}, {"starts_on": date(2026, 12, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LeaveFactory(person=clerk, **faulty)


# ------------------------------------------------------------------ the roster


def test_a_roster_is_set_moved_freed_and_undone(hr: User, clerk: User) -> None:
    one, two = WindowFactory(), WindowFactory()
    first = set_roster(
        rows=[ShiftRow(clerk, one, WEDNESDAY, "morning"), ShiftRow(clerk, one, WEDNESDAY, "afternoon")], by=hr, at=AT
    )
    assert (first.outcome.created, AuditEvent.objects.count()) == (2, 1)
    second = set_roster(
        rows=[ShiftRow(clerk, two, WEDNESDAY, "morning"), ShiftRow(clerk, None, WEDNESDAY, "afternoon")],
        by=hr,
        at=AT,
    )
    assert (second.outcome.changed, second.outcome.removed) == (1, 1)
    assert [(shift.window, shift.half) for shift in Shift.objects.all()] == [(two, "morning")]
    assert last_event().before == {"2026-11-25 morning": one.number, "2026-11-25 afternoon": one.number}
    set_roster(rows=second.undo, by=hr, at=AT)
    assert {(shift.window, shift.half) for shift in Shift.objects.all()} == {(one, "morning"), (one, "afternoon")}


def test_setting_the_same_roster_again_changes_nothing(hr: User, clerk: User) -> None:
    rows = [ShiftRow(clerk, WindowFactory(), WEDNESDAY, "morning"), ShiftRow(clerk, None, MONDAY, "morning")]
    set_roster(rows=rows, by=hr, at=AT)
    again = set_roster(rows=rows, by=hr, at=AT)
    assert (again.outcome.unchanged, again.undo, AuditEvent.objects.count()) == (2, [], 1)


def test_a_week_is_copied(hr: User, clerk: User) -> None:
    shift = ShiftFactory(person=clerk, day=WEDNESDAY)
    set_roster(rows=copy_of([shift]), by=hr, at=AT)
    assert list(clerk.shifts.order_by("day").values_list("day", "window")) == [
        (WEDNESDAY, shift.window_id),
        (date(2026, 12, 2), shift.window_id),
    ]


def test_many_rows_take_as_many_queries_as_one(hr: User, tax: Department) -> None:
    window, people = WindowFactory(), UserFactory.create_batch(61, department=tax)
    counts = []
    for group in (people[:1], people[1:]):
        hr = User.objects.get(pk=hr.pk)
        rows = [ShiftRow(person, window, WEDNESDAY, "morning") for person in group]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            set_roster(rows=rows, by=hr, at=AT)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_who_is_refused_on_the_roster(hr: User, clerk: User) -> None:
    stranger, window = UserFactory(department=DepartmentFactory()), WindowFactory()
    with pytest.raises(NotAllowedError):
        set_roster(rows=[ShiftRow(stranger, window, WEDNESDAY, "morning")], by=hr, at=AT)
    twice = [ShiftRow(clerk, window, WEDNESDAY, "morning"), ShiftRow(clerk, None, WEDNESDAY, "morning")]
    closed = [ShiftRow(clerk, WindowFactory(until=MONDAY), WEDNESDAY, "morning")]
    for rows in (twice, closed):
        with pytest.raises(PeopleError):
            set_roster(rows=rows, by=hr, at=AT)
    set_roster(rows=[ShiftRow(clerk, WindowFactory(until=WEDNESDAY), WEDNESDAY, "morning")], by=hr, at=AT)


def test_the_database_has_the_last_word_on_the_roster(clerk: User) -> None:
    ShiftFactory(person=clerk)
    for faulty in ({"half": "morning"}, {"half": "night"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShiftFactory(person=clerk, **faulty)


def test_the_shifts_of_a_day_and_who_stands_beside(clerk: User) -> None:
    section = SectionFactory()
    third, fourth, fifth, other = (
        WindowFactory(section=section, number=3),
        WindowFactory(section=section, number=4),
        WindowFactory(section=section, number=5),
        WindowFactory(number=6),
    )
    afternoon = ShiftFactory(person=clerk, window=fifth, half="afternoon")
    morning = ShiftFactory(person=clerk, window=fourth)
    beside = ShiftFactory(window=third)
    ShiftFactory(window=third, half="afternoon")
    ShiftFactory(window=other, half="afternoon")
    assert shifts_of(clerk, WEDNESDAY) == [(morning, [beside]), (afternoon, [])]
    assert shifts_of(clerk, MONDAY) == []


def test_who_is_away(clerk: User) -> None:
    LeaveFactory(person=clerk, starts_on=date(2026, 11, 20), until=MONDAY)
    other = LeaveFactory(starts_on=WEDNESDAY, until=date(2026, 12, 31))
    assert away([clerk], MONDAY, WEDNESDAY) == {(clerk.pk, MONDAY)}
    assert away(None, MONDAY, WEDNESDAY) == {(clerk.pk, MONDAY), (other.person_id, WEDNESDAY)}
