"""Leave: entering, changing, ending early, taking back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from training.operations.services import Actor, Event, record, record_many
from training.people.models import Leave, User

from .checks import require_may_keep
from .errors import PeopleError

LONGEST_LEAVE = 400
"""Days; a longer one is most likely a slip of the year."""


@dataclass(frozen=True)
class LeaveRow:
    """A time somebody is away."""

    person: User
    kind: str
    starts_on: date
    until: date


@transaction.atomic
def enter_leave(*, person: User, kind: str, starts_on: date, until: date, by: Actor, at: datetime) -> Leave:
    """Enter leave of the person; both days count.

    Raises `NotAllowedError` when `by` is not HR of the person's department, `PeopleError` when the days are the
    wrong way round, more than 400 apart, or overlap leave on record.
    """
    require_own_staff(by, person)
    require_possible(person, starts_on, until)
    leave = Leave.objects.create(person=person, kind=kind, starts_on=starts_on, until=until)
    record(action="people.leave_entered", by=by, subject=leave, person=person, at=at, after=leave_facts(leave))
    return leave


@transaction.atomic
def change_leave(*, leave: Leave, kind: str, starts_on: date, until: date, by: Actor, at: datetime) -> Leave:
    """Say that the leave is of another kind or at another time; an earlier last day ends it early.

    Raises as `enter_leave` does.
    """
    require_own_staff(by, leave.person)
    require_possible(leave.person, starts_on, until, but=leave)
    before = leave_facts(leave)
    leave.kind, leave.starts_on, leave.until = kind, starts_on, until
    if (after := leave_facts(leave)) == before:
        return leave
    leave.save(update_fields=["kind", "starts_on", "until"])
    record(action="people.leave_changed", by=by, subject=leave, person=leave.person, at=at, before=before, after=after)
    return leave


@transaction.atomic
def withdraw_leave(*, leave: Leave, by: Actor, at: datetime) -> None:
    """Take leave back that was entered by mistake or not taken; the audit trail keeps it.

    Raises `NotAllowedError` as `enter_leave` does.
    """
    require_own_staff(by, leave.person)
    record(action="people.leave_withdrawn", by=by, subject=leave, person=leave.person, at=at, before=leave_facts(leave))
    leave.delete()


@transaction.atomic
def enter_leaves(*, rows: Sequence[LeaveRow], by: str, at: datetime) -> list[Leave]:
    """Enter many at once, by a process that answers for the rights and for no two overlapping."""
    made = Leave.objects.bulk_create(
        [Leave(person=row.person, kind=row.kind, starts_on=row.starts_on, until=row.until) for row in rows],
        batch_size=1000,
    )
    events = [Event("people.leave_entered", leave, leave.person, after=leave_facts(leave)) for leave in made]
    record_many(events, by=by, at=at)
    return made


def require_own_staff(by: Actor, person: User) -> None:
    """Raise `NotAllowedError` unless `by` is HR of the department that is the person's home."""
    if person.department is None or isinstance(by, str):
        return
    require_may_keep(by, person.department)


def require_possible(person: User, starts_on: date, until: date, *, but: Leave | None = None) -> None:
    """Raise `PeopleError` unless leave from `starts_on` to `until` makes sense beside all other leave of the person."""
    if until < starts_on:
        raise PeopleError(_("The last day comes before the first."))
    if (until - starts_on).days >= LONGEST_LEAVE:
        raise PeopleError(_("That is more than %(days)s days. Check the years.") % {"days": LONGEST_LEAVE})
    User.objects.select_for_update().get(pk=person.pk)  # two who enter leave of one person follow one another
    others = person.leaves.overlapping(starts_on, until).order_by("starts_on")
    if but is not None:
        others = others.exclude(pk=but.pk)
    if found := others.first():
        raise PeopleError(
            _("%(person)s is away then: %(kind)s from %(first)s to %(last)s. Change that leave, or choose other days.")
            % {
                "person": person,
                "kind": found.get_kind_display(),
                "first": found.starts_on.isoformat(),
                "last": found.until.isoformat(),
            }
        )


def leave_facts(leave: Leave) -> dict[str, Any]:
    """Return what the audit trail keeps of leave."""
    return {"kind": leave.kind, "starts_on": leave.starts_on.isoformat(), "until": leave.until.isoformat()}
