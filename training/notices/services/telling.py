"""Telling a person that something happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from training.notices.models import Notice
from training.notices.texts import TEXTS
from training.people.models import User

from .facts import storable
from .planning import AT_A_TIME, plan_at_once, plan_many_at_once


class UnknownNoticeError(ValueError):
    """A kind that `texts.TEXTS` does not have, or facts that its sentence lacks: a fault of the program."""


@transaction.atomic
def notify_many(*, kind: str, facts: Mapping[int, Mapping[str, Any]], path: str, at: datetime) -> int:
    """Tell many people the same kind of thing, each with facts of their own (by the person's id); set-based.

    Return how many were told: nobody suspended is. Raises `UnknownNoticeError` as `notify` does.
    """
    for one in facts.values():
        _check(kind, one)
    active = User.objects.active().in_bulk(list(facts))
    notices = Notice.objects.bulk_create(
        (
            Notice(person_id=pk, kind=kind, facts=storable(one), path=path, created_at=at)
            for pk, one in sorted(facts.items())
            if pk in active
        ),
        batch_size=AT_A_TIME,
    )
    plan_many_at_once(notices)
    return len(notices)


@transaction.atomic
def notify(*, person: User, kind: str, facts: Mapping[str, Any], path: str, at: datetime) -> Notice | None:
    """Put a notice into the person's inbox, and queue it for the channels they want it by at once.

    Somebody suspended gets none, and None is returned.

    A fact is a text, a number, a day or a mapping of texts by language. Raises `UnknownNoticeError` for a kind
    without a sentence, and for a sentence without its facts.
    """
    _check(kind, facts)
    if not person.is_active:
        return None
    notice = Notice.objects.create(person=person, kind=kind, facts=storable(facts), path=path, created_at=at)
    plan_at_once(notice)
    return notice


def _check(kind: str, facts: Mapping[str, Any]) -> None:
    text = TEXTS.get(kind)
    if text is None:
        raise UnknownNoticeError(f"{kind!r} has no sentence in training.notices.texts.")
    if missing := text.places - facts.keys():
        raise UnknownNoticeError(f"{kind!r} needs the facts {', '.join(sorted(missing))}.")
