"""Who was at a training session: marked by hand, from a sheet or by the code in the room; and what follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Attendance, TrainingSession
from courses.queries.sessions import invited
from training.operations.services import Event, record, record_many
from training.people.models import User

from .classroom_units import settle_unit
from .sessions import SessionRefused, open_session

State = Attendance.State
CORRECTED_FOR = timedelta(days=365)
AT_A_TIME = 500


@dataclass(frozen=True)
class Mark:
    """What is said of one person: `state` empty takes a mark back, `minutes` None stands for those of the session."""

    state: str
    minutes: int | None = None

    def counted(self, session: TrainingSession) -> int:
        """Return the minutes that count."""
        if self.state not in Attendance.THERE:
            return 0
        return session.minutes if self.minutes is None else self.minutes


@transaction.atomic
def mark(
    *, session: TrainingSession, marks: Mapping[int, Mark], how: str, by: User, at: datetime, reason: str = ""
) -> int:
    """Say of people, by key, whether they were there; what is said already stays untouched. Return how many changed.

    Once the list is closed a correction needs a reason, for a year; then nothing changes any more, and a mark cannot
    be taken back. Raises `SessionRefused`, also when it was called off and for who is there before it begins.
    """
    locked = _markable(session, at=at, reason=reason)
    if at < locked.opens_at and any(said.state in Attendance.THERE for said in marks.values()):
        raise SessionRefused(_("Nobody can be there yet. Until it begins, only mark who is excused."))
    new: list[Attendance] = []
    changed: list[Attendance] = []
    gone: list[Attendance] = []
    events: list[Event] = []
    for row, before, said in _rows(locked, marks):
        if not said.state:
            gone.append(row)
            events.append(Event("courses.attendance_unmarked", row, person=row.person, before=before))
            continue
        row.how, row.marked_by, row.marked_at = how, by, at
        (changed if row.pk else new).append(row)
        action = "courses.attendance_corrected" if locked.closed_at else "courses.attendance_marked"
        events.append(Event(action, row, person=row.person, before=before, after=_told(row), reason=reason))
    Attendance.objects.bulk_create(new, batch_size=AT_A_TIME)
    Attendance.objects.bulk_update(changed, ["state", "minutes", "how", "marked_by", "marked_at"], batch_size=AT_A_TIME)
    record_many(events, by=by, at=at)
    Attendance.objects.filter(pk__in=[row.pk for row in gone]).delete()
    settle_unit(session=locked, people=[row.person_id for row in (*new, *changed, *gone)], at=at)
    return len(events)


@transaction.atomic
def close(*, session: TrainingSession, by: User, at: datetime) -> int:
    """Close the list of a session that has ended: whoever is invited and not marked was absent. Return how many.

    Raises `SessionRefused` before its end, when it was called off, and when the list is closed.
    """
    locked = open_session(session)
    if at < locked.ends_at:
        raise SessionRefused(_("The session has not ended yet."))
    missing = invited(locked).exclude(pk__in=locked.attendances.values("person")).order_by("pk")
    rows = [
        Attendance(
            session=locked, person=person, state=State.ABSENT, how=Attendance.How.CLOSING, marked_by=by, marked_at=at
        )
        for person in missing
    ]
    Attendance.objects.bulk_create(rows, batch_size=AT_A_TIME)
    locked.closed_at, locked.closed_by = at, by
    locked.save(update_fields=["closed_at", "closed_by"])
    record(action="courses.session_closed", by=by, subject=locked, at=at, after={"absent": len(rows)})
    return len(rows)


@transaction.atomic
def record_sheet(*, session: TrainingSession, rows: int, file_format: str, by: User, at: datetime) -> None:
    """Record that `by` took the names of a session, as a sheet or a list to print."""
    after = {"format": file_format, "rows": rows}
    record(action="courses.attendance_exported", by=by, subject=session, at=at, after=after)


def _markable(session: TrainingSession, *, at: datetime, reason: str) -> TrainingSession:
    locked = TrainingSession.objects.select_for_update(of=("self",)).select_related("unit").get(pk=session.pk)
    if locked.cancelled_at:
        raise SessionRefused(_("This session was called off."))
    if locked.closed_at and at > locked.closed_at + CORRECTED_FOR:
        raise SessionRefused(_("The list was closed more than a year ago. It stays as it is."))
    if locked.closed_at and not reason.strip():
        raise SessionRefused(_("The list is closed. Give the reason for the correction; it stays on record."))
    return locked


def _rows(
    session: TrainingSession, marks: Mapping[int, Mark]
) -> Iterator[tuple[Attendance, dict[str, Any] | None, Mark]]:
    """Yield the rows that change, as they are then and what they said before (None: nothing)."""
    known = {row.person_id: row for row in session.attendances.filter(person__in=list(marks)).select_related("person")}
    people = User.objects.in_bulk([pk for pk in marks if pk not in known])
    for pk, said in marks.items():
        row = known.get(pk)
        before = _told(row) if row else None
        if not said.state:
            if row is not None and not session.closed_at:
                yield row, before, said
            continue
        row = row or Attendance(session=session, person=people[pk])
        row.state, row.minutes = said.state, said.counted(session)
        if before != _told(row):
            yield row, before, said


def _told(row: Attendance) -> dict[str, Any]:
    return {"state": str(row.state), "minutes": row.minutes}
