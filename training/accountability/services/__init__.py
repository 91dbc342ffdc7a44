"""Keeping who read and who took the audit trail."""

from .trail import record_trail_export, record_trail_reading

__all__ = ["record_trail_export", "record_trail_reading"]
