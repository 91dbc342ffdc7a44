"""Reads of people: the staff list, the centre's calendar, leave, the roster."""

from .staff import StaffFilter, posting_history, staff_list, with_record
from .working_time import away, colleagues_of, shifts_of, working_calendar

__all__ = [
    "StaffFilter",
    "away",
    "colleagues_of",
    "posting_history",
    "shifts_of",
    "staff_list",
    "with_record",
    "working_calendar",
]
