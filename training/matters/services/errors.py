"""What may keep a text from being published."""

from django.core.exceptions import PermissionDenied


class PublishingError(PermissionDenied):
    """The record cannot be made, so the page does not go live either; the message says what to change.

    A PermissionDenied, because that is what Wagtail's screens answer with a message in place of a server error.
    """
