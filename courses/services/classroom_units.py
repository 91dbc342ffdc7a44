"""A lesson learned in a room: attendance finishes it in the course somebody is at, and takes it back."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from courses.models import Attendance, Enrolment, TrainingSession, UnitProgress, UnitVersion
from courses.rules import still_counts

from .completing import complete_if_done


def settle_unit(*, session: TrainingSession, people: Collection[int], at: datetime) -> None:
    """Bring the unit of the session up to date for these people, where their course is still open.

    Whoever was there has it done. Of whoever was not it is taken back, unless they read all of it or were at another
    session of it. A course that is finished stays finished.
    """
    unit = session.unit
    if unit is None or not people:
        return
    learning = Enrolment.objects.filter(person__in=people, course=unit.course_id, completed_at=None)
    rows = learning.filter(version__units__unit=unit).select_related("person", "course__exam", "version").order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    there = _attended(found, [unit.pk])
    for enrolment in found:
        if unit.pk in there[enrolment.pk]:
            _finish(enrolment, unit.pk, at)
        else:
            _take_back(enrolment, session)


def count_attended(*, enrolment: Enrolment, at: datetime) -> None:
    """Let what somebody attended before they enrolled count: that it counts already is what they came for."""
    units = enrolment.version.units.values_list("unit", flat=True)
    for unit in sorted(_attended([enrolment], list(units))[enrolment.pk]):
        _finish(enrolment, unit, at)


def _attended(enrolments: Collection[Enrolment], units: Collection[int]) -> dict[int, set[int]]:
    """Return, by enrolment, which of the units its person attended so that it counts there (two queries).

    What was attended for a course that was finished since, or longer ago than the course counts, counts no more.
    """
    people = {row.person_id: row for row in enrolments}
    courses = {row.course_id for row in enrolments}
    is_finished = Q(completed_at__isnull=False, course__in=courses)
    before = Enrolment.objects.filter(is_finished, person__in=people).order_by().values("person", "course")
    finished = {
        (row["person"], row["course"]): timezone.localdate(row["last"])
        for row in before.annotate(last=Max("completed_at"))
    }
    there = Attendance.objects.filter(person__in=people, session__unit__in=units, state__in=Attendance.THERE)
    found: dict[int, set[int]] = defaultdict(set)
    for person, unit, starts_at in there.values_list("person", "session__unit", "session__starts_at"):
        row = people[person]
        if still_counts(
            timezone.localdate(starts_at),
            finished=finished.get((person, row.course_id)),
            begun=timezone.localdate(row.enrolled_at),
            months=row.course.valid_months,
        ):
            found[row.pk].add(unit)
    return found


def _finish(enrolment: Enrolment, unit: int, at: datetime) -> None:
    progress, _created = UnitProgress.objects.get_or_create(
        enrolment=enrolment, unit_id=unit, defaults={"opened_at": at}
    )
    if progress.done_at is None:
        progress.done_at = at
        progress.save(update_fields=["done_at"])
        complete_if_done(enrolment, at)


def _take_back(enrolment: Enrolment, session: TrainingSession) -> None:
    progress = UnitProgress.objects.filter(enrolment=enrolment, unit=session.unit).exclude(done_at=None).first()
    if progress is None:
        return
    asked = UnitVersion.objects.select_related("unit").get(course_version=enrolment.version_id, unit=session.unit)
    if asked.is_classroom or not set(asked.section_ids()) <= set(progress.sections_done):
        progress.done_at = None
        progress.save(update_fields=["done_at"])
