"""Reads of people: the staff list, sign-in, the centre's calendar, leave, the roster."""

from .absence import away_today, leave_lines, leave_list, span_in_words
from .calendar_year import calendar_year, next_exception
from .further import FurtherFilter, further_filters
from .parts import department_tree, halls_with_windows, history_of, remaining, staff_of
from .sign_in import Factors, OpenSession, SignInFilter, factors_of, open_sessions, sign_in_list
from .staff import StaffFilter, posting_history, role_history, staff_list, who_sees, with_record
from .working_time import away, shifts_of, working_calendar

__all__ = [
    "Factors",
    "FurtherFilter",
    "OpenSession",
    "SignInFilter",
    "StaffFilter",
    "away",
    "away_today",
    "calendar_year",
    "department_tree",
    "factors_of",
    "further_filters",
    "halls_with_windows",
    "history_of",
    "leave_lines",
    "leave_list",
    "next_exception",
    "open_sessions",
    "posting_history",
    "remaining",
    "role_history",
    "shifts_of",
    "sign_in_list",
    "span_in_words",
    "staff_list",
    "staff_of",
    "who_sees",
    "with_record",
    "working_calendar",
]
