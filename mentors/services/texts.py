"""Sentences that are kept in every language of the platform."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation


def in_every_language(say: Callable[[], str]) -> dict[str, str]:
    """Return what `say` returns under each language of the platform, by language code."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = say()
    return texts
