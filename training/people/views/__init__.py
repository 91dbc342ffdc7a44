"""The screens of people."""

from .accounts import closed
from .api_keys import keys, revoke_key
from .imports import confirm, template, upload
from .me import language, me
from .staff import export, person, staff

__all__ = [
    "closed",
    "confirm",
    "export",
    "keys",
    "language",
    "me",
    "person",
    "revoke_key",
    "staff",
    "template",
    "upload",
]
