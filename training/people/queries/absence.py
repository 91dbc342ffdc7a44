"""Leave as it is listed: who, when, how many working days, and what of it meets the roster."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from training.lib.templatetags.words import day as say
from training.people import permissions
from training.people.models import Department, Leave, Shift, User
from training.people.models.working_time import LeaveQuerySet

from .working_time import working_calendar


@dataclass(frozen=True)
class LeaveLine:
    """One leave in a list; the kind only for whoever keeps the person's records."""

    leave: Leave
    kind: str
    working_days: int
    shifts: int
    may_change: bool


def leave_list(
    viewer: User, first: date, last: date, *, today: date, department: Department | None = None, words: str = ""
) -> LeaveQuerySet:
    """Return the leave between the two days of those whom `viewer` oversees, by its first day."""
    people = permissions.overseen_staff(viewer, today=today).found_by(words)
    if department is not None:
        people = people.filter(department__in=Department.objects.within([department.path]))
    found = Leave.objects.overlapping(first, last).filter(person__in=people)
    return found.select_related("person__department").order_by("starts_on", "person__staff_number")


def leave_lines(leaves: Iterable[Leave], viewer: User) -> list[LeaveLine]:
    """Return the lines of one page of leave (four queries, any number)."""
    page = list(leaves)
    if not page:
        return []
    first, last = min(leave.starts_on for leave in page), max(leave.until for leave in page)
    calendar = working_calendar(first, last)
    standing: dict[int, list[date]] = defaultdict(list)
    shifts = Shift.objects.between(first, last).filter(person__in={leave.person_id for leave in page})
    for person, day in shifts.values_list("person", "day"):
        standing[person].append(day)
    kept = set(permissions.departments_kept(viewer).values_list("pk", flat=True))
    return [
        LeaveLine(
            leave,
            leave.get_kind_display() if leave.person.department_id in kept else "",
            calendar.count(leave.starts_on, leave.until),
            sum(leave.starts_on <= day <= leave.until for day in standing[leave.person_id]),
            leave.person.department_id in kept,
        )
        for leave in page
    ]


def away_today(viewer: User, *, today: date) -> int:
    """Return how many of those whom `viewer` oversees are away today."""
    return Leave.objects.on(today).filter(person__in=permissions.overseen_staff(viewer, today=today)).count()


def span_in_words(leave: Leave) -> str:
    """Return the first and the last day as one reads them."""
    if leave.starts_on == leave.until:
        return say(leave.starts_on)
    return f"{say(leave.starts_on)} – {say(leave.until)}"
