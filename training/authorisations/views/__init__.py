"""The screens of the roster."""

from .roster import cell, clear, copy, roster

__all__ = ["cell", "clear", "copy", "roster"]
