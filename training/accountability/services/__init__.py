"""Keeping who read and took the audit trail; copies of what is kept about a person."""

from .copies import ask_copy, discard_expired, make_copy, open_copy
from .trail import record_trail_export, record_trail_reading

__all__ = ["ask_copy", "discard_expired", "make_copy", "open_copy", "record_trail_export", "record_trail_reading"]
