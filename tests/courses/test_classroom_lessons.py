"""Lessons that exist only in a classroom: attendance alone finishes them, and learners are told when they are held."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.models import Attendance, Course, Enrolment, TrainingSession, UnitProgress
from courses.queries import outline, todo
from courses.queries.classroom import joinable
from courses.rules import still_counts
from courses.services import attendance
from courses.services.attendance import Mark
from courses.services.learning import enrol, finish_section
from tests.factories.courses import CourseFactory, session_on
from tests.factories.people import UserFactory
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
State = Attendance.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course() -> Course:
    """A lesson of two sections to read, then one held in a classroom."""
    course = CourseFactory(units=(2, 1))
    course.units.filter(slug="lesson-2").update(kind="classroom")
    return course


def begun(course: Course, person: User | None = None, at: datetime = NOW) -> Enrolment:
    person = person or UserFactory()
    return enrol(person=person, course=course, by=person, at=at)


def read(enrolment: Enrolment, slug: str) -> None:
    unit = enrolment.version.units.get(unit__slug=slug)
    for number, _id in enumerate(unit.section_ids(), start=1):
        finish_section(enrolment=enrolment, unit=unit, number=number, at=NOW)


def held(course: Course, at: datetime = NOW, **facts: Any) -> TrainingSession:
    return session_on(at, unit=course.units.get(slug="lesson-2"), **facts)


def marked(session: TrainingSession, person: User, state: str = State.PRESENT) -> None:
    marks = {person.pk: Mark(state)}
    at = max(NOW, session.starts_at)
    attendance.mark(session=session, marks=marks, how="manual", by=session.planned_by, at=at)


def done_of(enrolment: Enrolment) -> set[str]:
    rows = UnitProgress.objects.filter(enrolment=enrolment).exclude(done_at=None)
    return set(rows.values_list("unit__slug", flat=True))


class TestWhatFinishesIt:
    def test_reading_all_of_it_does_not(self, course: Course) -> None:
        enrolment = begun(course)
        read(enrolment, "lesson-1")
        read(enrolment, "lesson-2")
        assert done_of(enrolment) == {"lesson-1"}
        assert Enrolment.objects.get(pk=enrolment.pk).completed_at is None

    def test_being_there_does_and_finishes_the_course(self, course: Course) -> None:
        enrolment = begun(course)
        read(enrolment, "lesson-1")
        marked(held(course, people=[enrolment.person]), enrolment.person)
        assert done_of(enrolment) == {"lesson-1", "lesson-2"}
        assert Enrolment.objects.get(pk=enrolment.pk).completed_at == NOW

    def test_a_mark_taken_back_takes_it_back_though_it_was_read(self, course: Course) -> None:
        enrolment = begun(course)
        read(enrolment, "lesson-2")
        session = held(course, people=[enrolment.person])
        marked(session, enrolment.person)
        assert done_of(enrolment) == {"lesson-2"}
        marked(session, enrolment.person, State.ABSENT)
        assert done_of(enrolment) == set()


class TestAttendedBefore:
    def test_it_counts_once_enrolled(self, course: Course) -> None:
        person = UserFactory()
        marked(held(course, people=[person]), person)
        enrolment = begun(course, person)
        assert done_of(enrolment) == {"lesson-2"}
        read(enrolment, "lesson-1")
        assert Enrolment.objects.get(pk=enrolment.pk).completed_at == NOW

    def test_of_somebody_who_was_not_there_nothing_counts(self, course: Course) -> None:
        person = UserFactory()
        session = held(course, people=[person, UserFactory()])
        marked(session, person, State.EXCUSED)
        marked(session, session.people.exclude(pk=person.pk).get())
        assert done_of(begun(course, person)) == set()

    def test_what_counted_for_a_course_finished_since_is_attended_anew(self, course: Course) -> None:
        person = UserFactory()
        first = begun(course, person)
        marked(held(course, people=[person]), person)
        read(first, "lesson-1")
        again = begun(course, person, NOW + timedelta(days=300))
        assert again != first
        assert done_of(again) == set()
        later = held(course, NOW + timedelta(days=301), people=[person])
        marked(later, person, State.ABSENT)
        assert done_of(again) == set(), "the session of the year before finishes nothing"
        marked(later, person)
        assert done_of(again) == {"lesson-2"}

    def test_what_ran_out_does_not(self, course: Course) -> None:
        Course.objects.update(valid_months=12)
        person = UserFactory()
        marked(held(course, people=[person]), person)
        assert done_of(begun(Course.objects.get(), person, NOW + timedelta(days=400))) == set()

    @pytest.mark.parametrize(
        ("finished", "months", "counts"),
        [
            (None, None, True),
            (date(2026, 3, 1), None, False),
            (date(2026, 2, 28), None, True),
            (None, 6, True),
            (None, 5, False),
        ],
    )
    def test_by_the_day(self, finished: date | None, months: int | None, counts: bool) -> None:
        told = {"finished": finished, "begun": date(2026, 9, 1), "months": months}
        assert still_counts(date(2026, 3, 1), **told) is counts


class TestWhatLearnersAreTold:
    @pytest.fixture
    def enrolment(self, client: Client, course: Course) -> Enrolment:
        enrolment = begun(course)
        client.force_login(enrolment.person)
        return enrolment

    def shown(self, client: Client, course: Course, unit: str = "lesson-2") -> str:
        return client.get(reverse("courses:section", args=[course.slug, unit, 1])).content.decode()

    def test_when_it_is_held_and_how_to_join(self, client: Client, course: Course, enrolment: Enrolment) -> None:
        mine = held(course, NOW + timedelta(days=2), people=[enrolment.person], room="Room with my name")
        open_to_all = held(course, NOW + timedelta(days=3), room="Room for others")
        page = self.shown(client, course)
        assert "Room with my name" in page
        assert reverse("courses:session", args=[mine.pk]) in page
        assert "Room for others" in page
        assert reverse("courses:session", args=[open_to_all.pk]) not in page
        assert reverse("courses:here") in page
        assert "Finish the lesson" not in page

    def test_no_session_is_said(self, client: Client, course: Course, enrolment: Enrolment) -> None:
        assert "No session is planned yet." in self.shown(client, course)
        assert "No session is planned yet." not in self.shown(client, course, "lesson-1")

    def test_that_it_is_done(self, client: Client, course: Course, enrolment: Enrolment) -> None:
        marked(held(course, people=[enrolment.person]), enrolment.person)
        page = self.shown(client, course)
        assert "You were there: the lesson is done." in page
        assert "No session is planned yet." not in page

    def test_of_past_and_called_off_sessions_nothing(self, course: Course, enrolment: Enrolment) -> None:
        held(course, NOW - timedelta(days=2))
        held(course, NOW + timedelta(days=1), cancelled_at=NOW)
        held(course, NOW - timedelta(minutes=5), closed_at=NOW)
        full = held(course, NOW + timedelta(days=4), capacity=1)
        Attendance.objects.create(
            session=full, person=UserFactory(), state="present", minutes=60, how="qr", marked_by=full.planned_by,
            marked_at=NOW,
        )  # fmt: skip
        unit = course.units.get(slug="lesson-2").pk
        (only,) = joinable([unit], enrolment.person, now=NOW)[unit]
        assert (only.session, only.is_invited, only.is_full, only.is_open) == (full, False, True, False)

    def test_reading_it_leads_to_what_can_be_read(self, client: Client, course: Course, enrolment: Enrolment) -> None:
        def finish(unit: str, number: int) -> str:
            address = reverse("courses:finish_section", args=[course.slug, unit, number])
            return client.post(address, follow=True).redirect_chain[-1][0]

        assert finish("lesson-2", 1) == reverse("courses:section", args=[course.slug, "lesson-1", 1])
        finish("lesson-1", 1)
        finish("lesson-1", 2)
        assert finish("lesson-2", 1) == reverse("courses:course", args=[course.slug])
        page = client.get(reverse("courses:course", args=[course.slug])).content.decode()
        assert "1 of 2 done" in page
        assert "In a classroom: Lesson 2" in page

    def test_my_work_leads_to_when_it_is_held(self, course: Course, enrolment: Enrolment) -> None:
        (before,) = todo(person=enrolment.person, language="en", today=NOW.date())
        read(enrolment, "lesson-1")
        (after,) = todo(person=enrolment.person, language="en", today=NOW.date())
        assert (before.action, before.minutes) == ("Continue", 20)
        assert (after.action, after.minutes) == ("See when it is held", 10)
        told = outline(course=course, person=enrolment.person, language="en")
        assert told is not None
        assert (told.done, told.minutes_left) == (1, 10)
