"""Facts of a sentence as the database keeps them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise


def storable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as JSON can hold them: days in ISO form, translated words in every language."""
    return {name: storable_fact(value) for name, value in facts.items()}


def storable_fact(value: Any) -> Any:
    if isinstance(value, Promise):
        return texts_of(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value if isinstance(value, (int, float)) else str(value)


def texts_of(words: Promise) -> dict[str, str]:
    """Return translated words in every language of the platform, so that the reader's own can be shown."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = str(words)
    return texts
