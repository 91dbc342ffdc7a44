"""The sessions people have open on their devices, and the log of where they signed in, which outlives them."""

from collections.abc import Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from training.operations.services import Actor, record
from training.people.models import User


def session_begun(*, person: User, key: str, address: str, device: str, at: datetime) -> None:
    """Note from where and on what somebody signs in: one statement, however many sessions they ever had.

    Whoever signs in again within a session goes on with its row.
    """
    length = UserSession._meta.get_field("user_agent").max_length
    row = UserSession(user=person, session_key=key, ip=address, user_agent=device[:length], created_at=at)
    row.last_seen_at = at
    changed = ["user", "ip", "user_agent", "last_seen_at"]
    UserSession.objects.bulk_create([row], update_conflicts=True, unique_fields=["session_key"], update_fields=changed)


def end_sessions_of(people: Iterable[User], *, except_key: str = "", only: Iterable[int] | None = None) -> int:
    """Sign these people out, everywhere but in the session of that key; return how many sessions ended.

    `only` narrows it down to sessions by their keys in the list. Where they were signed in stays noted for as long as
    the retention rule says. Called by the write that needs it.
    """
    rows = UserSession.objects.filter(user__in=list(people)).exclude(session_key=except_key)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    ended, _by_kind = Session.objects.filter(session_key__in=rows.values("session_key")).delete()
    return ended


def forget_sessions_of(person: User) -> None:
    """Sign the person out everywhere, and forget from where and on what they ever signed in."""
    end_sessions_of([person])
    UserSession.objects.filter(user=person).delete()


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
