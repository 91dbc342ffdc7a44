"""Working days: which days of a calendar are worked, and counting by them. Pure: no Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})
"""ISO weekdays, Monday 1 to Sunday 7."""
LONGEST_CLOSURE = 366
ONE_DAY = timedelta(days=1)


class NoWorkingDayError(Exception):
    """A whole year lies ahead without one working day: the calendar is not set up."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Weekdays that are worked, and the days that are otherwise: holidays False, make-up working days True."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Tell whether the day is worked."""
        return self.exceptions.get(day, day.isoweekday() in self.weekdays)

    def next_working(self, day: date) -> date:
        """Return the first working day after `day`. Raises `NoWorkingDayError` when a year holds none."""
        for distance in range(1, LONGEST_CLOSURE + 1):
            if self.is_working(later := day + timedelta(days=distance)):
                return later
        raise NoWorkingDayError

    def last_working(self, day: date) -> date:
        """Return the last working day before `day`. Raises `NoWorkingDayError` when a year holds none."""
        for distance in range(1, LONGEST_CLOSURE + 1):
            if self.is_working(earlier := day - timedelta(days=distance)):
                return earlier
        raise NoWorkingDayError

    def add(self, day: date, number: int) -> date:
        """Return the working day that is `number` working days after `day`, which itself is not counted.

        None added leaves the day where it is, worked or not. Raises ValueError for a negative number and
        `NoWorkingDayError` when a year holds none.
        """
        if number < 0:
            raise ValueError(number)
        for _count in range(number):
            day = self.next_working(day)
        return day

    def count(self, first: date, last: date) -> int:
        """Return how many working days there are from `first` to `last`, both included; 0 when `last` comes first."""
        return sum(self.is_working(day) for day in days_from(first, last))


def days_from(first: date, last: date) -> list[date]:
    """Return every day from `first` to `last`, both included; none when `last` comes first."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def week_of(day: date) -> list[date]:
    """Return the seven days, Monday first, of the week the day lies in."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return days_from(monday, monday + timedelta(days=6))
