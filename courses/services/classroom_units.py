"""A lesson learned in a room: attendance finishes it in the course somebody is at, and takes it back."""

from collections.abc import Collection
from datetime import datetime

from courses.models import Attendance, Enrolment, TrainingSession, UnitProgress, UnitVersion

from .learning import complete_if_done


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
    there = set(
        Attendance.objects.filter(session__unit=unit, person__in=people, state__in=Attendance.THERE).values_list(
            "person", flat=True
        )
    )
    for enrolment in rows.select_for_update(of=("self",)):
        if enrolment.person_id in there:
            _finish(enrolment, session, at)
        else:
            _take_back(enrolment, session)


def _finish(enrolment: Enrolment, session: TrainingSession, at: datetime) -> None:
    progress, _created = UnitProgress.objects.get_or_create(
        enrolment=enrolment, unit=session.unit, defaults={"opened_at": at}
    )
    if progress.done_at is None:
        progress.done_at = at
        progress.save(update_fields=["done_at"])
        complete_if_done(enrolment, at)


def _take_back(enrolment: Enrolment, session: TrainingSession) -> None:
    progress = UnitProgress.objects.filter(enrolment=enrolment, unit=session.unit).exclude(done_at=None).first()
    if progress is None:
        return
    asked = UnitVersion.objects.get(course_version=enrolment.version_id, unit=session.unit).section_ids()
    if not set(asked) <= set(progress.sections_done):
        progress.done_at = None
        progress.save(update_fields=["done_at"])
