"""Pages of notices."""

from .addresses import address, confirm_address, give_up_link, remove_address
from .channels import channels, test
from .inbox import inbox, read, read_many, undo
from .settings import digest, settings, unsubscribe

__all__ = [
    "address",
    "channels",
    "confirm_address",
    "digest",
    "give_up_link",
    "inbox",
    "read",
    "read_many",
    "remove_address",
    "settings",
    "test",
    "undo",
    "unsubscribe",
]
