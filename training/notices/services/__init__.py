"""What is done to notices: telling, reading."""

from .reading import mark_read, mark_unread
from .telling import UnknownNoticeError, notify, storable

__all__ = ["UnknownNoticeError", "mark_read", "mark_unread", "notify", "storable"]
