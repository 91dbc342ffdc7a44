"""Pages of notices."""

from .inbox import inbox, read, read_many, undo

__all__ = ["inbox", "read", "read_many", "undo"]
