"""Keeping who read and took the audit trail; copies of what is kept about a person; erasure; retention."""

from .copies import ask_copy, discard_expired, make_copy, open_copy
from .erasing import ErasureError, ask_erasure, confirm_erasure, erase, refusal_of, refuse_erasure
from .retention import RetentionError, purge, set_retention
from .trail import record_trail_export, record_trail_reading

__all__ = [
    "ErasureError",
    "RetentionError",
    "ask_copy",
    "ask_erasure",
    "confirm_erasure",
    "discard_expired",
    "erase",
    "make_copy",
    "open_copy",
    "purge",
    "record_trail_export",
    "record_trail_reading",
    "refusal_of",
    "refuse_erasure",
    "set_retention",
]
