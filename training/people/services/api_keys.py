"""Keys for other systems: made, asked for, revoked."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import record
from training.people.models import ApiKey, Department, User

from .errors import PeopleError

BEGINS = "ctk_"
RANDOM_BYTES = 32
HINT_LENGTH = 10
BETWEEN_MARKS = timedelta(minutes=5)
"""How long a use is not written down again: a queue system asks many times a minute."""


@transaction.atomic
def make_key(
    *, name: str, department: Department | None, expires_on: date | None, by: User, at: datetime
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is kept nowhere: this is the one time to read it.

    Raises `PeopleError` for a name that another key has, or a last day that is over.
    """
    if ApiKey.objects.filter(name__iexact=name).exists():
        raise PeopleError(_("Another key is called “%(name)s”. Choose a name of its own.") % {"name": name})
    if expires_on is not None and expires_on < timezone.localtime(at).date():
        raise PeopleError(_("The last day is over. Choose one that lies ahead, or leave it empty."))
    secret = BEGINS + secrets.token_urlsafe(RANDOM_BYTES)
    key = ApiKey.objects.create(
        name=name,
        department=department,
        hint=secret[:HINT_LENGTH],
        digest=digest_of(secret),
        made_by=by,
        made_at=at,
        expires_on=expires_on,
    )
    after = {"department": key.department_id, "expires_on": expires_on and expires_on.isoformat()}
    record(action="people.key_made", by=by, subject=key, at=at, after=after)
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User, at: datetime) -> None:
    """Close the key from the next request on; one that is closed already stays as it was."""
    locked = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if locked.revoked_at is not None:
        return
    locked.revoked_by, locked.revoked_at = by, at
    locked.save(update_fields=["revoked_by", "revoked_at"])
    record(action="people.key_revoked", by=by, subject=locked, at=at)


def key_of(secret: str, *, at: datetime) -> ApiKey | None:
    """Return the key in force with that secret, or None; notes now and then that it was used."""
    today = timezone.localtime(at).date()
    key = ApiKey.objects.in_force(today).select_related("department").filter(digest=digest_of(secret)).first()
    if key is not None and (key.last_used_at is None or at - key.last_used_at >= BETWEEN_MARKS):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def digest_of(secret: str) -> str:
    """Return what is kept of a secret; it is too long to be guessed, so a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
