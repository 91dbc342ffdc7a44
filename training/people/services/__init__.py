"""What is done to staff records: coming, moving, lending, leaving, roles, access, languages, the staff list."""

from .absence import LeaveRow, change_leave, enter_leave, enter_leaves, withdraw_leave
from .access import end_access, give_access
from .api_keys import key_of, make_key, revoke_key
from .calendar import CalendarRow, Outcome, clear_calendar, require_whole_centre, set_calendar, set_working_days
from .codes import code_opens, issue_codes, new_login_code
from .errors import NotAllowedError, PeopleError
from .exports import record_export
from .factors import factors_recorded, remove_factors
from .forgetting import anonymous_name, forget_person
from .founding import AlreadyFoundError, FirstAccount, FirstDepartment, found
from .leaving import come_back, leave
from .loans import end_loan, lend
from .parts import (
    LAST_WINDOW,
    add_department,
    add_hall,
    add_position,
    add_section,
    add_window,
    close_part,
    move_department,
    move_window,
    rename_part,
    reopen_part,
)
from .passwords import choose_password
from .preferences import choose_language, keep_confirmed_email, remove_email
from .roles import end_grant, end_role, grant_role, mirror_roles
from .roster import RosterChange, ShiftRow, copy_of, set_roster
from .roster_week import CopiedWeek, copy_week
from .sessions import end_sessions, session_begun, session_renamed, session_seen
from .slips import discard_expired_slips, keep_slips, new_slips_token, slips_wait, take_slips
from .staff import change_person, hire, move, move_of_today, take_back_move
from .staff_list import ImportReport, import_staff
from .tries import Limit, count_failure, discard_expired_tallies, is_exhausted
from .views import delete_view, rename_view, save_view

__all__ = [
    "LAST_WINDOW",
    "AlreadyFoundError",
    "CalendarRow",
    "CopiedWeek",
    "FirstAccount",
    "FirstDepartment",
    "ImportReport",
    "LeaveRow",
    "Limit",
    "NotAllowedError",
    "Outcome",
    "PeopleError",
    "RosterChange",
    "ShiftRow",
    "add_department",
    "add_hall",
    "add_position",
    "add_section",
    "add_window",
    "anonymous_name",
    "change_leave",
    "change_person",
    "choose_language",
    "choose_password",
    "clear_calendar",
    "close_part",
    "code_opens",
    "come_back",
    "copy_of",
    "copy_week",
    "count_failure",
    "delete_view",
    "discard_expired_slips",
    "discard_expired_tallies",
    "end_access",
    "end_grant",
    "end_loan",
    "end_role",
    "end_sessions",
    "enter_leave",
    "enter_leaves",
    "factors_recorded",
    "forget_person",
    "found",
    "give_access",
    "grant_role",
    "hire",
    "import_staff",
    "is_exhausted",
    "issue_codes",
    "keep_confirmed_email",
    "keep_slips",
    "key_of",
    "leave",
    "lend",
    "make_key",
    "mirror_roles",
    "move",
    "move_department",
    "move_of_today",
    "move_window",
    "new_login_code",
    "new_slips_token",
    "record_export",
    "remove_email",
    "remove_factors",
    "rename_part",
    "rename_view",
    "reopen_part",
    "require_whole_centre",
    "revoke_key",
    "save_view",
    "session_begun",
    "session_renamed",
    "session_seen",
    "set_calendar",
    "set_roster",
    "set_working_days",
    "slips_wait",
    "take_back_move",
    "take_slips",
    "withdraw_leave",
]
