"""Where somebody reads, and for how long: told by their browser while the page is open."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from courses.models import Enrolment, UnitProgress, UnitVersion

MOST_AT_ONCE = 60  # seconds; a browser tells every half minute


@dataclass(frozen=True)
class Place:
    """A place in a unit: section from 1, passage from 1 and line from 0 within it; 0, 0 is the section's beginning."""

    section: int
    passage: int = 0
    line: int = 0


@transaction.atomic
def keep_place(
    *, enrolment: Enrolment, unit: UnitVersion, place: Place, seen_at: datetime, visible: float, at: datetime
) -> UnitProgress:
    """Keep where a person reads: of two devices the one that read last wins, whichever tells it first.

    `visible` is for how many seconds the page was in sight since it told the last time. No more of them count than have
    passed since the person's last telling on any device, nor more than a minute.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    progress, _created = UnitProgress.objects.select_for_update().get_or_create(
        enrolment=enrolment, unit_id=unit.unit_id, defaults={"opened_at": at}
    )
    told = UnitProgress.objects.filter(enrolment__person=enrolment.person_id).aggregate(last=Max("told_at"))["last"]
    passed = (at - told).total_seconds() if told else MOST_AT_ONCE
    progress.seconds += round(max(0, min(visible, passed, MOST_AT_ONCE)))
    progress.told_at = max(at, told) if told else at
    seen_at = min(seen_at, at)
    if progress.read_at is None or seen_at > progress.read_at:
        progress.section, progress.passage, progress.line = place.section, place.passage, place.line
        progress.read_at = seen_at
        enrolment.last_unit = unit
        enrolment.save(update_fields=["last_unit"])
    progress.save()
    return progress
