"""The screens of people."""

from .accounts import closed
from .api_keys import keys, revoke_key
from .imports import confirm, template, upload
from .me import language, me
from .records import change, come_back, end_loan, hire, lend, move, take_back_move
from .roles import end_role, give_role, role_list
from .staff import export, staff

__all__ = [
    "change",
    "closed",
    "come_back",
    "confirm",
    "end_loan",
    "end_role",
    "export",
    "give_role",
    "hire",
    "keys",
    "language",
    "lend",
    "me",
    "move",
    "revoke_key",
    "role_list",
    "staff",
    "take_back_move",
    "template",
    "upload",
]
