"""Repeating a week of the roster."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from training.lib.workdays import week_of
from training.operations.services import Actor
from training.people import permissions
from training.people.models import Shift, User
from training.people.queries import away, working_calendar

from .roster import ONE_WEEK, RosterChange, ShiftRow, copy_of, set_roster


@dataclass(frozen=True)
class CopiedWeek:
    """What was copied, and how much was left out for which reason: "holiday", "away", "taken", "closed", "left"."""

    change: RosterChange
    left_out: Counter[str]


@transaction.atomic
def copy_week(*, monday: date, by: Actor, at: datetime) -> CopiedWeek:
    """Repeat the week before in the week of `monday`, for the people whose records `by` keeps.

    Left out: days that are not worked, people who are away or have left, windows that have closed, and whoever stands
    somewhere already in that half of the day, so that nothing entered by hand is lost.
    """
    week = week_of(monday)
    first, last = week[0] - ONE_WEEK, week[-1] - ONE_WEEK
    own = Q()
    if isinstance(by, User):
        own = Q(person__department__in=permissions.departments_kept(by))
    shifts = Shift.objects.between(first, last).filter(own).select_related("person", "window")
    taken = set(Shift.objects.between(week[0], week[-1]).values_list("person", "day", "half"))
    absent, calendar = away(None, week[0], week[-1]), working_calendar(week[0], week[-1])

    def hindrance(row: ShiftRow) -> str:
        reasons = {
            "holiday": not calendar.is_working(row.day),
            "taken": row.slot in taken,
            "away": (row.person.pk, row.day) in absent,
            "left": not row.person.is_active,
            "closed": row.window is not None and row.window.until is not None and row.window.until < row.day,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    told = [(row, hindrance(row)) for row in copy_of(shifts)]
    change = set_roster(rows=[row for row, reason in told if not reason], by=by, at=at)
    return CopiedWeek(change, Counter(reason for _row, reason in told if reason))
