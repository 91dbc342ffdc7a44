"""Who left or moved after the roster was made: struck through with a note, taken off with a way back."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import (
    DepartmentFactory,
    PostingFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.authorisations.queries.roster import Standing, week_of_roster
from training.people.models import Shift, User, Window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

MONDAY, TUESDAY, TODAY, THURSDAY = (date(2026, 11, day) for day in (23, 24, 25, 26))


@pytest.fixture
def window() -> Window:
    return WindowFactory(number=7)


def who_left(window: Window, *, on: date) -> User:
    person = UserFactory(is_active=False, display_name="离开")
    PostingFactory(person=person, section=window.section, starts_on=date(2026, 1, 1), until=on)
    return person


def who_moved(window: Window, *, on: date) -> User:
    person = UserFactory(display_name="调走")
    PostingFactory(person=person, section=window.section, starts_on=date(2026, 1, 1), until=on)
    PostingFactory(person=person, section=SectionFactory(), starts_on=on + timedelta(days=1))
    return person


def standing(viewer: User, day: date, window: Window) -> list[Standing]:
    cells = week_of_roster(viewer, MONDAY, section=None, today=TODAY).cells
    return next(cell for cell in cells if (cell.window, cell.day, cell.half) == (window, day, "morning")).standing


@pytest.mark.parametrize(("kind", "note"), [("left", "has left"), ("moved", "has moved")])
def test_they_are_struck_through_from_the_day_they_are_gone(
    client: Client, centre_hr: User, window: Window, kind: str, note: str
) -> None:
    person = {"left": who_left, "moved": who_moved}[kind](window, on=TUESDAY)
    for day in (TUESDAY, TODAY):
        ShiftFactory(person=person, window=window, day=day)
    assert [one.gone for one in standing(centre_hr, TUESDAY, window)] == [""]
    assert [one.gone for one in standing(centre_hr, TODAY, window)] == [kind]
    page = client.get(reverse("authorisations:roster"))
    assert page.context["week"].gone == 1
    assert f'<s>{person.display_name}</s> <small class="gone">{note}</small>' in page.content.decode()


def test_the_window_they_stood_at_stands_empty(centre_hr: User, window: Window) -> None:
    ShiftFactory(person=who_moved(window, on=TUESDAY), window=window, day=TODAY)
    assert week_of_roster(centre_hr, MONDAY, section=None, today=TODAY).empty == 10


def test_who_stands_in_from_another_section_or_is_lent_here_has_not_moved(centre_hr: User, window: Window) -> None:
    helper, lent = UserFactory(), who_moved(window, on=TUESDAY)
    PostingFactory(person=helper, section=SectionFactory())
    PostingFactory(
        person=lent, section=window.section, is_loan=True, starts_on=TODAY, until=THURSDAY, department=lent.department
    )
    for person in (helper, lent):
        ShiftFactory(person=person, window=window, day=TODAY)
    assert [one.gone for one in standing(centre_hr, TODAY, window)] == ["", ""]


def test_they_are_taken_off_from_today_on_and_put_back(client: Client, centre_hr: User, window: Window) -> None:
    gone, stays = who_left(window, on=MONDAY), PostingFactory(section=window.section).person
    for day in (TUESDAY, TODAY, THURSDAY):
        for person in (gone, stays):
            ShiftFactory(person=person, window=window, day=day)
    before = set(Shift.objects.values_list("person", "window", "day", "half"))
    response = client.post(reverse("authorisations:roster_clear"), {"week": str(TODAY)}, follow=True)
    assert response.context["undo"]["text"] == "2 half-days were taken off."
    assert list(Shift.objects.filter(person=gone).values_list("day", flat=True)) == [TUESDAY]
    assert Shift.objects.filter(person=stays).count() == 3
    client.post(reverse("people:undo"))
    assert set(Shift.objects.values_list("person", "window", "day", "half")) == before


def test_only_the_section_shown_is_cleared(client: Client, centre_hr: User, window: Window) -> None:
    other = WindowFactory(number=8)
    for place in (window, other):
        ShiftFactory(person=who_left(place, on=MONDAY), window=place, day=TODAY)
    client.post(reverse("authorisations:roster_clear"), {"week": str(TODAY), "section": window.section.code})
    assert [shift.window for shift in Shift.objects.all()] == [other]


def test_nobody_takes_off_others_people(client: Client, window: Window) -> None:
    client.force_login(UserFactory(hr=True, hr_grant__department=DepartmentFactory()))
    ShiftFactory(person=who_left(window, on=MONDAY), window=window, day=TODAY)
    client.post(reverse("authorisations:roster_clear"), {"week": str(TODAY)})
    assert Shift.objects.exists()


def test_a_week_that_is_over_is_left_alone(client: Client, centre_hr: User, window: Window) -> None:
    ShiftFactory(person=who_left(window, on=date(2026, 11, 1)), window=window, day=date(2026, 11, 17))
    client.post(reverse("authorisations:roster_clear"), {"week": "2026-11-17"})
    assert Shift.objects.exists()
    page = client.get(reverse("authorisations:roster"), {"week": "2026-11-17"})
    assert page.context["week"].gone == 1
    assert "Take them off" not in page.content.decode()
