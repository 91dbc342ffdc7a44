"""The list of career teachers; appointing, changing and ending, by who may give the role, seen before it is done."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mentors.models import Teacher
from tests.factories.authorisations import MatterFactory
from tests.factories.mentors import NOW, TODAY, MentorshipFactory, TeacherFactory
from tests.factories.people import CentreFactory, UserFactory
from training.matters.models import ServiceMatter
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day() -> Any:
    with time_machine.travel(NOW, tick=False):
        CentreFactory()
        yield


@pytest.fixture
def matter() -> ServiceMatter:
    return MatterFactory(code="m1", live=True)


@pytest.fixture
def hr(client: Client) -> User:
    officer = UserFactory(hr=True)
    client.force_login(officer)
    return officer


def post(client: Client, person: User, act: str, step: str = "do", **facts: Any) -> str:
    address = f"/coaching/teachers/{person.staff_number}/{act}/"
    answer = client.post(address, {**facts, "step": step}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_somebody_is_appointed(client: Client, hr: User, matter: ServiceMatter) -> None:
    person = UserFactory(display_name="刘芳")
    facts = {"capacity": 3, "matters": "m1", "starts_on": TODAY}
    assert "This will happen" in post(client, person, "appoint", step="", **facts)
    assert not Teacher.objects.exists()
    assert "is a career teacher" in post(client, person, "appoint", **facts)
    teacher = person.teacher
    assert (teacher.capacity, list(teacher.matters.all()), teacher.until) == (3, [matter], None)
    assert person.role_grants.get().role == "teacher"
    assert "is a career teacher already" in post(client, person, "appoint", **facts)


@pytest.mark.parametrize(
    "wrong", [{"capacity": 0}, {"capacity": 99}, {"matters": ""}, {"matters": "x"}, {"starts_on": ""}]
)
def test_an_appointment_needs_matters_and_a_number(
    client: Client, hr: User, matter: ServiceMatter, wrong: dict[str, Any]
) -> None:
    facts = {"capacity": 2, "matters": "m1", "starts_on": TODAY}
    assert "There is a problem" in post(client, UserFactory(), "appoint", **{**facts, **wrong})
    assert not Teacher.objects.exists()


def test_what_a_teacher_teaches_is_changed_with_a_trail(client: Client, hr: User, matter: ServiceMatter) -> None:
    teacher = TeacherFactory()
    post(client, teacher.person, "change", capacity=4, matters="m1")
    teacher.refresh_from_db()
    assert (teacher.capacity, list(teacher.matters.all())) == (4, [matter])
    event = AuditEvent.objects.get(action="mentors.teacher_changed")
    assert (event.before["capacity"], event.after["capacity"]) == (2, 4)
    post(client, teacher.person, "change", capacity=4, matters="m1")
    assert AuditEvent.objects.filter(action="mentors.teacher_changed").count() == 1


def test_an_appointment_ends_once_nobody_depends_on_it(client: Client, hr: User) -> None:
    mentorship = MentorshipFactory()
    person = mentorship.teacher.person
    facts = {"on": TODAY, "reason": "Moved to the archive"}
    assert "still running" in post(client, person, "end", **facts)
    mentorship.ended_on, mentorship.outcome = TODAY, "broken_off"
    mentorship.save()
    post(client, person, "end", **facts)
    assert Teacher.objects.get(person=person).until == TODAY - timedelta(days=1)
    assert person.role_grants.get().until == TODAY - timedelta(days=1)
    assert client.get(f"/coaching/teachers/{person.staff_number}/end/").status_code == 404


def test_hr_of_one_department_looks_and_does_not_appoint(client: Client) -> None:
    person, other = UserFactory(), TeacherFactory().person
    mine = TeacherFactory(person__department=person.department).person
    client.force_login(UserFactory(hr=True, hr_grant__department=person.department))
    page = client.get("/coaching/teachers/").content.decode()
    assert f"/people/{mine.staff_number}/" in page
    assert other.staff_number not in page
    assert "/end/" not in page
    assert client.get(f"/coaching/teachers/{person.staff_number}/appoint/").status_code == 403
    assert client.get(f"/coaching/teachers/{other.staff_number}/end/").status_code == 404


def test_the_list_is_filtered_by_words_and_state(client: Client, hr: User) -> None:
    busy = MentorshipFactory(teacher__capacity=1, teacher__person__display_name="甲").teacher
    free = TeacherFactory(person__display_name="张敏", person__latin_name="")
    ended = TeacherFactory(until=TODAY - timedelta(days=1))

    def listed(**wanted: str) -> set[Teacher]:
        return set(client.get("/coaching/teachers/", wanted).context["page"].object_list)

    assert listed() == {busy, free}
    assert listed(state="room") == {free}
    assert listed(state="ended") == {ended}
    assert listed(q="zhangmin") == {free}
    assert listed(q="nobody") == set()


def test_as_many_queries_for_a_page_as_for_one(client: Client, hr: User) -> None:
    counts = []
    for _round in range(2):
        TeacherFactory(taught=[MatterFactory()])
        client.get("/coaching/teachers/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/coaching/teachers/")
        counts.append(len(asked))
        TeacherFactory.create_batch(20)
    assert counts[0] == counts[1]
