"""One person's page: each part for those it is for, in the same number of queries however much there is to tell."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.person import LATEST, PARTS
from courses.services.learning import assign, enrol
from tests.factories.assessments import exam_with_items, scored, started
from tests.factories.certificates import issued
from tests.factories.courses import CourseFactory
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, logged
from tests.factories.people import (
    AccessFactory,
    CentreFactory,
    DepartmentFactory,
    LeaveFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
)
from training.notices.services import notify
from training.people.models import User
from training.people.services import move

pytestmark = pytest.mark.django_db

HEADINGS = {
    "facts": "Where",
    "postings": "Postings",
    "roles": "Roles",
    "courses": "Courses",
    "exams": "Exams",
    "competencies": "Competencies",
    "coaching": "Coaching",
    "authorisations": "May handle today",
    "certificates": "Certificates",
    "leave": "Leave",
    "email": "E-mail",
    "former_roles": "Roles before and to come",
    "who_sees": "Who else sees this record",
    "notices": "Notices",
}
BASIC = {"facts", "postings", "roles", "courses", "exams", "competencies", "coaching", "authorisations", "certificates"}
# Written by hand from what each is for, never read off the code.
SEEN = {
    "self": BASIC | {"leave", "email", "former_roles", "who_sees", "notices"},
    "teacher": BASIC,
    "head": BASIC | {"leave"},
    "section head": BASIC | {"leave"},
    "hr": BASIC | {"leave", "email", "former_roles", "who_sees"},
    "administrator": BASIC | {"leave", "email", "former_roles", "who_sees"},
    "auditor": BASIC | {"leave", "former_roles", "who_sees"},
    "director": BASIC | {"leave", "former_roles"},
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(NOW, tick=False):
        CentreFactory()
        yield TODAY


@pytest.fixture
def person() -> User:
    person = UserFactory(staff_number="20418", display_name="李娜", latin_name="Li Na", email="li@example.org")
    PostingFactory(person=person, section=SectionFactory(code="east"))
    RoleGrantFactory(person=person, role="marker", until=TODAY - timedelta(days=400))
    return person


def viewer(who: str, person: User) -> User:
    if who == "self":
        return person
    if who == "teacher":
        return AccessFactory(subject=person).viewer
    if who == "section head":
        head = UserFactory()
        RoleGrantFactory(person=head, role="head", section=person.postings.get().section)
        return head
    return UserFactory(**{who: True, f"{who}_grant__department": person.department})


def headings(page: str) -> set[str]:
    shown = re.findall(r"<(?:h2|dt|summary)[^>]*>([^<]+)</", page)
    return {name for name, heading in HEADINGS.items() if heading in shown}


@pytest.mark.parametrize("who", SEEN)
def test_each_part_is_for_those_it_is_for(who: str, person: User, client: Client) -> None:
    client.force_login(viewer(who, person))
    page = client.get("/people/20418/").content.decode()
    assert headings(page) == SEEN[who]
    assert ("li@example.org" in page) == ("email" in SEEN[who])


def test_the_table_tells_every_part() -> None:
    assert PARTS.keys() == HEADINGS.keys()


@pytest.mark.parametrize("who", ["self", "teacher", "head", "auditor", "director"])
def test_only_who_keeps_the_record_is_offered_acts(who: str, person: User, client: Client) -> None:
    client.force_login(viewer(who, person))
    page = client.get("/people/20418/").content.decode()
    assert "/people/20418/move/" not in page
    assert "/people/20418/leave/" not in page


def test_hr_is_offered_what_fits(person: User, client: Client) -> None:
    client.force_login(viewer("hr", person))
    page = client.get("/people/20418/").content.decode()
    offered = ("change", "move", "lend", "roles", "leave", "return")
    assert [name for name in offered if f'"/people/20418/{name}/"' in page] == list(offered[:-1])
    User.objects.filter(pk=person.pk).update(is_active=False)
    page = client.get("/people/20418/").content.decode()
    assert [name for name in offered if f'"/people/20418/{name}/"' in page] == ["return"]


def test_a_move_of_today_can_be_taken_back_from_the_page(person: User, client: Client) -> None:
    officer = viewer("hr", person)
    client.force_login(officer)
    take_back = "/people/20418/move/take-back/"
    assert take_back not in client.get("/people/20418/").content.decode()
    posting = person.postings.get()
    place = {"department": posting.department, "position": posting.position, "section": None, "window": None}
    move(person=person, **place, starts_on=TODAY, by=officer, at=timezone.now())
    assert take_back in client.get("/people/20418/").content.decode()
    assert "everything is as it was" in client.post(take_back, follow=True).content.decode()
    assert person.postings.get().until is None


def test_a_teacher_s_page_names_no_mentee_of_another_department(client: Client) -> None:
    mentorship = MentorshipFactory(mentee=UserFactory(display_name="CANARY"))
    teacher = mentorship.teacher.person
    client.force_login(UserFactory(hr=True, hr_grant__department=teacher.department))
    page = client.get(f"/people/{teacher.staff_number}/").content.decode()
    assert "CANARY" not in page
    client.force_login(UserFactory(hr=True))
    assert "CANARY" in client.get(f"/people/{teacher.staff_number}/").content.decode()


def test_that_sessions_happen_is_told_and_what_was_said_is_not(client: Client) -> None:
    mentorship = MentorshipFactory()
    logged(mentorship, note="SECRET", strengths="SECRET", next_action="SECRET")
    client.force_login(UserFactory(hr=True))
    page = client.get(f"/people/{mentorship.mentee.staff_number}/").content.decode()
    assert "1 session" in page
    assert "SECRET" not in page


def fill(person: User, times: int) -> None:
    """Give somebody rows of every kind, `times` over."""
    teacher = UserFactory()
    exam = exam_with_items()
    day = TODAY - timedelta(days=3000)
    for number in range(times):
        first = day + timedelta(days=20 * number)
        PostingFactory(person=person, starts_on=first, until=first + timedelta(days=10))
        RoleGrantFactory(person=person, role="invigilator", department=DepartmentFactory(), until=first)
        course = CourseFactory()
        enrol(person=person, course=course, by=person, at=NOW)
        assign(person=person, course=course, why={"en": "New"}, due_on=TODAY, by="tests", at=NOW)
        issued(holder=person)
        LeaveFactory(
            person=person, starts_on=TODAY + timedelta(days=3 * number), until=TODAY + timedelta(days=3 * number)
        )
        AccessFactory(subject=person, viewer=teacher)
        notify(person=person, kind="role.granted", facts={"role": "Marker"}, path="", at=NOW)
        MentorshipFactory(mentee=person, ended_on=TODAY, outcome="broken_off")
    scored(started(exam, person, at=NOW - timedelta(hours=2)), right=2)


@pytest.mark.parametrize("who", ["self", "hr"])
def test_as_many_queries_for_a_long_life_as_for_a_short_one(who: str, client: Client) -> None:
    people = {times: UserFactory() for times in (1, LATEST + 2)}
    counts = []
    for times, one in people.items():
        PostingFactory(person=one)
        fill(one, times)
        client.force_login(one if who == "self" else UserFactory(hr=True))
        client.get(f"/people/{one.staff_number}/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/people/{one.staff_number}/")
        assert page.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 50
