"""Keeping the centre's calendar: the weekdays it works, holidays, make-up working days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from training.lib.texts import Texts
from training.operations.services import Actor, record
from training.people import permissions
from training.people.models import CalendarDay, Centre, User

from .errors import NotAllowedError, PeopleError


@dataclass(frozen=True)
class CalendarRow:
    """A day that is not what its weekday says, with the name of the holiday it belongs to."""

    day: date
    is_working: bool
    name: Texts


@dataclass(frozen=True)
class Outcome:
    """How many rows a list made, changed and left as they were, and how many it took away."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@transaction.atomic
def set_calendar(*, rows: Sequence[CalendarRow], by: Actor, at: datetime) -> Outcome:
    """Make these days of the calendar what the rows say; other days stay as they are. Running it again changes nothing.

    Raises `NotAllowedError` when `by` is not HR of the whole centre, `PeopleError` when a day stands there twice or
    a row has no name.
    """
    require_whole_centre(by)
    wanted = {row.day: row for row in rows}
    if len(wanted) < len(rows):
        raise PeopleError(_("A day stands in the list twice."))
    if nameless := [row.day for row in rows if not any(row.name.values())]:
        raise PeopleError(_("%(day)s has no name. Say which holiday it belongs to.") % {"day": nameless[0]})
    known = {day.day: day for day in CalendarDay.objects.select_for_update().filter(day__in=wanted)}
    changed = [row for day, row in wanted.items() if day in known and _differs(known[day], row)]
    new = [row for day, row in wanted.items() if day not in known]
    before = {str(row.day): _facts(known[row.day]) for row in changed}
    for row in changed:
        known[row.day].is_working, known[row.day].name = row.is_working, dict(row.name)
    CalendarDay.objects.bulk_update([known[row.day] for row in changed], ["is_working", "name"], batch_size=500)
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=row.day, is_working=row.is_working, name=dict(row.name)) for row in new], batch_size=500
    )
    _record_days(before, {str(row.day): _facts(row) for row in (*changed, *new)}, by, at)
    return Outcome(len(new), len(changed), len(wanted) - len(new) - len(changed))


@transaction.atomic
def clear_calendar(*, days: Collection[date], by: Actor, at: datetime) -> list[CalendarRow]:
    """Let these days be what their weekday says again. Return what they were, which `set_calendar` takes back.

    Raises `NotAllowedError` as `set_calendar` does.
    """
    require_whole_centre(by)
    found = list(CalendarDay.objects.select_for_update().filter(day__in=days))
    CalendarDay.objects.filter(pk__in=[day.pk for day in found]).delete()
    _record_days({str(day.day): _facts(day) for day in found}, {}, by, at)
    return [CalendarRow(day.day, day.is_working, day.name) for day in found]


@transaction.atomic
def set_working_days(*, weekdays: Collection[int], by: Actor, at: datetime) -> None:
    """Say on which weekdays the centre works, Monday 1 to Sunday 7.

    Raises `NotAllowedError` as `set_calendar` does, `PeopleError` when there is none or one that does not exist.
    """
    require_whole_centre(by)
    wanted = sorted(set(weekdays))
    if not wanted or not set(wanted) <= set(range(1, 8)):
        raise PeopleError(_("Choose at least one weekday."))
    centre = Centre.load()
    if centre.working_days == wanted:
        return
    before = {"working_days": centre.working_days}
    centre.working_days = wanted
    centre.save()
    record(
        action="people.working_days_set", by=by, subject=centre, at=at, before=before, after={"working_days": wanted}
    )


def require_whole_centre(by: Actor) -> None:
    """Raise `NotAllowedError` unless `by` is HR or administrator of the whole centre, or a process."""
    if isinstance(by, User) and not permissions.may_keep(by, None):
        raise NotAllowedError(_("Only HR of the whole centre changes this."))


def _differs(known: CalendarDay, row: CalendarRow) -> bool:
    return (known.is_working, known.name) != (row.is_working, dict(row.name))


def _facts(day: CalendarDay | CalendarRow) -> dict[str, Any]:
    return {"is_working": day.is_working, "name": dict(day.name)}


def _record_days(before: Mapping[str, Any], after: Mapping[str, Any], by: Actor, at: datetime) -> None:
    if before or after:
        record(action="people.calendar_set", by=by, subject=Centre.load(), at=at, before=before, after=after)
