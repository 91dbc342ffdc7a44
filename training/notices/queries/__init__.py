"""Reading notices."""

from .inbox import InboxFilter, Line, filtered, lines, page_of_lines, unread_count

__all__ = ["InboxFilter", "Line", "filtered", "lines", "page_of_lines", "unread_count"]
