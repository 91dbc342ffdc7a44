"""Reads of people: the staff list, the centre's calendar, leave, the roster."""

from .parts import department_tree, halls_with_windows, history_of, remaining
from .staff import StaffFilter, posting_history, role_history, staff_list, who_sees, with_record
from .working_time import away, colleagues_of, shifts_of, working_calendar

__all__ = [
    "StaffFilter",
    "away",
    "colleagues_of",
    "department_tree",
    "halls_with_windows",
    "history_of",
    "posting_history",
    "remaining",
    "role_history",
    "shifts_of",
    "staff_list",
    "who_sees",
    "with_record",
    "working_calendar",
]
