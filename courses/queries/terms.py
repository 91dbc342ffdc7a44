"""What a course asks for before it is begun, and how long having finished it counts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from courses.models import Course
from training.people.models import User

from .required import expiries, finished, newest_title


@dataclass(frozen=True)
class Before:
    """The courses one course asks for first, and which of them the person has not finished, or no longer counts."""

    all: list[Course]
    missing: list[Course]


def before(course: Course, person: User, *, today: date) -> Before:
    """Return what must be finished before `course`, each with its `newest` title."""
    asked = list(course.prerequisites.annotate(newest=newest_title("pk")).order_by("slug"))
    return Before(asked, [one for one in asked if not _counts(one, person, today)])


def missing_before(course: Course, person: User, *, today: date) -> list[Course]:
    """Return the courses the person must finish before beginning this one."""
    return before(course, person, today=today).missing


def counts_until(course: Course, person: User) -> date | None:
    """Return the last day on which the person's having finished the course counts; None without one."""
    return expiries(course, person=person).get(person.pk)


def courses_with_terms() -> "QuerySet[Course]":
    """Return the courses that were ever published, with title, what they ask for, how many asked, for the list."""
    found = Course.objects.filter(versions__number=1).annotate(
        newest=newest_title("pk"), asks_for=Count("prerequisites", distinct=True)
    )
    return found.order_by("slug")


def graph() -> dict[int, list[int]]:
    """Return which courses each course asks for, by key."""
    edges: dict[int, list[int]] = {}
    for asking, asked in Course.prerequisites.through.objects.values_list("from_course", "to_course"):
        edges.setdefault(asking, []).append(asked)
    return edges


def _counts(course: Course, person: User, today: date) -> bool:
    until = counts_until(course, person)
    return finished(course).filter(person=person).exists() and (until is None or until >= today)
