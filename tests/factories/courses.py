"""Published courses, without the pages they are written on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from courses.models import Course, CourseVersion, LearningPath, PathStep, TrainingSession, Unit, UnitVersion
from tests.factories.people import UserFactory
from training.people.models import User

PUBLISHED = datetime(2026, 1, 5, tzinfo=UTC)


def sections(number: int) -> dict[str, list[dict[str, Any]]]:
    """Return so many sections of one text block each, in both languages."""
    return {
        language: [
            {
                "id": f"s{place}",
                "title": f"{title} {place}",
                "blocks": [{"type": "text", "value": {"html": f"<p>{body}</p>"}}],
            }
            for place in range(1, number + 1)
        ]
        for language, title, body in (("en", "Section", "Read the whole file."), ("zh-hans", "小节", "先看完材料。"))
    }


class CourseFactory(DjangoModelFactory):
    """A course with one published version; `units` tells how many sections each of its units has."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    uid = factory.LazyFunction(uuid4)
    slug = factory.Sequence(lambda n: f"course-{n}")

    @factory.post_generation
    def units(self: Course, create: bool, extracted: tuple[int, ...] | None) -> None:
        publish(self, extracted or (2, 1))


def publish(course: Course, units: tuple[int, ...]) -> CourseVersion:
    """Add the next version of a course, with units of so many sections."""
    version = CourseVersion.objects.create(
        course=course,
        number=course.versions.count() + 1,
        title={"en": f"Title of {course.slug}", "zh-hans": f"课程{course.slug}"},
        minutes=10 * len(units),
        published_at=PUBLISHED,
    )
    for place, number in enumerate(units, start=1):
        unit, _created = Unit.objects.get_or_create(course=course, slug=f"lesson-{place}", defaults={"uid": uuid4()})
        UnitVersion.objects.create(
            course_version=version,
            unit=unit,
            position=place,
            title={"en": f"Lesson {place}", "zh-hans": f"第{place}课"},
            minutes=10,
            sections=sections(number),
        )
    return version


def session_on(starts_at: datetime, *, people: Iterable[User] = (), **facts: Any) -> TrainingSession:
    """Return a session of an hour that invites these people; `trainers`, `departments` and `sections` as lists."""
    many = {name: facts.pop(name, ()) for name in ("trainers", "departments", "sections")}
    told = {
        "title": {"en": "Morning meeting", "zh-hans": "晨会"},
        "ends_at": starts_at + timedelta(hours=1),
        "minutes": 60,
        "room": "Room 301",
        "planned_at": PUBLISHED,
    }
    facts.setdefault("planned_by", UserFactory())
    session = TrainingSession.objects.create(starts_at=starts_at, **{**told, **facts})
    for name, rows in {**many, "people": people}.items():
        getattr(session, name).set(rows)
    return session


def path_of(*courses: Course, optional: Iterable[Course] = (), **facts: Any) -> LearningPath:
    """Return a path of these courses in order; all are required but those that are `optional` too."""
    number = LearningPath.objects.count() + 1
    told = {"slug": f"path-{number}", "title": {"en": f"Path {number}", "zh-hans": f"路径{number}"}}
    path = LearningPath.objects.create(**{**told, **facts})
    for place, course in enumerate(courses, start=1):
        PathStep.objects.create(path=path, course=course, order=place, is_required=course not in optional)
    return path
