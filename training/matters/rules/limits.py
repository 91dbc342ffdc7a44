"""Limits of time: a number and what it counts; which of two is longer, and on which day one ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from training.lib.workdays import WorkingCalendar

WORKING_DAYS, CALENDAR_DAYS, WORKING_HOURS = "working_days", "calendar_days", "working_hours"
HOURS_A_DAY = 8
WEEK, WORKED = 7, 5


@dataclass(frozen=True)
class Limit:
    """So many of a unit; none of them means on the spot, whatever the unit."""

    number: Decimal | float | int
    unit: str = WORKING_DAYS


def length(limit: Limit) -> Fraction:
    """Return how many calendar days a limit takes in a usual week of five working days."""
    number = Fraction(str(limit.number))
    if limit.unit == CALENDAR_DAYS:
        return number
    days = number / HOURS_A_DAY if limit.unit == WORKING_HOURS else number
    return days * WEEK / WORKED


def is_longer(promised: Limit, statutory: Limit) -> bool:
    """Tell whether a promise takes longer than the law allows, in a usual week where the units differ."""
    if promised.unit == statutory.unit:
        return promised.number > statutory.number
    return length(promised) > length(statutory)


def last_day(limit: Limit, accepted: date, calendar: WorkingCalendar) -> date:
    """Return the last day by which what was accepted on a day must be done; that day itself is not counted.

    Parts of a working day, and hours, end with the working day they reach into, counted from the day after, so that
    nobody is told too early a day. Calendar days that end on a day off end on the next working day. Raises
    `NoWorkingDayError` when the calendar has none in a year.
    """
    if not limit.number:
        return accepted
    if limit.unit == CALENDAR_DAYS:
        end = accepted + timedelta(days=ceil(limit.number))
        return end if calendar.is_working(end) else calendar.next_working(end)
    days = Fraction(str(limit.number)) / (HOURS_A_DAY if limit.unit == WORKING_HOURS else 1)
    return calendar.add(accepted, ceil(days))
