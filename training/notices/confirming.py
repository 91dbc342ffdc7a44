"""The link that shows that an address is somebody's own: signed, good for a day; the row says whether it was used."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import AddressConfirmation

SALT = "training.notices.confirm"


def confirm_url(confirmation: AddressConfirmation) -> str:
    """Return the absolute address of the link."""
    return f"{settings.PUBLIC_URL}{reverse('notices:confirm_address', args=[token_of(confirmation)])}"


def token_of(confirmation: AddressConfirmation) -> str:
    """Return what names the row in the link, signed."""
    return signing.dumps(confirmation.pk, salt=SALT)


def confirmation_in(token: str) -> int | None:
    """Return the key of the row a link speaks of; None for a link that nobody signed."""
    try:
        pk = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return pk if isinstance(pk, int) else None
