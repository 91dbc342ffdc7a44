"""The sessions people have open on their devices."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from training.operations.services import Actor, record
from training.people.models import User


def end_sessions_of(people: Iterable[User], *, except_key: str = "", only: Iterable[int] | None = None) -> int:
    """Sign these people out, everywhere but in the session of that key; return how many sessions ended.

    `only` narrows it down to sessions by their keys in the list. Called by the write that needs it.
    """
    rows = UserSession.objects.filter(user__in=list(people)).exclude(session_key=except_key)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    keys = list(rows.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)
    rows.delete()
    return len(keys)


@transaction.atomic
def end_sessions(
    *, person: User, by: Actor, at: datetime, except_key: str = "", only: Iterable[int] | None = None
) -> int:
    """Sign the person out, everywhere but in the session of that key; return how many sessions ended."""
    ended = end_sessions_of([person], except_key=except_key, only=only)
    if ended:
        record(action="people.sessions_ended", by=by, subject=person, person=person, at=at, after={"sessions": ended})
    return ended


def session_seen(*, key: str, address: str, at: datetime) -> None:
    """Note that the session is in use, and from where."""
    UserSession.objects.filter(session_key=key).update(last_seen_at=at, ip=address)


def session_renamed(*, old_key: str, new_key: str) -> None:
    """Follow a session whose key has changed, as it does when the password does."""
    UserSession.objects.filter(session_key=old_key).update(session_key=new_key)
