"""What a course asks for first, and how long it counts: set by who keeps the training of the whole centre."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course
from courses.queries.terms import graph
from courses.rules import leads_to
from training.lib.texts import text_in
from training.operations.services import record
from training.people.models import User

from .requiring import RequiringError, keep_up


@transaction.atomic
def set_terms(
    *, course: Course, prerequisites: Collection[Course], valid_months: int | None, by: User, at: datetime
) -> None:
    """Say which courses come first and for how many months having finished counts (None: for ever).

    Whoever has begun goes on. Rules that ask for the course follow at once. Raises `RequiringError` when courses would
    ask for each other in a circle.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    edges = {**graph(), course.pk: []}
    for one in prerequisites:
        if leads_to(edges, one.pk, course.pk):
            title = text_in(getattr(one, "newest", None)) or one.slug
            text = _("%(course)s asks for this course itself: the two would never begin.")
            raise RequiringError(text % {"course": title})
    before = _facts(course)
    course.valid_months = valid_months
    course.save(update_fields=["valid_months"])
    course.prerequisites.set(prerequisites)
    if (after := _facts(course)) != before:
        record(action="courses.terms_set", by=by, subject=course, at=at, before=before, after=after)
        keep_up(at=at, courses=[course], by=by)


def _facts(course: Course) -> dict[str, object]:
    slugs = sorted(course.prerequisites.values_list("slug", flat=True))
    return {"valid_months": course.valid_months, "prerequisites": slugs}
