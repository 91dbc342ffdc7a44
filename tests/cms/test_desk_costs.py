"""What My work asks of the database: the same for one thing of each kind as for many."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from courses.services.learning import assign, enrol
from tests.conftest import Budget
from tests.factories.assessments import EntitlementFactory, exam_with_items, started
from tests.factories.authorisations import AuthorisationFactory
from tests.factories.certificates import issued
from tests.factories.courses import CourseFactory, session_on
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, TeacherFactory, logged, opened_case
from tests.factories.people import (
    CentreFactory,
    PostingFactory,
    SectionFactory,
    ShiftFactory,
    UserFactory,
    WindowFactory,
)
from training.people.models import User

pytestmark = pytest.mark.django_db

AT_MOST = 17  # without what may hinder an authorisation: suspensions and conditions take two more


@pytest.fixture(autouse=True)
def now() -> object:
    CentreFactory()
    with time_machine.travel(NOW, tick=False):
        yield


def fill(person: User, times: int) -> None:
    """Give somebody so many of everything that My work tells of."""
    PostingFactory(person=person)
    section = SectionFactory()
    ShiftFactory(person=person, window=WindowFactory(section=section), day=TODAY)
    teacher, mentorship = TeacherFactory(person=person), MentorshipFactory(mentee=person)
    for _time in range(times):
        begun, asked = CourseFactory(), CourseFactory(exam=exam_with_items(items_each=1, asked_each=1))
        enrol(person=person, course=begun, by=person, at=NOW)
        assign(person=person, course=asked, why={"en": "New"}, due_on=TODAY, by=person, at=NOW)
        started(exam_with_items(items_each=1, asked_each=1), person, at=NOW)
        EntitlementFactory(person=person, exam=exam_with_items(items_each=1, asked_each=1))
        logged(mentorship, at=NOW)
        own = MentorshipFactory(teacher=teacher)
        opened_case(MentorshipFactory(), person)
        logged(own, held_at=NOW - timedelta(days=9))
        AuthorisationFactory(person=person)
        issued(holder=person, on=TODAY)
        session_on(NOW + timedelta(days=1), people=[person])
        session_on(NOW - timedelta(days=1), trainers=[person])
        ShiftFactory(window=WindowFactory(section=section), day=TODAY)


@pytest.mark.parametrize("times", [1, 7])
@pytest.mark.parametrize(("role", "more"), [("teacher", 0), ("hr", 1)])  # for HR also whose teacher has left
def test_my_work_stays_within_its_budget(client: Client, at_most: Budget, role: str, more: int, times: int) -> None:
    person = UserFactory(**{role: True})
    fill(person, times)
    client.force_login(person)
    client.get("/desk/")
    with at_most(AT_MOST + 2 + more):
        page = client.get("/desk/")
    desk = page.context["desk"]
    assert desk.open_count >= 6 * times
    assert desk.shifts
    assert len(desk.scope) == times
