"""Second factors taken from somebody who lost theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import Actor, record
from training.people import permissions
from training.people.models import User

from .errors import NotAllowedError, PeopleError
from .sessions import end_sessions_of


@transaction.atomic
def remove_factors(*, person: User, reason: str, by: Actor, at: datetime) -> int:
    """Take all second factors from the person and sign them out everywhere; return how many there were.

    Raises `NotAllowedError` when `by` is a person who may not let them in anew, `PeopleError` without a reason or
    without a factor.
    """
    if isinstance(by, User):
        resettable = permissions.resettable_staff(by, today=timezone.localdate(at))
        if not resettable.filter(pk=person.pk).exists():
            raise NotAllowedError(_("You may not take a second factor from this person: ask an administrator."))
    if not reason.strip():
        raise PeopleError(_("Say why, such as: phone lost, seen in person with the staff card."))
    factors = Authenticator.objects.filter(user=person)
    before = sorted(factors.values_list("type", flat=True))
    if not before:
        raise PeopleError(_("This person has no second factor."))
    factors.delete()
    end_sessions_of([person])
    record(
        action="people.second_factors_removed",
        by=by,
        subject=person,
        person=person,
        at=at,
        before={"factors": before},
        reason=reason.strip(),
    )
    return len(before)


@contextmanager
def factors_recorded(*, person: User, at: datetime) -> Iterator[None]:
    """Record in one transaction with what is done inside which second factors the person gained and lost by it."""
    with transaction.atomic():
        before = _kinds(person)
        yield
        after = _kinds(person)
        for action, kinds in (("added", after - before), ("removed", before - after)):
            if kinds:
                record(
                    action=f"people.second_factor_{action}",
                    by=person,
                    subject=person,
                    person=person,
                    at=at,
                    after={"factors": sorted(kind for _pk, kind in kinds)},
                )


def _kinds(person: User) -> set[tuple[int, str]]:
    return set(Authenticator.objects.filter(user=person).values_list("pk", "type"))
