"""Writing learning paths, and taking them off offer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Assignment, Course, LearningPath, PathStep
from courses.queries.paths import steps_to_ask
from courses.queries.required import Who, titles
from courses.queries.terms import graph
from courses.rules import LATE_COMERS_DAYS, leads_to
from training.lib.texts import Texts, text_in
from training.operations.services import record
from training.people.models import Position, User

from .requiring import make_rule

RESERVED = frozenset({"new"})
"""What stands in an address where else a path's would."""


class PathRefused(Exception):
    """An expected refusal, in a sentence for the user."""


@dataclass(frozen=True)
class Step:
    """A course as it is to stand in a path."""

    course: Course
    is_required: bool = True
    days: int | None = None


@transaction.atomic
def make_path(
    *,
    slug: str,
    title: Texts,
    steps: Sequence[Step],
    by: User,
    at: datetime,
    summary: Texts | None = None,
    audience: Texts | None = None,
    position: Position | None = None,
) -> LearningPath:
    """Offer a new path. Raises `PathRefused` for an address that is taken and as `change_path` does."""
    if slug in RESERVED or LearningPath.objects.filter(slug=slug).exists():
        raise PathRefused(_("This address is taken. Choose another."))
    path = LearningPath.objects.create(
        slug=slug, title=dict(title), summary=dict(summary or {}), audience=dict(audience or {}), position=position
    )
    _put(path, steps)
    record(action="courses.path_made", by=by, subject=path, at=at, after=_facts(path))
    return path


@transaction.atomic
def change_path(
    *,
    path: LearningPath,
    title: Texts,
    steps: Sequence[Step],
    by: User,
    at: datetime,
    summary: Texts | None = None,
    audience: Texts | None = None,
    position: Position | None = None,
) -> LearningPath:
    """Give a path these texts and these steps in this order; its address stays.

    Raises `PathRefused` without a required course, where a course stands twice, and where one stands before a course
    that it asks for.
    """
    path = LearningPath.objects.select_for_update(of=("self",)).get(pk=path.pk)
    before = _facts(path)
    path.title, path.summary, path.audience = dict(title), dict(summary or {}), dict(audience or {})
    path.position = position
    path.save()
    _put(path, steps)
    if (after := _facts(path)) != before:
        record(action="courses.path_changed", by=by, subject=path, at=at, before=before, after=after)
    return path


@transaction.atomic
def set_path_offered(*, path: LearningPath, is_offered: bool, by: User, at: datetime) -> None:
    """Take a path off offer, or offer it again; done again it changes nothing. What people learned stays."""
    if LearningPath.objects.filter(pk=path.pk, is_offered=not is_offered).update(is_offered=is_offered):
        action = "courses.path_offered" if is_offered else "courses.path_ended"
        record(action=action, by=by, subject=path, at=at)


@transaction.atomic
def ask_for_path(
    *, path: LearningPath, who: Who, kind: str, by: User, at: datetime, why: Texts | None = None
) -> list[Assignment]:
    """Make a rule of required training for each required course that `who` is not asked for by a rule already.

    Each is due its days after somebody comes under the rules, `LATE_COMERS_DAYS` where the path says none. Raises
    `PathRefused` when nothing is left to ask for, or the path is off offer.
    """
    steps = steps_to_ask(path, who) if path.is_offered else []
    if not steps:
        raise PathRefused(_("There is nothing to ask for: rules ask these people for all of it, or it is not offered."))
    rules = [
        make_rule(course=step.course, kind=kind, who=who, why=why, due_days=step.days or LATE_COMERS_DAYS, by=by, at=at)
        for step in steps
    ]
    record(action="courses.path_asked", by=by, subject=path, at=at, after={"who": str(who), "rules": len(rules)})
    return rules


def _put(path: LearningPath, steps: Sequence[Step]) -> None:
    for refusal in _refusals(steps):
        raise PathRefused(refusal)
    path.steps.all().delete()
    PathStep.objects.bulk_create(
        PathStep(path=path, course=step.course, order=place, is_required=step.is_required, days=step.days)
        for place, step in enumerate(steps, start=1)
    )


def _refusals(steps: Sequence[Step]) -> Iterator[str]:
    """Yield what is wrong with the steps together."""
    if not any(step.is_required for step in steps):
        yield _("A path has one required course at least.")
    edges, courses = graph(), [step.course for step in steps]
    names = {pk: text_in(title) for pk, title in titles(course.pk for course in courses).items()}
    for place, course in enumerate(courses):
        name = names.get(course.pk) or course.slug
        for later in courses[place + 1 :]:
            if later == course:
                yield _("“%(course)s” stands in the path twice.") % {"course": name}
            elif leads_to(edges, course.pk, later.pk):
                told = _("“%(course)s” asks for “%(before)s” first: put that one before it.")
                yield told % {"course": name, "before": names.get(later.pk) or later.slug}


def _facts(path: LearningPath) -> dict[str, Any]:
    rows = path.steps.order_by("order").values_list("course__slug", "is_required", "days")
    steps = [{"course": slug, "required": required, "days": days} for slug, required, days in rows]
    texts = {"title": path.title, "summary": path.summary, "audience": path.audience}
    return {**texts, "position": path.position and path.position.code, "steps": steps}
