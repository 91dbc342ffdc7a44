"""The screens of departments, windows, the calendar and leave: what they show, change, refuse and take back."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.people import (
    CalendarDayFactory,
    DepartmentFactory,
    LeaveFactory,
    PostingFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.people.models import CalendarDay, Department, Leave, Shift, User, Window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

TODAY = date(2026, 11, 25)


@pytest.fixture
def part_hr(client: Client) -> User:
    """HR of one department, signed in."""
    own = DepartmentFactory(code="tax")
    person = UserFactory(hr=True, hr_grant__department=own, department=own)
    client.force_login(person)
    return person


def change(client: Client, kind: str, code: object, act: str, **sent: object) -> str:
    url = reverse("people:change_part", kwargs={"kind": kind, "code": code})
    return client.post(url, {"act": act, **sent}, follow=True).content.decode()


def test_a_department_is_added_renamed_moved_closed_and_opened_again(client: Client, centre_hr: User) -> None:
    DepartmentFactory(code="market", name={"en": "Market"})
    sent = {"code": "stalls", "name_en": "Stalls", "name_zh_hans": "摊位科", "parent": "market"}
    page = client.post(reverse("people:add_part", args=["departments"]), sent, follow=True)
    assert page.redirect_chain == [("/people/organisation/departments/stalls/", 302)]
    found = Department.objects.get(code="stalls")
    assert (found.name, found.get_parent().code) == ({"en": "Stalls", "zh-hans": "摊位科"}, "market")
    change(client, "departments", "stalls", "rename", **{"r-name_en": "Market stalls", "r-name_zh_hans": "集市科"})
    change(client, "departments", "stalls", "move", **{"m-parent": ""})
    change(client, "departments", "stalls", "close", **{"c-last_day": "2026-11-25"})
    found = Department.objects.get(code="stalls")
    assert (str(found), found.is_root(), found.until) == ("Market stalls", True, TODAY)
    change(client, "departments", "stalls", "reopen", **{"o-sure": "1"})
    page = client.get(reverse("people:part", args=["departments", "stalls"]))
    assert [one.what for one in page.context["history"]] == ["Opened again", "Closed", "Moved", "Renamed", "Added"]


def test_a_refusal_keeps_what_was_typed_and_says_who_is_in_the_way(client: Client, centre_hr: User) -> None:
    person = UserFactory(department=DepartmentFactory(code="market"), display_name="李娜")
    page = change(client, "departments", "market", "close", **{"c-last_day": "2026-12-31"})
    assert person.display_name in page
    assert 'value="2026-12-31"' in page
    assert "Error: " in page
    assert Department.objects.get(code="market").until is None


def test_a_window_is_added_and_moved(client: Client, centre_hr: User) -> None:
    before, after = SectionFactory(code="A1"), SectionFactory(code="B1")
    client.post(reverse("people:add_part", args=["windows"]), {"number": 61, "section": "A1"})
    posting = PostingFactory(window=Window.objects.get(number=61), section=before)
    change(client, "windows", 61, "move", **{"m-section": "B1", "m-starts_on": "2026-11-20"})
    assert Window.objects.get(number=61).section == after
    assert posting.person.postings.get(until=None).section == after
    assert "Choose" not in client.get("/people/organisation/windows/").content.decode()


@pytest.mark.parametrize("code", ["62", "0", "99999999999999999999", "x"])
def test_a_window_that_does_not_exist(client: Client, centre_hr: User, code: str) -> None:
    assert client.get(f"/people/organisation/windows/{code}/").status_code == 404


def test_a_code_that_is_taken_is_refused_in_the_form(client: Client, centre_hr: User) -> None:
    DepartmentFactory(code="market")
    page = client.post(reverse("people:add_part", args=["departments"]), {"code": "Market", "name_en": "Stalls"})
    assert "is taken" in page.content.decode()
    assert 'value="Stalls"' in page.content.decode()


def test_a_departments_hr_reads_its_own_part_of_the_tree(client: Client, part_hr: User) -> None:
    DepartmentFactory(code="other", name={"en": "The others"})
    page = client.get(reverse("people:departments"))
    assert [line.department.code for line in page.context["lines"]] == ["tax"]
    assert reverse("people:add_part", args=["departments"]) not in page.content.decode()
    assert client.get(reverse("people:part", args=["departments", "other"])).status_code == 404


@pytest.mark.parametrize("name", ["departments", "windows", "leave"])
def test_lists_take_as_many_queries_for_one_row_as_for_many(client: Client, centre_hr: User, name: str) -> None:
    counts = []
    for number in (1, 40):
        for window in WindowFactory.create_batch(number, section=SectionFactory()):
            person = PostingFactory(window=window, section=window.section).person
            LeaveFactory(person=person, starts_on=TODAY)
        client.get(reverse(f"people:{name}"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"people:{name}")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_has_closed_is_shown_on_demand(client: Client, centre_hr: User) -> None:
    WindowFactory(number=61, until=date(2026, 1, 1))
    url = reverse("people:windows")
    assert "Window 61" not in client.get(url).content.decode()
    assert "Window 61" in client.get(url + "?closed=1").content.decode()


# ------------------------------------------------------------------ the calendar

NATIONAL_DAY = {
    "name_en": "National Day",
    "name_zh_hans": "国庆节",
    "first": "2026-10-01",
    "last": "2026-10-07",
    "worked": "2026-09-20",
    "worked_too": "2026-10-10",
}


def test_a_holiday_is_added_at_once_shown_and_taken_out_and_put_back(client: Client, centre_hr: User) -> None:
    page = client.post(reverse("people:add_holiday"), NATIONAL_DAY, follow=True)
    (holiday,) = page.context["year"].holidays
    assert holiday.off == [(date(2026, 10, 1), date(2026, 10, 7))]
    assert holiday.worked == [date(2026, 9, 20), date(2026, 10, 10)]
    assert page.context["year"].working_days == 261 - 5 + 2
    october = page.context["year"].months[9]
    marks = {cell.day.day: cell.mark for week in october.weeks for cell in week if cell}
    assert (marks[1], marks[7], marks[8], marks[10]) == ("off", "off", "", "work")
    sent = {"day": [str(day) for day in holiday.days], "year": 2026}
    page = client.post(reverse("people:clear_days"), sent, follow=True)
    assert not CalendarDay.objects.exists()
    assert page.context["undo"]["text"] == "Taken out of the calendar."
    assert client.get(reverse("people:calendar")).context["undo"] is None
    client.post(reverse("people:undo"))
    assert CalendarDay.objects.count() == 9


@pytest.mark.parametrize(
    ("field", "value"),
    [("last", "2026-09-30"), ("last", "2027-10-01"), ("worked", "2026-10-03"), ("worked_too", "2026-09-20")],
)
def test_a_faulty_holiday_is_kept_in_the_form(client: Client, centre_hr: User, field: str, value: str) -> None:
    page = client.post(reverse("people:add_holiday"), {**NATIONAL_DAY, field: value})
    assert field in page.context["form"].errors
    assert 'value="国庆节"' in page.content.decode()
    assert not CalendarDay.objects.exists()


def test_everybody_reads_the_calendar_and_a_departments_hr_does_not_change_it(client: Client, part_hr: User) -> None:
    CalendarDayFactory(day=date(2026, 10, 1))
    assert "National Day" in client.get(reverse("people:calendar") + "?year=2026").content.decode()
    assert client.get(reverse("people:calendar") + "?year=nonsense").context["year"].number == 2026
    assert client.post(reverse("people:add_holiday"), NATIONAL_DAY).status_code == 403
    assert client.post(reverse("people:clear_days"), {"day": "2026-10-01"}).status_code == 403


# ------------------------------------------------------------------ leave


def test_leave_is_entered_frees_the_roster_and_is_put_back(client: Client, part_hr: User) -> None:
    clerk = UserFactory(department=part_hr.department, staff_number="20418")
    ShiftFactory(person=clerk, day=TODAY)
    sent = {"person": "20418", "kind": "annual", "starts_on": "2026-11-25", "until": "2026-11-27", "frees": "on"}
    page = client.post(reverse("people:enter_leave"), sent, follow=True)
    (line,) = page.context["lines"]
    assert (line.kind, line.working_days, line.shifts) == ("Annual leave", 3, 0)
    assert not Shift.objects.exists()
    client.post(reverse("people:undo"))
    assert Shift.objects.count() == 1
    page = client.post(reverse("people:withdraw_leave", args=[line.leave.pk]), follow=True)
    assert not Leave.objects.exists()
    client.post(reverse("people:undo"))
    assert Leave.objects.get().person == clerk


def test_who_stays_on_the_roster_is_warned_of(client: Client, part_hr: User) -> None:
    clerk = UserFactory(department=part_hr.department)
    ShiftFactory(person=clerk, day=TODAY)
    sent = {"person": clerk.display_name, "kind": "sick", "starts_on": "2026-11-25", "until": "2026-11-25"}
    page = client.post(reverse("people:enter_leave"), sent, follow=True)
    assert "still stand on the roster for 1 half-day" in page.content.decode()
    assert page.context["lines"][0].shifts == 1


def test_overlap_and_unclear_people_are_refused_with_what_was_typed(client: Client, part_hr: User) -> None:
    clerk = UserFactory(department=part_hr.department, display_name="李娜")
    LeaveFactory(person=clerk, starts_on=TODAY)
    UserFactory(department=part_hr.department, display_name="李娜娜")
    UserFactory(display_name="外人")
    sent = {"person": clerk.staff_number, "kind": "sick", "starts_on": "2026-11-20", "until": "2026-11-25"}
    page = client.post(reverse("people:enter_leave"), sent)
    assert "from 2026-11-25" in page.content.decode()
    assert 'value="2026-11-20"' in page.content.decode()
    for words, told in (("李", "Several people fit"), ("外人", "Nobody you keep")):
        page = client.post(reverse("people:enter_leave"), {**sent, "person": words})
        assert told in page.content.decode()
    assert Leave.objects.count() == 1


def test_leave_is_ended_early(client: Client, part_hr: User) -> None:
    leave = LeaveFactory(person__department=part_hr.department, starts_on=TODAY)
    sent = {"kind": "annual", "starts_on": "2026-11-25", "until": "2026-11-26"}
    client.post(reverse("people:change_leave", args=[leave.pk]), sent)
    assert Leave.objects.get().until == date(2026, 11, 26)


def test_heads_see_that_somebody_is_away_and_not_why(client: Client) -> None:
    own = DepartmentFactory()
    client.force_login(UserFactory(head=True, head_grant__department=own))
    LeaveFactory(person__department=own, kind="sick", starts_on=TODAY)
    LeaveFactory(starts_on=TODAY)
    page = client.get(reverse("people:leave"))
    (line,) = page.context["lines"]
    assert (line.kind, line.may_change) == ("", False)
    assert "Sick leave" not in page.content.decode()


def test_leave_is_listed_by_month_and_department(client: Client, centre_hr: User) -> None:
    top = DepartmentFactory(code="top")
    below = LeaveFactory(person__department=DepartmentFactory(parent=top), starts_on=date(2026, 10, 30))
    LeaveFactory(starts_on=date(2026, 12, 1))
    url = reverse("people:leave")
    for query, found in (
        ("?month=2026-10&department=top", [below]),
        ("?month=2026-11", [below]),
        ("?month=2026-09", []),
        ("?month=nonsense&department=nowhere", [below]),
        (f"?month=2026-10&q={below.person.staff_number}", [below]),
        ("?month=2026-10&q=nobody", []),
    ):
        assert [line.leave for line in client.get(url + query).context["lines"]] == found, query


def test_an_undo_is_offered_once_and_not_for_ever(client: Client, centre_hr: User) -> None:
    leave = LeaveFactory(starts_on=TODAY)
    client.post(reverse("people:withdraw_leave", args=[leave.pk]))
    with time_machine.travel("2026-11-25T02:11:00Z", tick=False):
        page = client.post(reverse("people:undo") + "?next=//evil.example/", follow=True)
    assert page.redirect_chain == [("/people/organisation/", 302)]
    assert "cannot be taken back" in page.content.decode()
    assert not Leave.objects.exists()
