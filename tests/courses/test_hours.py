"""Learning hours of a year: what was finished here and what was taken elsewhere, in class hours."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from courses.models import Course, CourseVersion, Enrolment, PastTraining
from courses.queries.hours import Hours, in_class_hours, own_hours
from tests.factories.courses import CourseFactory
from tests.factories.people import DepartmentFactory, UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(settings: Any) -> Any:
    settings.LEARNING_HOURS_TARGET = 10
    with time_machine.travel(NOW, tick=False):
        yield


def finished(person: User, minutes: int, at: datetime = NOW) -> Course:
    course = CourseFactory()
    CourseVersion.objects.filter(course=course).update(minutes=minutes)
    version = course.versions.get()
    Enrolment.objects.create(person=person, course=course, version=version, enrolled_at=at, completed_at=at)
    return course


def elsewhere(person: User, hours: str, day: date = date(2026, 3, 1)) -> None:
    title = f"Training {PastTraining.objects.count()}"
    PastTraining.objects.create(person=person, title=title, day=day, hours=Decimal(hours), recorded_at=NOW)


def own(person: User, year: int = 2026) -> Hours:
    return own_hours(person, year, today=NOW.date())


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0.0"), (45, "1.0"), (60, "1.3"), (90, "2.0"), (68, "1.5")])
def test_a_class_hour_has_45_minutes(minutes: int, hours: str) -> None:
    assert in_class_hours(minutes) == Decimal(hours)


@pytest.mark.django_db
class TestHours:
    def test_courses_and_training_elsewhere_of_the_year_add_up(self) -> None:
        person = UserFactory()
        for minutes in (45, 60):
            finished(person, minutes)
        elsewhere(person, "3.5")
        elsewhere(person, "4")
        finished(UserFactory(), 900)
        hours = own(person)
        assert (hours.of_kind("courses"), hours.of_kind("elsewhere"), hours.total) == (
            Decimal("2.3"),
            Decimal("7.5"),
            Decimal("9.8"),
        )
        assert not hours.is_met
        elsewhere(person, "0.2")
        assert own(person).is_met

    def test_the_year_is_the_centre_s(self) -> None:
        person = UserFactory()
        finished(person, 45, datetime(2025, 12, 31, 15, 30, tzinfo=UTC))
        finished(person, 90, datetime(2025, 12, 31, 16, 30, tzinfo=UTC))
        elsewhere(person, "5", date(2025, 12, 31))
        assert (own(person, 2025).total, own(person).total) == (Decimal("6.0"), Decimal("2.0"))

    def test_what_is_begun_counts_nothing(self) -> None:
        person = UserFactory()
        finished(person, 45)
        Enrolment.objects.update(completed_at=None)
        assert own(person).total == 0

    def test_nobody_without_training_is_left_out(self) -> None:
        assert own(UserFactory()).total == 0


@pytest.mark.django_db
class TestScreen:
    def test_a_head_sees_their_people_and_each_department_s_mean(self, client: Client) -> None:
        top = DepartmentFactory(code="top")
        below = DepartmentFactory(code="zz", parent=top)
        head = UserFactory(department=top, head=True, head_grant__department=top)
        person = UserFactory(department=below)
        elsewhere(head, "12")
        elsewhere(person, "4")
        elsewhere(UserFactory(), "40")
        client.force_login(head)
        shown = client.get("/hours/").context
        assert [(one.staff_number, hours.total, hours.is_met) for one, hours in shown["rows"]] == [
            (head.staff_number, Decimal("12.0"), True),
            (person.staff_number, Decimal("4.0"), False),
        ]
        assert [(one.people, one.mean, one.met) for one in shown["departments"]] == [
            (1, Decimal("12.0"), 1),
            (1, Decimal("4.0"), 0),
        ]

    def test_the_filter_keeps_who_is_short_of_the_target(self, client: Client) -> None:
        client.force_login(UserFactory(hr=True))
        met, short = UserFactory(), UserFactory()
        elsewhere(met, "10")
        elsewhere(short, "9.9")

        def kept(**wanted: str) -> set[str]:
            return {person.staff_number for person, _hours in client.get("/hours/", wanted).context["rows"]}

        assert met.staff_number in kept(state="met")
        assert short.staff_number not in kept(state="met")
        assert short.staff_number in kept(state="short")
        assert met.staff_number not in kept(state="short")
        assert kept(q=met.staff_number) == {met.staff_number}
        assert met.staff_number in kept(year="2025", state="short")
        assert client.get("/hours/", {"year": "3000"}).context["year"] == 2026

    def test_the_export_is_what_the_filter_keeps_and_recorded(self, client: Client) -> None:
        hr, person = UserFactory(hr=True), UserFactory()
        elsewhere(person, "10")
        client.force_login(hr)
        answer = client.post("/hours/export/?state=met", {"format": "xlsx"})
        _heading, row = load_workbook(io.BytesIO(answer.content)).active.values
        assert (row[0], float(row[7]), row[8:]) == (person.staff_number, 10.0, (10, "yes"))
        event = AuditEvent.objects.get(action="courses.hours_exported")
        assert (event.actor_id, event.after["rows"], event.after["year"]) == (hr.pk, 1, 2026)

    def test_everybody_sees_their_own(self, client: Client) -> None:
        person = UserFactory()
        elsewhere(person, "4")
        client.force_login(person)
        assert "Learning hours 2026: 4.0 of 10" in client.get("/courses/").content.decode()
        assert client.get("/hours/").status_code == 403

    def test_one_person_or_many_take_the_same_queries(self, client: Client) -> None:
        client.force_login(UserFactory(hr=True))

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get("/hours/")
            return len(queries)

        finished(UserFactory(), 45)
        cost()
        one = cost()
        for _number in range(5):
            person = UserFactory()
            finished(person, 45, NOW - timedelta(days=1))
            elsewhere(person, "2")
        assert cost() == one
