"""A clerk moves department; a person leaves: what each of those it concerns sees, with the next click."""

import re

import pytest
from playwright.sync_api import expect

from mentors.models import Mentorship
from tests.journeys.conftest import Arrivals
from training.people.models import Posting, RoleGrant, User

pytestmark = pytest.mark.journey


def test_a_clerk_moves_department(arrive: Arrivals) -> None:
    clerk = User.objects.get(staff_number="clerk")
    old_head, new_head, window = heads_of(clerk)
    clerk.shifts.all().delete()  # what the roster of a day says would stand on the desk instead
    before = arrive(old_head.staff_number)
    before.open("/people/clerk/")

    hr = arrive("hr")
    hr.open("/people/")
    hr.page.get_by_label("Name, pinyin or number").fill("zhoumin")
    hr.press("Show", exact=True)
    hr.follow("周敏")
    hr.follow("Move", exact=True)
    page = hr.page
    page.get_by_label("Department").select_option(new_head.role_grants.get(role="head").department.code)
    page.get_by_label("Window").select_option(str(window))
    hr.press("Show what happens")
    hr.sees("This will happen", "no longer see the record", "Nothing is written yet.")
    assert Posting.objects.get(person=clerk, until=None).window.number != window
    hr.press("Move", exact=True)
    hr.sees("was moved", f"Window {window}", "A move was entered today.")

    before.open("/people/clerk/", status=404)
    after = arrive(new_head.staff_number)
    after.open("/people/clerk/")
    after.sees(f"Window {window}")
    desk = arrive("clerk")
    expect(desk.page.get_by_role("region", name="At your window")).to_contain_text(f"Window {window}")


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
