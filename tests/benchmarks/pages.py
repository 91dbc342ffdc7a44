"""The pages people use most, each asked for by the person it is made for."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.measuring import begin, heading, page, signed_in


def main() -> None:
    begin()
    heading()
    for name, client, address, goal in pages():
        page(name, client, address, goal)


def pages() -> Iterator[tuple[str, Any, str, tuple[int | None, int | None, int | None]]]:
    """Yield name, visitor, address and goal: the median in ms, the most queries, the peer's median."""
    from django.urls import reverse

    from courses.models import Course
    from training.people.models import Department, Posting, Section

    clerk, hr, head = signed_in("clerk"), signed_in("hr"), signed_in("head")
    course = Course.objects.get(slug="one-time-notice-first-asked")
    lesson = course.units.order_by("pk").first()
    crowded = max(Department.objects.all(), key=lambda one: Posting.objects.filter(department=one).count())
    section = max(Section.objects.all(), key=lambda one: Posting.objects.filter(section=one).count())
    yield "desk, clerk", clerk, reverse("cms:desk"), (30, 15, 127)
    yield "desk, HR", hr, reverse("cms:desk"), (30, 15, 127)
    # The peer was not measured at it: the goals are those of a course's page.
    yield "catalogue", clerk, reverse("courses:catalogue"), (22, 12, None)
    yield "course", clerk, reverse("courses:course", args=[course.slug]), (22, 12, 88)
    yield "lesson", clerk, reverse("courses:section", args=[course.slug, lesson.slug, 1]), (18, 12, 70)
    yield "my competencies", clerk, reverse("competencies:mine"), (25, 8, 106)
    yield "matrix, roll-up", hr, reverse("competencies:matrix"), (300, 8, None)
    yield "matrix, people", hr, reverse("competencies:department", args=[crowded.code]), (60, 8, 172)
    yield (
        "matrix, people with gaps",
        hr,
        reverse("competencies:department", args=[crowded.code]) + "?gaps=on",
        (60, 8, 172),
    )
    yield "matrix, a section", hr, reverse("competencies:section", args=[section.code]), (60, 8, 172)
    yield "staff list, HR", hr, reverse("people:staff"), (None, None, None)
    yield "staff list, search", hr, reverse("people:staff") + "?q=chen", (None, None, None)
    yield "staff list, head", head, reverse("people:staff"), (None, None, None)
    yield "a person", hr, reverse("cms:person", args=["clerk"]), (None, None, None)


if __name__ == "__main__":
    main()
