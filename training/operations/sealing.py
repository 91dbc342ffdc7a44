"""Seals the audit trail: each link of the chain holds the digests of the events since the link before.

A seal covers a range of ids, so it may close only when no transaction still holds a lower id it has not committed.
SQLite has one writer and cannot have such ids. On PostgreSQL `settled_up_to` waits for the writers of the moment by a
lock of the table, for the blink in which the highest id is read. From then on an id within a sealed range that is in no
seal was put there by hand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from . import chain
from .models import AuditEvent, AuditHead, AuditSeal

EVENTS_PER_SEAL = 1000
SEALS_PER_ROUND = 20
LONGEST_OPEN = timedelta(minutes=1)
"""A range that is not full is sealed when the last seal is older than this."""
FIELDS = (*chain.KEPT, *chain.PAYLOAD, "salt", "payload_digest", "redacted_at")


def seal_due(*, at: datetime) -> int:
    """Seal what has settled, in full ranges and at most one begun one a minute; return how many events that were."""
    settled = settled_up_to()
    sealed = 0
    for _round in range(SEALS_PER_ROUND):
        count = _seal_next(up_to=settled, at=at)
        sealed += count
        if count < EVENTS_PER_SEAL:
            break
    return sealed


def settled_up_to() -> int:
    """Return the highest id below which no event can appear any more; 0 when writers leave no gap to find it in."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table} IN SHARE MODE")
            return AuditEvent.objects.aggregate(highest=Max("pk"))["highest"] or 0
    except OperationalError:  # a long import holds the table: the next tick tries again
        return 0


@transaction.atomic
def _seal_next(*, up_to: int, at: datetime) -> int:
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    newest = AuditSeal.objects.defer("leaves").order_by("-number").first()
    waiting = AuditEvent.objects.filter(pk__gt=newest.last_event if newest else 0, pk__lte=up_to)
    events = list(waiting.order_by("pk").values(*FIELDS)[:EVENTS_PER_SEAL])
    fresh = newest is not None and at - newest.sealed_at < LONGEST_OPEN
    if not events or (fresh and len(events) < EVENTS_PER_SEAL):
        return 0
    # a number is never given twice, so that a seal taken away leaves a gap that shows
    number = max(head.number, newest.number if newest else 0) + 1
    seal = seal_of(events, number=number, previous=head.digest or chain.GENESIS, at=at)
    seal.save(force_insert=True)
    head.number, head.digest = seal.number, seal.digest
    head.save()
    return len(events)


def seal_of(events: Sequence[dict[str, Any]], *, number: int, previous: str, at: datetime) -> AuditSeal:
    """Return the unsaved seal over the events, which stand in the order of their ids."""
    facts = {
        "number": number,
        "first_event": events[0]["id"],
        "last_event": events[-1]["id"],
        "count": len(events),
        "leaves": chain.leaves(events),
        "previous": previous,
        "sealed_at": at,
    }
    return AuditSeal(**facts, digest=chain.seal_digest(facts))
