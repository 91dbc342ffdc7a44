"""The link in a mail that ends one kind of message, without a login: whose, about what, by which channel, signed."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "training.notices.unsubscribe"


def unsubscribe_url(*, person_id: int, theme: str, channel: str) -> str:
    """Return the absolute address of the link. It lasts: a mail is read whenever it is read."""
    token = signing.dumps([person_id, theme, channel], salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('notices:unsubscribe', args=[token])}"


def read_token(token: str) -> tuple[int, str, str] | None:
    """Return person, theme and channel of a link; None for one that nobody signed."""
    try:
        person_id, theme, channel = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person_id, theme, channel
