"""A year of the centre's calendar: its months day by day, and its holidays in words."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from training.lib.texts import text_in
from training.lib.workdays import WorkingCalendar
from training.people.models import CalendarDay, Centre

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """A day of a month; `mark` is "off" or "work" where it is not what its weekday says."""

    day: date
    is_working: bool
    mark: str
    name: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month, week by week from Monday; None where a week reaches into another month."""

    first: date
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Holiday:
    """Days of one name: the spans off, the days worked for them."""

    name: str
    off: list[tuple[date, date]]
    worked: list[date]

    @property
    def days_off(self) -> int:
        return sum((last - first).days + 1 for first, last in self.off)

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        spans = [first + ONE_DAY * n for first, last in self.off for n in range((last - first).days + 1)]
        return sorted([*spans, *self.worked])


@dataclass(frozen=True)
class CalendarYear:
    """A year for one page."""

    number: int
    months: list[Month]
    holidays: list[Holiday]
    working_days: int


def calendar_year(year: int, *, today: date) -> CalendarYear:
    """Return the year (two queries)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    exceptions = list(CalendarDay.objects.filter(day__range=(first, last)))
    calendar = WorkingCalendar(frozenset(Centre.load().working_days), {one.day: one.is_working for one in exceptions})
    names = {one.day: text_in(one.name) for one in exceptions}
    months = [_month(year, number, calendar, names, today) for number in range(1, 13)]
    return CalendarYear(year, months, _holidays(exceptions), calendar.count(first, last))


def next_exception(today: date) -> CalendarDay | None:
    """Return the next day, today or later, that is not what its weekday says."""
    return CalendarDay.objects.filter(day__gte=today).first()


def _month(year: int, number: int, calendar: WorkingCalendar, names: dict[date, str], today: date) -> Month:
    weeks = [
        [_cell(day, calendar, names, today) if day.month == number else None for day in week]
        for week in Calendar().monthdatescalendar(year, number)
    ]
    return Month(date(year, number, 1), weeks)


def _cell(day: date, calendar: WorkingCalendar, names: dict[date, str], today: date) -> Cell:
    is_working = calendar.is_working(day)
    mark = ("work" if is_working else "off") if day in names else ""
    return Cell(day, is_working, mark, names.get(day, ""), day == today)


def _holidays(days: list[CalendarDay]) -> list[Holiday]:
    """Return the holidays in the order of their first day off."""
    by_name: dict[str, tuple[list[tuple[date, date]], list[date]]] = {}
    for one in days:
        off, worked = by_name.setdefault(text_in(one.name), ([], []))
        if one.is_working:
            worked.append(one.day)
        elif off and off[-1][1] == one.day - ONE_DAY:
            off[-1] = (off[-1][0], one.day)
        else:
            off.append((one.day, one.day))
    found = [Holiday(name, off, worked) for name, (off, worked) in by_name.items()]
    return sorted(found, key=lambda holiday: holiday.off[0][0] if holiday.off else holiday.worked[0])
