"""Enrolling, reading on, finishing; and what finishing sets off."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Enrolment, TrainingRequirement, UnitProgress, UnitVersion
from courses.queries.terms import missing_before
from training.lib.texts import Texts, text_in
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User

from .classroom_units import count_attended
from .completing import complete_if_done


class NotOffered(Exception):
    """The course has no published version, or was taken out of the catalogue."""

    def __str__(self) -> str:
        return str(_("This course is not offered at present. Choose another in the catalogue."))


class OthersFirst(Exception):
    """Other courses must be finished before this one is begun; `courses` are they."""

    def __init__(self, courses: Sequence[Course]) -> None:
        super().__init__(courses)
        self.courses = courses

    def __str__(self) -> str:
        titles = _(", ").join(text_in(getattr(course, "newest", None)) or course.slug for course in self.courses)
        return str(_("Finish these courses first: %(titles)s") % {"titles": titles})


@transaction.atomic
def enrol(*, person: User, course: Course, by: Actor, at: datetime) -> Enrolment:
    """Enrol a person in the newest version; somebody already learning keeps their enrolment and its version.

    Raises NotOffered, and OthersFirst when the course asks for others that are not finished.
    """
    running = Enrolment.objects.filter(person=person, course=course, completed_at=None).first()
    if running:
        return running
    version = course.versions.order_by("-number").first()
    if version is None or not course.is_offered:
        raise NotOffered
    if others := missing_before(course, person, today=timezone.localdate(at)):
        raise OthersFirst(others)
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(person=person, course=course, version=version, enrolled_at=at)
    except IntegrityError:  # a second request was first
        return Enrolment.objects.get(person=person, course=course, completed_at=None)
    record(action="courses.enrolled", by=by, subject=row, person=person, at=at, after={"version": version.number})
    count_attended(enrolment=row, at=at)
    return row


@transaction.atomic
def finish_section(*, enrolment: Enrolment, unit: UnitVersion, number: int, at: datetime) -> UnitProgress:
    """Note that section `number` (from 1) of a unit was read; the last one finishes the unit, the last unit the course.

    What is learned in a classroom no reading finishes. Raises IndexError when the unit has no such section.
    """
    enrolment = Enrolment.objects.select_for_update().select_related("person", "course").get(pk=enrolment.pk)
    ids = unit.section_ids()
    section_id = ids[number - 1]
    progress, _created = UnitProgress.objects.get_or_create(
        enrolment=enrolment, unit_id=unit.unit_id, defaults={"opened_at": at}
    )
    if section_id not in progress.sections_done:
        progress.sections_done = [*progress.sections_done, section_id]
    progress.section, progress.passage, progress.line = min(number + 1, len(ids)), 0, 0
    progress.read_at = at
    if not unit.is_classroom and progress.done_at is None and set(ids) <= set(progress.sections_done):
        progress.done_at = at
    progress.save()
    enrolment.last_unit = unit
    enrolment.save(update_fields=["last_unit"])
    if progress.done_at:
        complete_if_done(enrolment, at)
    return progress


@transaction.atomic
def assign(*, person: User, course: Course, why: Texts, due_on: date, by: Actor, at: datetime) -> TrainingRequirement:
    """Ask a person to finish a course by a day; a line still open for the course gets the earlier of the two days."""
    row, created = TrainingRequirement.objects.get_or_create(
        person=person,
        course=course,
        state=TrainingRequirement.State.OPEN,
        defaults={"why": dict(why), "due_on": due_on, "assigned_by": _person(by), "assigned_at": at},
    )
    if not created and due_on < row.due_on:
        row.due_on = due_on
        row.save(update_fields=["due_on"])
    record(action="courses.assigned", by=by, subject=row, person=person, at=at, after={"due_on": str(row.due_on)})
    version = course.versions.order_by("-number").first()
    notify(
        person=person,
        kind="course.assigned",
        facts={"course": version.title if version else course.slug, "due_on": str(row.due_on)},
        path=reverse("courses:course", args=[course.slug]),
        at=at,
    )
    return row


@transaction.atomic
def waive_open(*, person: User, last_day: date, by: Actor, at: datetime) -> int:
    """Ask no more of somebody who leaves: lines still open are waived with the reason. Return how many."""
    rows = TrainingRequirement.objects.filter(person=person, state=TrainingRequirement.State.OPEN)
    waived = list(rows.order_by("pk"))
    for row in waived:
        row.state, row.waive_reason = TrainingRequirement.State.WAIVED, f"Left on {last_day.isoformat()}"
        row.save(update_fields=["state", "waive_reason"])
        record(action="courses.waived", by=by, subject=row, person=person, at=at, reason=row.waive_reason)
    return len(waived)


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None
