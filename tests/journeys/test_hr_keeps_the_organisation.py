"""HR adds a window, says what it serves, gives a position a target, enters a leave and sees it on the roster."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Visitor
from training.competencies.models import Target
from training.matters.models import WindowMatter
from training.people.models import Leave, Shift
from training.people.queries import away

pytestmark = pytest.mark.journey

NUMBER = 61
MATTER, POSITION, COMPETENCY = "individual-business", "inspector", "upset-customer"


def coming_shift() -> Shift:
    """A shift of these days of somebody who is not away then."""
    today = timezone.localdate()
    shifts = Shift.objects.filter(day__gt=today, person__staff_number__startswith="2").select_related(
        "person", "window"
    )
    return next(shift for shift in shifts.order_by("day", "pk") if not away([shift.person], shift.day, shift.day))


def ask_for_a_level(hr: Visitor) -> None:
    """See first who would fall short, then change it."""
    hr.open(f"/people/organisation/positions/{POSITION}/targets/")
    hr.page.locator(f"[name=level-{COMPETENCY}]").select_option("3")
    hr.press("See what would change")
    hr.sees("Short of it then")
    assert not Target.objects.filter(position__code=POSITION, level=3, competency__code=COMPETENCY).exists()
    hr.press("Change the levels")
    hr.sees("1 level was changed.")
    assert Target.objects.filter(position__code=POSITION, level=3, competency__code=COMPETENCY).exists()


def test_hr_keeps_windows_targets_and_leave(arrive: Arrivals) -> None:
    hr = arrive("hr")
    page = hr.page
    hr.open("/people/organisation/")
    hr.follow("Halls and windows")
    hr.follow("Add a window")
    page.get_by_label("Number").fill(str(NUMBER))
    page.get_by_label("English").fill("Businesses, on appointment")
    page.get_by_label("Section").select_option("B1")
    hr.press("Add a window")
    hr.is_at(f"Window {NUMBER}")
    hr.sees("Businesses, on appointment", "Added")

    hr.follow("What it serves")
    page.locator(f"input[value={MATTER}]").check()
    hr.press("Save")
    hr.sees(f"What Window {NUMBER} serves was saved.")
    assert WindowMatter.objects.filter(window__number=NUMBER, matter__code=MATTER, until=None).exists()

    ask_for_a_level(hr)

    shift = coming_shift()
    hr.open("/people/organisation/leave/enter/")
    page.get_by_label("Person").fill(shift.person.staff_number)
    page.get_by_label("First day").fill(str(shift.day))
    page.get_by_label("Last day").fill(str(shift.day))
    page.get_by_label("Take them off the roster").uncheck()
    hr.press("Enter leave")
    hr.sees("They still stand on the roster")
    assert Leave.objects.filter(person=shift.person, starts_on=shift.day).exists()

    hr.open(f"/people/organisation/roster/?week={shift.day}")
    struck = page.get_by_role("region", name="Roster").locator("s", has_text=shift.person.display_name)
    expect(struck.first).to_be_attached()
    hr.open(f"/people/organisation/roster/{shift.window.number}/{shift.day}/{shift.half}/")
    page.get_by_label(shift.person.display_name).first.uncheck()
    hr.press("Save")
    hr.sees(f"{shift.window} was changed.")
    assert not Shift.objects.filter(pk=shift.pk).exists()
    hr.press("Undo")
    assert Shift.objects.filter(person=shift.person, day=shift.day, half=shift.half).exists()

    hr.open("/people/organisation/calendar/?year=2026")
    hr.sees("National Day")
