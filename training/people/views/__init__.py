"""The screens of people."""

from .accounts import closed
from .imports import confirm, template, upload
from .me import language, me
from .staff import export, person, staff

__all__ = ["closed", "confirm", "export", "language", "me", "person", "staff", "template", "upload"]
