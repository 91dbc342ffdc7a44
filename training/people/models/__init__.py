"""The centre, where people work, and who may do what."""

from .access import Access, Role, RoleGrant
from .accounts import LoginCode, Tally
from .keys import ApiKey
from .organisation import Centre, Department, Hall, Position, Section, Window
from .staff import Posting, User
from .views import SavedView
from .working_time import CalendarDay, Half, Leave, Shift

__all__ = [
    "Access",
    "ApiKey",
    "CalendarDay",
    "Centre",
    "Department",
    "Half",
    "Hall",
    "Leave",
    "LoginCode",
    "Position",
    "Posting",
    "Role",
    "RoleGrant",
    "SavedView",
    "Section",
    "Shift",
    "Tally",
    "User",
    "Window",
]
