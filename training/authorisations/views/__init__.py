"""The screens of the roster."""

from .roster import cell, copy, roster

__all__ = ["cell", "copy", "roster"]
