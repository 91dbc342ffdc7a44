"""The link that shows that an address is somebody's own: signed, good for a day; the row says whether it was used."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import AddressConfirmation

# Parts of an address that need no escape, so that no mail program breaks the link in the middle.
SIGNER = signing.TimestampSigner(salt="training.notices.confirm", sep=".")


def confirm_url(confirmation: AddressConfirmation) -> str:
    """Return the absolute address of the link."""
    return f"{settings.PUBLIC_URL}{reverse('notices:confirm_address', args=[token_of(confirmation)])}"


def token_of(confirmation: AddressConfirmation) -> str:
    """Return what names the row in the link, signed."""
    return SIGNER.sign_object(confirmation.pk)


def confirmation_in(token: str) -> int:
    """Return the key of the row a link speaks of; 0 for a link that nobody signed."""
    try:
        pk = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return 0
    return pk if isinstance(pk, int) else 0
