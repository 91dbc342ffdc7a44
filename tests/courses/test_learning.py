"""Enrolling, reading on and finishing: what counts is what the server counts."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from courses import queries
from courses.models import Course, Enrolment, TrainingRequirement
from courses.services.learning import NotOffered, assign, enrol, finish_section
from tests.factories.courses import CourseFactory, publish
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def begin(course: Course, person: User | None = None) -> Enrolment:
    person = person or UserFactory()
    return enrol(person=person, course=course, by=person, at=NOW)


def read_all(enrolment: Enrolment) -> None:
    for unit in enrolment.version.units.all():
        for number in range(1, len(unit.section_ids()) + 1):
            finish_section(enrolment=enrolment, unit=unit, number=number, at=NOW)
    enrolment.refresh_from_db()


def test_enrolling_twice_is_enrolling_once() -> None:
    course, person = CourseFactory(), UserFactory()
    assert begin(course, person) == begin(course, person)
    assert AuditEvent.objects.filter(action="courses.enrolled").count() == 1


def test_a_course_out_of_the_catalogue_takes_nobody_new() -> None:
    course = CourseFactory()
    Course.objects.update(is_offered=False)
    course.refresh_from_db()
    with pytest.raises(NotOffered, match="not offered"):
        begin(course)


def test_whoever_has_begun_a_course_finds_it_after_it_left_the_catalogue() -> None:
    begun, asked, person = CourseFactory(), CourseFactory(), UserFactory()
    begin(begun, person)
    assign(person=person, course=asked, why={"en": "New."}, due_on=date(2026, 11, 9), by=UserFactory(hr=True), at=NOW)
    Course.objects.update(is_offered=False)
    assert [entry.outline.course for entry in queries.catalogue(person=person, language="en")] == [begun]
    assert [todo.state for todo in queries.todo(person=person, language="en", today=NOW.date())] == ["in_progress"]


def test_the_desk_lists_no_course_that_is_merely_on_offer() -> None:
    CourseFactory()
    assert queries.todo(person=UserFactory(), language="en", today=NOW.date()) == []


def test_one_open_enrolment_is_a_rule_of_the_database() -> None:
    enrolment = begin(CourseFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            person=enrolment.person, course=enrolment.course, version=enrolment.version, enrolled_at=NOW
        )


def test_a_reader_stays_on_the_version_begun() -> None:
    course = CourseFactory(units=(2,))
    enrolment = begin(course)
    publish(course, (5, 5))
    outline = queries.outline(course=course, person=enrolment.person, language="en")
    assert (outline.version.number, [unit.total for unit in outline.units]) == (1, [2])
    newcomer = queries.outline(course=course, person=UserFactory(), language="en")
    assert (newcomer.version.number, [unit.total for unit in newcomer.units]) == (2, [5, 5])


def test_reading_on_resumes_after_the_last_section_read() -> None:
    enrolment = begin(CourseFactory(units=(3, 1)))
    first = enrolment.version.units.first()
    finish_section(enrolment=enrolment, unit=first, number=1, at=NOW)
    outline = queries.outline(course=enrolment.course, person=enrolment.person, language="en")
    assert (outline.next_unit.unit, outline.next_unit.section) == (first, 2)
    assert (outline.next_unit.read, outline.next_unit.total) == (1, 3)


def test_a_section_read_twice_counts_once() -> None:
    enrolment = begin(CourseFactory(units=(3,)))
    unit = enrolment.version.units.get()
    for _again in range(2):
        progress = finish_section(enrolment=enrolment, unit=unit, number=1, at=NOW)
    assert progress.sections_done == ["s1"]
    assert progress.done_at is None


def test_the_last_section_alone_does_not_finish_a_unit() -> None:
    enrolment = begin(CourseFactory(units=(3,)))
    progress = finish_section(enrolment=enrolment, unit=enrolment.version.units.get(), number=3, at=NOW)
    assert progress.done_at is None


def test_all_sections_of_all_units_finish_the_course() -> None:
    enrolment = begin(CourseFactory(units=(2, 1)))
    read_all(enrolment)
    assert enrolment.completed_at == NOW
    assert AuditEvent.objects.filter(action="courses.completed", person_id=enrolment.person_id).count() == 1


def test_finishing_meets_what_was_asked() -> None:
    course, person, hr = CourseFactory(units=(1,)), UserFactory(), UserFactory(hr=True)
    assign(person=person, course=course, why={"en": "New here."}, due_on=date(2026, 11, 9), by=hr, at=NOW)
    read_all(begin(course, person))
    asked = TrainingRequirement.objects.get(person=person)
    assert (asked.state, asked.done_at) == ("done", NOW)
    assert queries.todo(person=person, language="en", today=NOW.date()) == []


def test_asking_again_keeps_the_earlier_day() -> None:
    course, person, hr = CourseFactory(), UserFactory(), UserFactory(hr=True)
    for day in (9, 20, 5):
        assign(person=person, course=course, why={"en": "New."}, due_on=date(2026, 11, day), by=hr, at=NOW)
    assert TrainingRequirement.objects.get(person=person).due_on == date(2026, 11, 5)
    assert Notice.objects.filter(person=person, kind="course.assigned").count() == 3


def test_a_section_that_does_not_exist_is_refused() -> None:
    enrolment = begin(CourseFactory(units=(2,)))
    with pytest.raises(IndexError):
        finish_section(enrolment=enrolment, unit=enrolment.version.units.get(), number=3, at=NOW)
    assert not enrolment.progress.exists()
