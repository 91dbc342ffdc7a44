"""What learners open costs as many queries for one hundred courses, or lessons, as for one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Course, PathStep, UnitVersion
from courses.services.learning import assign, enrol
from tests.factories.courses import CourseFactory, path_of, session_on
from tests.factories.people import UserFactory
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
MANY = 100
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client: Client) -> User:
    person = UserFactory()
    client.force_login(person)
    return person


def queries(client: Client, address: str) -> int:
    client.get(address)  # what a process reads once it has read
    with CaptureQueriesContext(connection) as context:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(context)


def begun(person: User, course: Course) -> None:
    enrol(person=person, course=course, by=person, at=NOW)


def asked(person: User, course: Course) -> None:
    assign(person=person, course=course, why={"en": "New"}, due_on=date(2026, 12, 1), by=person, at=NOW)


def asked_with_another_first(person: User, course: Course) -> None:
    asked(person, course)
    course.prerequisites.add(CourseFactory(units=(1,)))


@pytest.mark.parametrize("address", ["/courses/", "/desk/", "/search/?q=lesson", "/search/?q=lesson&kind=lessons"])
@pytest.mark.parametrize("state", [None, begun, asked, asked_with_another_first])
def test_a_hundred_courses(
    client: Client, person: User, address: str, state: Callable[[User, Course], None] | None
) -> None:
    def add(number: int) -> None:
        for course in CourseFactory.create_batch(number, units=(1,)):
            if state:
                state(person, course)

    add(2)
    few = queries(client, address)
    add(MANY)
    assert queries(client, address) == few


def test_a_path_of_a_hundred_courses(client: Client, person: User) -> None:
    def add(number: int) -> None:
        for place, course in enumerate(CourseFactory.create_batch(number, units=(1,)), start=path.steps.count() + 1):
            PathStep.objects.create(path=path, course=course, order=place)
            begun(person, course) if place % 2 else asked_with_another_first(person, course)

    path = path_of(CourseFactory(units=(1,)))
    add(2)
    addresses = [reverse("courses:paths"), reverse("courses:path", args=[path.slug])]
    few = [queries(client, address) for address in addresses]
    add(MANY)
    assert [queries(client, address) for address in addresses] == few


def test_a_course_that_asks_for_a_hundred_others(client: Client, person: User) -> None:
    course = CourseFactory(units=(1,))
    course.prerequisites.set(CourseFactory.create_batch(2, units=(1,)))
    address = reverse("courses:course", args=[course.slug])
    few = queries(client, address)
    course.prerequisites.add(*CourseFactory.create_batch(MANY, units=(1,)))
    assert queries(client, address) == few


def test_a_course_of_a_hundred_lessons(client: Client, person: User) -> None:
    small, large = CourseFactory(units=(2, 1, 1)), CourseFactory(units=(2,) * MANY)
    for course in (small, large):
        course.units.exclude(slug="lesson-1").update(kind="classroom")
        for unit in course.units.exclude(slug="lesson-1"):
            session_on(NOW + timedelta(days=1), unit=unit)
        begun(person, course)
    assert UnitVersion.objects.filter(course_version__course=large).count() == MANY
    for name, args in (
        ("course", ()),
        ("section", ("lesson-1", 1)),
        ("section", ("lesson-2", 1)),
    ):
        few, many = (queries(client, reverse(f"courses:{name}", args=[one.slug, *args])) for one in (small, large))
        assert many == few, (name, args)
