"""The screens of people."""

from . import imports
from .absence import change_leave, enter_leave, leaves, withdraw_leave
from .accounts import closed
from .api_keys import keys, revoke_key
from .calendar import add_holiday, calendar, clear_days, working_days
from .codes import codes, make_codes, slips_file
from .me import language, me
from .organisation import add_part, change_part, departments, organisation, part, windows
from .passwords import password
from .records import change, come_back, end_loan, hire, lend, move, take_back_move
from .roles import end_role, give_role, role_list
from .saved import delete_view, rename_view, save_view, saved_views
from .security import end_own_sessions, end_their_sessions, person_sign_in, remove_their_factors, security
from .staff import export, staff
from .undoing import undo

__all__ = [
    "add_holiday",
    "add_part",
    "calendar",
    "change",
    "change_leave",
    "change_part",
    "clear_days",
    "closed",
    "codes",
    "come_back",
    "delete_view",
    "departments",
    "end_loan",
    "end_own_sessions",
    "end_role",
    "end_their_sessions",
    "enter_leave",
    "export",
    "give_role",
    "hire",
    "imports",
    "keys",
    "language",
    "leaves",
    "lend",
    "make_codes",
    "me",
    "move",
    "organisation",
    "part",
    "password",
    "person_sign_in",
    "remove_their_factors",
    "rename_view",
    "revoke_key",
    "role_list",
    "save_view",
    "saved_views",
    "security",
    "slips_file",
    "staff",
    "take_back_move",
    "undo",
    "windows",
    "withdraw_leave",
    "working_days",
]
