"""How second factors (codes from an app, passkeys, recovery codes) are kept and named here."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.texts import text_in

from .models import Centre, User

# What lets somebody in besides the password; recovery codes alone are no second factor.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class FactorAdapter(DefaultMFAAdapter):
    """Names the centre in the app, and keeps secrets so that a copy of the database alone opens nothing."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right. Wait for the next one in the app and type that."),
    }

    def get_totp_label(self, user: User) -> str:
        return user.staff_number

    def _get_user_identifier(self, user: User) -> str:
        return user.staff_number

    def _get_site_name(self) -> str:
        return text_in(Centre.load().short_name) or "Training"

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002  # allauth's name for it
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def encrypt(self, text: str) -> str:
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises `InvalidToken` when the secret key it was kept under is no longer among ours."""
        return vault().decrypt(encrypted_text.encode()).decode()


def vault() -> MultiFernet:
    """What secrets are locked with: keys drawn from the secret key and those before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"people.second_factors" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def has_second_factor(person: User) -> bool:
    """Tell whether the person has set up a second factor."""
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()
