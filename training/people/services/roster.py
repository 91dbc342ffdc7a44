"""The roster: who stands at which window in which half of which day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from training.operations.services import Actor, Event, record_many
from training.people import permissions
from training.people.models import Shift, User, Window

from .calendar import Outcome
from .errors import NotAllowedError, PeopleError

Slot = tuple[int, date, str]
ONE_WEEK = timedelta(days=7)
MOST_NAMED = 500
"""More people than that are not named one by one in a query: all shifts of the days are read instead."""


@dataclass(frozen=True)
class ShiftRow:
    """Where a person stands in one half of one day; without a window: nowhere."""

    person: User
    window: Window | None
    day: date
    half: str

    @property
    def slot(self) -> Slot:
        return self.person.pk, self.day, self.half


@dataclass(frozen=True)
class RosterChange:
    """What a change of the roster did; `undo` are the rows that put everything back."""

    outcome: Outcome
    undo: list[ShiftRow]


@transaction.atomic
def set_roster(*, rows: Sequence[ShiftRow], by: Actor, at: datetime) -> RosterChange:
    """Put each person where their row says, in that half of that day; everything else stays as it is.

    Set-based: a handful of statements for any number of rows. Running it again changes nothing. Raises
    `NotAllowedError` when `by` is not HR of somebody's department, `PeopleError` when somebody stands in the rows
    twice for one half of a day or a window has closed by then.
    """
    require_own_people(by, {row.person for row in rows})
    wanted = {row.slot: row for row in rows}
    if len(wanted) < len(rows):
        raise PeopleError(_("Somebody stands in the list twice for one half of a day."))
    require_open_windows(rows)
    known = _shifts_on_record(wanted)
    changes = [row for slot, row in wanted.items() if _window_of(known.get(slot)) != (row.window and row.window.pk)]
    undo = [_as_it_was(row, known.get(row.slot)) for row in changes]
    new = [row for row in changes if row.slot not in known]
    gone = [known[row.slot] for row in changes if row.window is None and row.slot in known]
    moved = [row for row in changes if row.window is not None and row.slot in known]
    _store(new, moved, gone, known)
    _record(changes, undo, by, at)
    unchanged = len(wanted) - len(changes)
    return RosterChange(Outcome(len(new), len(moved), unchanged, len(gone)), undo)


def copy_of(shifts: Iterable[Shift], *, later: timedelta = ONE_WEEK) -> list[ShiftRow]:
    """Return the rows that repeat these shifts `later`; what of it makes sense then is for the caller to choose."""
    return [ShiftRow(shift.person, shift.window, shift.day + later, shift.half) for shift in shifts]


def require_own_people(by: Actor, people: Iterable[User]) -> None:
    """Raise `NotAllowedError` unless `by` keeps the records of all the people's home departments."""
    if not isinstance(by, User):
        return
    kept = set(permissions.departments_kept(by).values_list("pk", flat=True))
    foreign = sorted((person for person in people if person.department_id not in kept), key=lambda one: one.pk)
    if foreign:
        raise NotAllowedError(
            _("You are not HR of the department of %(person)s, so their shifts are not yours to change.")
            % {"person": foreign[0]}
        )


def require_open_windows(rows: Iterable[ShiftRow]) -> None:
    """Raise `PeopleError` when somebody would stand at a window after its last day."""
    for row in rows:
        if row.window is not None and row.window.until is not None and row.window.until < row.day:
            raise PeopleError(
                _("Window %(number)s closed on %(day)s. Choose another.")
                % {"number": row.window.number, "day": row.window.until.isoformat()}
            )


def _shifts_on_record(wanted: Iterable[Slot]) -> dict[Slot, Shift]:
    slots = set(wanted)
    days = {day for _person, day, _half in slots}
    people = {person for person, _day, _half in slots}
    if not slots:
        return {}
    found = Shift.objects.select_for_update(of=("self",)).between(min(days), max(days)).select_related("window")
    if len(people) <= MOST_NAMED:
        found = found.filter(person__in=people)
    return {slot: one for one in found if (slot := (one.person_id, one.day, one.half)) in slots}


def _window_of(shift: Shift | None) -> int | None:
    return shift.window_id if shift else None


def _as_it_was(row: ShiftRow, shift: Shift | None) -> ShiftRow:
    return ShiftRow(row.person, shift.window if shift else None, row.day, row.half)


def _store(new: list[ShiftRow], moved: list[ShiftRow], gone: list[Shift], known: dict[Slot, Shift]) -> None:
    Shift.objects.filter(pk__in=[shift.pk for shift in gone]).delete()
    for row in moved:
        if row.window is not None:
            known[row.slot].window = row.window
    Shift.objects.bulk_update([known[row.slot] for row in moved], ["window"], batch_size=500)
    Shift.objects.bulk_create(
        [Shift(person=row.person, window=row.window, day=row.day, half=row.half) for row in new], batch_size=1000
    )


def _record(changes: list[ShiftRow], undo: list[ShiftRow], by: Actor, at: datetime) -> None:
    """Keep one event per person, whatever the number of days."""
    before: dict[User, dict[str, int | None]] = defaultdict(dict)
    after: dict[User, dict[str, int | None]] = defaultdict(dict)
    for facts, rows in ((before, undo), (after, changes)):
        for row in rows:
            facts[row.person][f"{row.day} {row.half}"] = row.window.number if row.window else None
    record_many(
        [Event("people.roster_set", person, person, before[person], after[person]) for person in after], by=by, at=at
    )
