"""A new version of a course takes those along who have begun; whoever is through stays where they were."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q

from courses.models import CourseVersion, Enrolment, UnitProgress
from training.operations.services import Actor, Event, record_many

from .completing import complete_if_done

AT_A_TIME = 1000


@transaction.atomic
def move_on(*, version: CourseVersion, again: Collection[int], by: Actor, at: datetime) -> int:
    """Let open enrolments go on in the newest version of their course; set-based. Return how many moved.

    What is done stays done, whether its lesson changed or not, except the units in `again` (by key): those are to be
    read once more. Who has done all that the version asks is through. Completed enrolments never move.
    """
    others = Enrolment.objects.filter(course=version.course, completed_at=None).exclude(version=version)
    rows = list(others.select_for_update(of=("self",)).select_related("person", "version", "last_unit").order_by("pk"))
    if not rows:
        return 0
    if again:
        theirs = UnitProgress.objects.filter(enrolment__course=version.course, enrolment__completed_at=None)
        theirs.filter(unit__in=list(again)).update(done_at=None, sections_done=[], section=1, passage=0, line=0)
    places = {unit.unit_id: unit for unit in version.units.all()}
    events = []
    for row in rows:
        before = {"version": row.version.number}
        row.version = version
        row.last_unit = places.get(row.last_unit.unit_id) if row.last_unit else None
        after = {"version": version.number, "again": sorted(again)}
        events.append(Event("courses.moved_on", row, person=row.person, before=before, after=after))
    Enrolment.objects.bulk_update(rows, ["version", "last_unit"], batch_size=AT_A_TIME)
    record_many(events, by=by, at=at)
    _complete(version, len(places), at)
    return len(rows)


def _complete(version: CourseVersion, units: int, at: datetime) -> None:
    done = Q(progress__done_at__isnull=False, progress__unit__versions__course_version=F("version"))
    through = Enrolment.objects.filter(version=version, completed_at=None).annotate(done=Count("progress", filter=done))
    for row in through.filter(done__gte=max(units, 1)).select_related("person", "course__exam", "version"):
        complete_if_done(row, at)
