"""A clerk moves department; a person leaves: what each of those it concerns sees, with the next click."""

import re

import pytest
from playwright.sync_api import expect

from cms.demo.staff import PASSWORD
from mentors.models import Mentorship
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import Screen
from tests.journeys.words import language_of, said, sign_in
from training.people.models import Posting, RoleGrant, User

pytestmark = pytest.mark.journey

NO_LONGER = {"en": "no longer see the record", "zh-hans": "不再能查看该档案"}


def test_a_clerk_moves_department(arrive: Arrivals, screen: Screen) -> None:
    language = language_of(screen)
    clerk = User.objects.get(staff_number="clerk")
    old_head, new_head, window = heads_of(clerk)
    User.objects.update(language=language)
    clerk.shifts.all().delete()  # what the roster of a day says would stand on the desk instead
    at_the_window = said(language, "Window %(number)s") % {"number": window}
    before = arrive(old_head.staff_number, reads=language)
    before.open("/people/clerk/")

    hr = arrive("hr", reads=language)
    hr.open("/people/")
    page = hr.page
    page.locator("[name=q]").fill("zhoumin")
    hr.press(said(language, "Show"), exact=True)
    hr.follow("周敏")
    hr.follow(said(language, "Move", "staff"), exact=True)
    page.locator("[name=department]").select_option(new_head.role_grants.get(role="head").department.code)
    page.locator("[name=window]").select_option(str(window))
    hr.press(said(language, "Show what happens"))
    hr.sees(said(language, "This will happen"), NO_LONGER[language], said(language, "Nothing is written yet."))
    assert Posting.objects.get(person=clerk, until=None).window.number != window
    hr.press(said(language, "Move", "staff"), exact=True)
    hr.sees(at_the_window, said(language, "A move was entered today."))

    before.open("/people/clerk/", status=404)
    after = arrive(new_head.staff_number, reads=language)
    after.open("/people/clerk/")
    after.sees(at_the_window)
    desk = arrive("clerk", reads=language)
    here = desk.page.get_by_role("region", name=said(language, "At your window"))
    expect(here).to_contain_text(at_the_window)


def test_whoever_leaves_is_at_the_door_with_the_next_click(arrive: Arrivals, screen: Screen) -> None:
    language = language_of(screen)
    User.objects.update(language=language)
    clerk = arrive("clerk2", reads=language)
    clerk.open("/courses/")
    hr = arrive("hr", reads=language)
    hr.open("/people/clerk2/")
    hr.follow(said(language, "Leaves"), exact=True)
    hr.press(said(language, "Show what happens"))
    hr.sees(said(language, "This will happen"))
    hr.press(said(language, "End the employment"))

    clerk.language = "en"  # whoever has not signed in reads what the browser asks for
    clerk.follow(said(language, "My work"))
    clerk.is_at(re.compile("Sign in"))
    sign_in(clerk, "clerk2", PASSWORD, "en")
    clerk.sees("There is a problem")
    assert clerk.page.request.get("/api/v1/openapi.json", max_redirects=0).status == 401


def test_a_career_teacher_leaves(arrive: Arrivals) -> None:
    mentorship = Mentorship.objects.agreed().get(mentee__staff_number="clerk")
    teacher = mentorship.teacher.person
    leaving = arrive(teacher.staff_number)
    leaving.open("/coaching/")

    hr = arrive("hr")
    hr.open(f"/people/{teacher.staff_number}/")
    hr.follow("Leaves", exact=True)
    hr.press("Show what happens")
    hr.sees("can no longer sign in", "loses their teacher and is told")
    hr.press("End the employment")
    hr.sees("has left.")
    hr.open("/desk/")
    hr.sees(re.compile("Find (a new teacher|new teachers) for"))

    leaving.page.goto("/coaching/")
    expect(leaving.page).to_have_url(re.compile("/accounts/login/"))
    leaving.look(closely=False)
    mentee = arrive("clerk")
    mentee.open("/notices/")
    mentee.sees("has left")


def heads_of(clerk: User) -> tuple[User, User, int]:
    """Make two people heads, of the clerk's department and of another, and name a window of the other one."""
    posting = Posting.objects.get(person=clerk, until=None)
    other = Posting.objects.filter(until=None, window__isnull=False).exclude(department=posting.department)
    there = other.exclude(person__role_grants__isnull=False).select_related("window", "department", "person").first()
    here = Posting.objects.filter(until=None, department=posting.department).exclude(person=clerk)
    old = here.exclude(person__role_grants__isnull=False).select_related("person").first()
    for head, department in ((old.person, posting.department), (there.person, there.department)):
        RoleGrant.objects.create(person=head, role="head", department=department, starts_on="2020-01-01")
    return old.person, there.person, there.window.number
