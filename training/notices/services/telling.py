"""Telling a person that something happened."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from training.notices.models import Notice
from training.notices.texts import TEXTS
from training.people.models import User


class UnknownNoticeError(ValueError):
    """A kind that `texts.TEXTS` does not have, or facts that its sentence lacks: a fault of the program."""


@transaction.atomic
def notify(*, person: User, kind: str, facts: Mapping[str, Any], path: str, at: datetime) -> Notice | None:
    """Put a notice into the person's inbox; somebody suspended gets none, and None is returned.

    A fact is a text, a number, a day or a mapping of texts by language. Raises `UnknownNoticeError` for a kind
    without a sentence, and for a sentence without its facts.
    """
    text = TEXTS.get(kind)
    if text is None:
        raise UnknownNoticeError(f"{kind!r} has no sentence in training.notices.texts.")
    if missing := text.places - facts.keys():
        raise UnknownNoticeError(f"{kind!r} needs the facts {', '.join(sorted(missing))}.")
    if not person.is_active:
        return None
    return Notice.objects.create(person=person, kind=kind, facts=storable(facts), path=path, created_at=at)


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
