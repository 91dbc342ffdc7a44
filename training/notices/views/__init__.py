"""Pages of notices."""

from .channels import channels, test
from .inbox import inbox, read, read_many, undo
from .settings import digest, settings, unsubscribe

__all__ = ["channels", "digest", "inbox", "read", "read_many", "settings", "test", "undo", "unsubscribe"]
