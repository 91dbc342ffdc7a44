"""Who read and took the audit trail; copies of what is kept about a person; erasure; retention; impact assessments."""

from .assessments import (
    AssessmentError,
    change_assessment,
    end_assessment,
    put_in_force,
    record_register_export,
    write_anew,
    write_assessment,
)
from .copies import ask_copy, discard_expired, make_copy, open_copy
from .erasing import ErasureError, ask_erasure, confirm_erasure, erase, refusal_of, refuse_erasure
from .retention import RetentionError, purge, set_retention
from .trail import record_trail_export, record_trail_reading

__all__ = [
    "AssessmentError",
    "ErasureError",
    "RetentionError",
    "ask_copy",
    "ask_erasure",
    "change_assessment",
    "confirm_erasure",
    "discard_expired",
    "end_assessment",
    "erase",
    "make_copy",
    "open_copy",
    "purge",
    "put_in_force",
    "record_register_export",
    "record_trail_export",
    "record_trail_reading",
    "refusal_of",
    "refuse_erasure",
    "set_retention",
    "write_anew",
    "write_assessment",
]
