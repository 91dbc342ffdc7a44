"""The roster of a week: who is shown, marked and missing, who may change it, how it is copied and taken back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.authorisations import AuthorisationFactory, MatterFactory
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
from training.authorisations.queries.roster import candidates, week_of_roster
from training.matters.models import WindowMatter
from training.people.models import Section, Shift, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

MONDAY, TODAY = date(2026, 11, 23), date(2026, 11, 25)


def shown(viewer: User, section: Section | None = None, monday: date = MONDAY) -> dict[tuple[int, date, str], object]:
    week = week_of_roster(viewer, monday, section=section, today=TODAY)
    return {(cell.window.number, cell.day, cell.half): cell for cell in week.cells}


def cell_url(number: int, day: date = TODAY, half: str = "morning") -> str:
    return reverse("authorisations:roster_cell", kwargs={"number": number, "day": str(day), "half": half})


def test_a_week_shows_who_stands_where_and_what_stands_empty(centre_hr: User) -> None:
    shift = ShiftFactory(day=TODAY, window__number=7)
    cells = shown(centre_hr)
    assert [one.person for one in cells[7, TODAY, "morning"].standing] == [shift.person]
    assert not cells[7, TODAY, "morning"].is_empty
    assert cells[7, TODAY, "afternoon"].is_empty
    assert len(cells) == 10
    assert week_of_roster(centre_hr, MONDAY, section=None, today=TODAY).empty == 9


def test_somebody_away_leaves_the_window_empty(centre_hr: User) -> None:
    shift = ShiftFactory(day=TODAY, window__number=7)
    LeaveFactory(person=shift.person, starts_on=TODAY, until=TODAY)
    cell = shown(centre_hr)[7, TODAY, "morning"]
    assert cell.standing[0].is_away
    assert cell.is_empty


def test_a_holiday_is_no_gap_and_a_made_up_saturday_is_a_day(centre_hr: User) -> None:
    WindowFactory(number=7)
    CalendarDayFactory(day=TODAY)
    CalendarDayFactory(day=date(2026, 11, 28), is_working=True)
    cells = shown(centre_hr)
    assert not cells[7, TODAY, "morning"].is_empty
    assert cells[7, date(2026, 11, 28), "morning"].is_empty
    assert (7, date(2026, 11, 29), "morning") not in cells


def test_who_may_not_handle_what_the_window_serves_is_marked(centre_hr: User) -> None:
    shift = ShiftFactory(day=TODAY, window__number=7)
    known, unknown, ended = (MatterFactory() for _n in range(3))
    for matter in (known, unknown):
        WindowMatter.objects.create(window=shift.window, matter=matter, starts_on=MONDAY)
    WindowMatter.objects.create(window=shift.window, matter=ended, starts_on=MONDAY, until=MONDAY)
    AuthorisationFactory(person=shift.person, matter=known)
    AuthorisationFactory(person=shift.person, matter=unknown, entrustment=1)
    assert shown(centre_hr)[7, TODAY, "morning"].standing[0].lacks == [unknown]
    assert week_of_roster(centre_hr, MONDAY, section=None, today=TODAY).unqualified == 1


def test_of_other_departments_only_that_somebody_is_there(client: Client) -> None:
    own = DepartmentFactory()
    head = UserFactory(head=True, head_grant__department=own)
    window = WindowFactory(number=7)
    ShiftFactory(window=window, day=TODAY, person=UserFactory(department=own))
    stranger = ShiftFactory(window=window, day=TODAY, half="afternoon", person__display_name="外人")
    ShiftFactory(window__number=8, day=TODAY)
    cells = shown(head)
    assert {number for number, _day, _half in cells} == {7}
    cell = cells[7, TODAY, "afternoon"]
    assert (cell.standing, cell.others, cell.is_empty) == ([], True, False)
    client.force_login(head)
    page = client.get(reverse("authorisations:roster")).content.decode()
    assert stranger.person.display_name not in page
    assert "roster/7/" not in page


def test_closed_windows_and_other_sections_are_left_out(centre_hr: User) -> None:
    WindowFactory(number=7, until=MONDAY - timedelta(days=1))
    section = WindowFactory(number=8).section
    WindowFactory(number=9)
    assert {number for number, _day, _half in shown(centre_hr, section)} == {8}
    assert {number for number, _day, _half in shown(centre_hr)} == {8, 9}


def test_as_many_queries_for_one_window_as_for_thirty(client: Client, centre_hr: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("authorisations:roster")).status_code == 200
        return len(captured)

    def fill(number: int) -> None:
        section = SectionFactory()
        for window in WindowFactory.create_batch(number, section=section):
            WindowMatter.objects.create(window=window, matter=MatterFactory(), starts_on=MONDAY)
            ShiftFactory(window=window, day=TODAY)

    fill(1)
    client.get(reverse("authorisations:roster"))
    one = count()
    fill(29)
    assert count() == one


def test_candidates_are_those_of_the_section_the_fit_first(centre_hr: User) -> None:
    window = WindowFactory(number=7)
    matter = MatterFactory()
    WindowMatter.objects.create(window=window, matter=matter, starts_on=MONDAY)
    posted = PostingFactory(window=window, section=window.section).person
    AuthorisationFactory(person=posted, matter=matter)
    here = ShiftFactory(window=window, day=TODAY).person
    near = PostingFactory(section=window.section).person
    away = PostingFactory(section=window.section).person
    LeaveFactory(person=away, starts_on=TODAY)
    elsewhere = ShiftFactory(day=TODAY, person=near).window
    PostingFactory(section=window.section, person__is_active=False)
    found = candidates(centre_hr, window, TODAY, "morning")
    assert [one.person for one in found] == [here, posted, near, away]
    assert [one.elsewhere for one in found] == [None, None, elsewhere, None]
    assert [bool(one.lacks) for one in found] == [True, False, True, True]


def test_a_cell_is_given_to_somebody_for_the_rest_of_the_week_and_back(client: Client, centre_hr: User) -> None:
    window = WindowFactory(number=7)
    person = PostingFactory(window=window, section=window.section).person
    before = ShiftFactory(person=person, day=TODAY)
    CalendarDayFactory(day=date(2026, 11, 26))
    sent = {"listed": [person.pk], "person": [person.pk], "reach": "week"}
    response = client.post(cell_url(7), sent, follow=True)
    stands = Shift.objects.filter(person=person, window=window).order_by("day", "-half").values_list("day", "half")
    assert list(stands) == [(day, half) for day in (TODAY, date(2026, 11, 27)) for half in ("morning", "afternoon")]
    assert response.context["undo"]["text"] == "Window 7 was changed."
    client.post(reverse("people:undo"))
    assert list(Shift.objects.values_list("person", "window", "day")) == [(person.pk, before.window_id, TODAY)]


def test_who_is_unticked_is_taken_off(client: Client, centre_hr: User) -> None:
    shift, other = ShiftFactory(window__number=7, day=TODAY), ShiftFactory(day=TODAY)
    client.post(cell_url(7), {"listed": [shift.person_id, other.person_id], "reach": "half"})
    assert list(Shift.objects.all()) == [other]


def test_nobody_puts_others_people_anywhere(client: Client) -> None:
    own = DepartmentFactory()
    client.force_login(UserFactory(hr=True, hr_grant__department=own))
    WindowFactory(number=7)
    stranger = UserFactory()
    response = client.post(cell_url(7), {"listed": [stranger.pk], "person": [stranger.pk], "reach": "half"})
    assert response.status_code == 200
    assert not Shift.objects.exists()


@pytest.mark.parametrize("path", ["8/2026-11-25/morning", "7/2026-11-31/morning", "7/2026-11-25/night", "7/x/morning"])
def test_a_cell_that_does_not_exist(client: Client, centre_hr: User, path: str) -> None:
    WindowFactory(number=7)
    assert client.get(reverse("authorisations:roster") + path + "/").status_code == 404


def test_the_week_before_is_copied_but_for_what_makes_no_sense(client: Client, centre_hr: User) -> None:
    last = [MONDAY - timedelta(days=7) + timedelta(days=n) for n in range(5)]
    plain = ShiftFactory(day=last[0])
    away = ShiftFactory(day=last[1])
    LeaveFactory(person=away.person, starts_on=MONDAY)
    taken = ShiftFactory(day=last[2])
    kept = ShiftFactory(person=taken.person, day=TODAY)
    ShiftFactory(day=last[3], window__until=MONDAY)
    ShiftFactory(day=last[3], person__is_active=False)
    ShiftFactory(day=last[4])
    CalendarDayFactory(day=last[4] + timedelta(days=7))
    response = client.post(reverse("authorisations:roster_copy"), {"week": str(TODAY)}, follow=True)
    now = Shift.objects.between(MONDAY, MONDAY + timedelta(days=6))
    assert set(now.values_list("person", "window", "day")) == {
        (plain.person_id, plain.window_id, MONDAY),
        (kept.person_id, kept.window_id, TODAY),
    }
    told = response.context["undo"]["text"]
    assert told.startswith("1 half-day was copied. Left out: ")
    for reason in ("1 on days that are not worked", "1 of people who are away", "1 where somebody", "1 at windows"):
        assert reason in told
    client.post(reverse("people:undo"))
    assert list(now) == [kept]
