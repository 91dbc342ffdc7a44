"""Which days are worked, who is away, who stands where."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from training.lib.workdays import WorkingCalendar, days_from
from training.people.models import CalendarDay, Centre, Leave, Shift, User
from training.people.models.working_time import ShiftQuerySet


def working_calendar(first: date | None = None, last: date | None = None) -> WorkingCalendar:
    """Return the centre's calendar, with the exceptions from `first` to `last` or all of them (two queries)."""
    days = CalendarDay.objects.all()
    if first is not None:
        days = days.filter(day__gte=first)
    if last is not None:
        days = days.filter(day__lte=last)
    return WorkingCalendar(
        frozenset(Centre.load().working_days), dict(days.order_by("day").values_list("day", "is_working"))
    )


def away(people: Iterable[User] | None, first: date, last: date) -> set[tuple[int, date]]:
    """Return the id of the person and the day, for every day from `first` to `last` that leave covers."""
    found = Leave.objects.overlapping(first, last)
    if people is not None:
        found = found.filter(person__in=people)
    return {
        (person, day)
        for person, starts_on, until in found.values_list("person", "starts_on", "until")
        for day in days_from(max(starts_on, first), min(until, last))
    }


def shifts_of(person: User, day: date) -> list[Shift]:
    """Return the person's shifts of the day, the morning first, each with its window."""
    found = person.shifts.filter(day=day).select_related("window__section")
    return sorted(found, key=lambda shift: shift.half != "morning")


def colleagues_of(shifts: Iterable[Shift]) -> "ShiftQuerySet":
    """Return who stands at the windows next to these, or at the same one, in the same half; the nearest number first.

    Windows are next to each other when they stand in one section and their numbers follow.
    """
    chosen, own = Q(pk__in=[]), []
    for shift in shifts:
        number, section = shift.window.number, shift.window.section_id
        near = Q(window__section=section, window__number__range=(max(number - 1, 0), number + 1))
        chosen |= Q(day=shift.day, half=shift.half) & near
        own.append(shift.pk)
    found = Shift.objects.filter(chosen).exclude(pk__in=own)
    return found.select_related("person", "window").order_by("half", "window__number", "person__staff_number")
