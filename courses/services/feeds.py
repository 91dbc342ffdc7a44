"""Making and ending the secret address of somebody's calendar."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from courses.models import CalendarFeed
from training.operations.services import record
from training.people.models import User


@transaction.atomic
def make_feed(*, person: User, at: datetime) -> str:
    """Give the person an address and return its secret, which is kept nowhere; one they had opens nothing any more."""
    secret = secrets.token_urlsafe(24)
    row, _created = CalendarFeed.objects.update_or_create(
        person=person, defaults={"digest": digest_of(secret), "made_at": at}
    )
    record(action="courses.feed_made", by=person, subject=row, person=person, at=at)
    return secret


@transaction.atomic
def end_feed(*, person: User, at: datetime) -> bool:
    """End the person's address; return whether there was one."""
    row = CalendarFeed.objects.filter(person=person).first()
    if row is None:
        return False
    record(action="courses.feed_ended", by=person, subject=row, person=person, at=at)
    row.delete()
    return True


def digest_of(secret: str) -> str:
    """Return what is kept of a secret, which is long enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
