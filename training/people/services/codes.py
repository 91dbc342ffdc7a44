"""One-time codes: made by HR, printed once, good until the person has chosen a password."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from training.lib.codes import new_code, plain
from training.operations.services import Actor, Event, record_many
from training.people import permissions
from training.people.models import LoginCode, User
from training.people.models.staff import UserQuerySet

from .errors import NotAllowedError, PeopleError
from .sessions import end_sessions_of

CHARACTERS = 12
"""60 random bits: with the limit on tries at the door, no guess will ever be right."""


def new_login_code() -> str:
    """Make a code for one person; `issue_codes` makes it count."""
    return new_code(CHARACTERS)


@transaction.atomic
def issue_codes(*, codes: Mapping[int, str], valid_for: timedelta, by: Actor, at: datetime) -> datetime:
    """Let each of these people (by key) in with their code from now on; return when the codes run out.

    An earlier code of theirs ends, their password stops working and they are signed out everywhere. Raises
    `NotAllowedError` when `by` is a person who may not let one of them in anew, `PeopleError` when one has left.
    """
    people = list(require_may_reset(User.objects.filter(pk__in=codes), len(codes), by=by, at=at))
    expires_at = at + valid_for
    LoginCode.objects.pending().filter(person__in=people).update(ended_at=at)
    maker = by if isinstance(by, User) else None
    LoginCode.objects.bulk_create(
        LoginCode(
            person=person,
            code_hash=hash_of(person, codes[person.pk]),
            made_by=maker,
            made_at=at,
            expires_at=expires_at,
        )
        for person in people
    )
    had_password = {person.pk: person.has_usable_password() for person in people}
    for person in people:
        person.password = make_password(None)
    User.objects.bulk_update(people, ["password"], batch_size=500)
    end_sessions_of(people)
    facts = {"expires_at": expires_at.isoformat()}
    events = [
        Event("people.login_code_made", person, person, {"had_password": had_password[person.pk]}, facts)
        for person in people
    ]
    record_many(events, by=by, at=at)
    return expires_at


def require_may_reset(people: UserQuerySet, number: int, *, by: Actor, at: datetime) -> UserQuerySet:
    """Return the people, locked; raise as `issue_codes` does unless `by` may reset every one of the `number`."""
    locked = people.order_by("pk").select_for_update(of=("self",))
    if not isinstance(by, User):
        return locked
    if by.pk in {person.pk for person in people}:
        raise NotAllowedError(_("Nobody makes a code for themselves: change your password on your profile."))
    resettable = permissions.resettable_staff(by, today=timezone.localdate(at))
    if resettable.filter(pk__in=people).count() != number:
        raise NotAllowedError(_("For one of these people you may not make a code. Reload the list and choose again."))
    if people.filter(is_active=False).exists():
        raise PeopleError(_("One of these people has left. Reload the list and choose again."))
    return locked


def code_opens(code: LoginCode | None, person_key: int, typed: str) -> bool:
    """Tell whether what was typed is that code; does the same work when there is none."""
    expected = code.code_hash if code else ""
    return constant_time_compare(_hash(person_key, plain(typed)), expected)


def hash_of(person: User, code: str) -> str:
    """The hash that is kept of a person's code. Fast on purpose: 60 random bits under the secret key need no more."""
    return _hash(person.pk, plain(code))


def _hash(person_key: int, code: str) -> str:
    return salted_hmac("people.LoginCode", f"{person_key}:{code}", algorithm="sha256").hexdigest()
