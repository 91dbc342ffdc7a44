"""The centre, where people work, and who may do what."""

from .access import Access, Role, RoleGrant
from .organisation import Centre, Department, Hall, Position, Section, Window
from .staff import Posting, User

__all__ = [
    "Access",
    "Centre",
    "Department",
    "Hall",
    "Position",
    "Posting",
    "Role",
    "RoleGrant",
    "Section",
    "User",
    "Window",
]
