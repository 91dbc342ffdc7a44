"""What a centre may ask of passwords beyond length, where an audit wants it."""

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext


class LengthValidator(MinimumLengthValidator):
    """Django's own, whose sentence has no Chinese yet."""

    def get_error_message(self) -> str:
        return ngettext(
            "A password has at least %(n)d character.", "A password has at least %(n)d characters.", self.min_length
        ) % {"n": self.min_length}


class CharacterKindsValidator:
    """Asks for characters of several kinds: small letters, capitals, digits, others. 0 asks for none."""

    def __init__(self, kinds: int = 0) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` unless the password mixes that many kinds."""
        held = {kind_of(character) for character in password}
        if len(held) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """Say what is asked for; "" when nothing is."""
        if not self.kinds:
            return ""
        return ngettext(
            "Use at least %(n)d of these: small letters, capitals, digits, other characters.",
            "Mix at least %(n)d of these: small letters, capitals, digits, other characters.",
            self.kinds,
        ) % {"n": self.kinds}


def kind_of(character: str) -> str:
    if character.islower():
        return "small"
    if character.isupper():
        return "capital"
    return "digit" if character.isdigit() else "other"
