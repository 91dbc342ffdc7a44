"""Ways to tell people outside the platform, named in the setting NOTICE_CHANNELS; the inbox is always there."""

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Channel, Group, Item, Message, NotSentError, UncertainError

__all__ = ["Channel", "Group", "Item", "Message", "NotSentError", "UncertainError", "channel_of", "configured"]


def configured() -> list[Channel]:
    """Return the channels of this installation, in the order of the setting."""
    return [import_string(name)() for name in settings.NOTICE_CHANNELS]


def channel_of(key: str) -> Channel | None:
    """Return the channel of that key, None when this installation has no such channel (any more)."""
    return next((channel for channel in configured() if channel.key == key), None)
