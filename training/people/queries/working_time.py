"""Which days are worked, who is away, who stands where."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from training.lib.workdays import WorkingCalendar, days_from
from training.people.models import CalendarDay, Centre, Leave, Shift, User


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


def shifts_of(person: User, day: date) -> list[tuple[Shift, list[Shift]]]:
    """Return the person's shifts of the day, the morning first, each with who stands beside them then (one query).

    Beside is the same window or the next one: in one section, with a number that follows. The nearest number first.
    """
    own = Shift.objects.filter(person=person, day=day, half=OuterRef("half"))
    near = own.filter(
        window__section=OuterRef("window__section"),
        window__number__range=(OuterRef("window__number") - 1, OuterRef("window__number") + 1),
    )
    found = Shift.objects.filter(Exists(near), day=day).select_related("person", "window__section")
    standing = list(found.order_by("-half", "window__number", "person__staff_number"))
    return [
        (shift, [other for other in standing if other.half == shift.half and other.person_id != person.pk])
        for shift in standing
        if shift.person_id == person.pk
    ]
