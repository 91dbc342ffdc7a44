"""Reading notices."""

from .addresses import waiting_link
from .choices import choices_of
from .deliveries import channel_states, has_due
from .inbox import InboxFilter, Line, filtered, lines, page_of_lines, unread_count
from .messages import message_of, preview_of_digest

__all__ = [
    "InboxFilter",
    "Line",
    "channel_states",
    "choices_of",
    "filtered",
    "has_due",
    "lines",
    "message_of",
    "page_of_lines",
    "preview_of_digest",
    "unread_count",
    "waiting_link",
]
