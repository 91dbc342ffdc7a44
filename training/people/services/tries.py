"""Counting what was tried in vain, so that guessing does not pay: in the database, for all processes and machines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from training.people.models import Tally


@dataclass(frozen=True)
class Limit:
    """How many failures one subject may have in a span of time, which begins with the first of them."""

    name: str
    most: int
    within: timedelta
    subject: str

    @property
    def key(self) -> str:
        """The row that counts; a hash, because subjects are people and network addresses."""
        return salted_hmac("people.Tally", f"{self.name}:{self.subject}", algorithm="sha256").hexdigest()


def is_exhausted(limits: Iterable[Limit], *, at: datetime) -> bool:
    """Tell whether any of the limits has been reached. Tries that run at the same moment all still pass."""
    most = {limit.key: limit.most for limit in limits}
    counted = Tally.objects.filter(key__in=most, until__gt=at).values_list("key", "count")
    return any(count >= most[key] for key, count in counted)


def count_failure(limits: Iterable[Limit], *, at: datetime) -> None:
    """Count one failure against each of the limits."""
    for limit in limits:
        with transaction.atomic():
            running = Tally.objects.filter(key=limit.key, until__gt=at)
            if not running.update(count=F("count") + 1):
                Tally.objects.update_or_create(key=limit.key, defaults={"count": 1, "until": at + limit.within})


def discard_expired_tallies(*, now: datetime) -> int:
    """Forget what no longer counts; return how many rows."""
    return Tally.objects.filter(until__lte=now).delete()[0]
