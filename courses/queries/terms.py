"""What a course asks for before it is begun, and how long having finished it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils import timezone

from courses.models import Course, Enrolment
from courses.rules import expires_on
from training.people.models import User

from .required import expiries, newest_title


@dataclass(frozen=True)
class Before:
    """The courses one course asks for first, and which of them the person has not finished, or no longer counts."""

    all: list[Course]
    missing: list[Course]


def before(course: Course, person: User, *, today: date) -> Before:
    """Return what must be finished before `course`, each with its `newest` title."""
    asked = list(course.prerequisites.annotate(newest=newest_title("pk")).order_by("slug"))
    counting = _counting(person, asked, today=today)
    return Before(asked, [one for one in asked if one.pk not in counting])


def missing_before(course: Course, person: User, *, today: date) -> list[Course]:
    """Return the courses the person must finish before beginning this one."""
    return before(course, person, today=today).missing


@dataclass(frozen=True)
class ComesFirst:
    """What is missing before a course can be begun, and the course to begin with: one that waits for nothing itself."""

    missing: list[Course]
    start: Course


def comes_first(courses: Iterable[Course], person: User, *, today: date) -> dict[int, ComesFirst]:
    """Return, for those of the courses that the person cannot begin yet, what comes first (three queries at most)."""
    wanted, edges = [course.pk for course in courses], graph()
    before = {pk for many in edges.values() for pk in many}
    asked = Course.objects.annotate(newest=newest_title("pk")).in_bulk(before)
    counting = _counting(person, asked.values(), today=today)
    missing = {pk: sorted(set(many) - counting, key=lambda one: asked[one].slug) for pk, many in edges.items()}
    found = {}
    for pk in wanted:
        if ahead := missing.get(pk):
            start = ahead[0]
            while missing.get(start):
                start = missing[start][0]
            found[pk] = ComesFirst([asked[one] for one in ahead], asked[start])
    return found


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


def _counting(person: User, courses: Iterable[Course], *, today: date) -> set[int]:
    """Return which of the courses the person has finished so that it still counts (one query)."""
    months = {course.pk: course.valid_months for course in courses}
    done = Enrolment.objects.filter(person=person, course__in=months, completed_at__isnull=False)
    return {
        pk
        for pk, at in done.values_list("course", "completed_at")
        if not months[pk] or expires_on(timezone.localdate(at), months[pk]) >= today
    }
