"""Recording what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from training.lib.addresses import acting_address
from training.operations.models import AuditEvent

# Who acts: a member of staff, or a text naming the process that does ("tick", "build_demo").
Actor = models.Model | str
# Read again within this time, a page was read once: the trail stays readable.
ONE_READING = timedelta(minutes=15)


@dataclass(frozen=True)
class Event:
    """What happened to one subject: `person` is whom it concerns."""

    action: str
    subject: models.Model
    person: models.Model | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""


def record(
    *,
    action: str,
    by: Actor,
    subject: models.Model,
    at: datetime,
    person: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one audit event; call it inside the transaction that makes the change, so both stand or neither."""
    record_many([Event(action, subject, person, before, after, reason)], by=by, at=at)


def record_many(events: Sequence[Event], *, by: Actor, at: datetime) -> None:
    """Write audit events in bulk, with the address the request came from; raises RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event belongs in the transaction of the write it records.")
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                happened_at=at,
                action=event.action,
                actor_id=getattr(by, "pk", None),
                actor_name=str(by),
                person_id=getattr(event.person, "pk", None),
                subject_type=event.subject._meta.label_lower,
                subject_id=str(event.subject.pk),
                subject_name=str(event.subject)[:300],
                before=event.before,
                after=event.after,
                reason=event.reason,
                address=acting_address(),
            )
            for event in events
        ),
        batch_size=1000,
    )


def record_reading(
    *, action: str, by: models.Model, subject: models.Model, at: datetime, person: models.Model | None = None
) -> None:
    """Record that `by` read what is kept about `person`; nothing for oneself, and once in a quarter of an hour."""
    if (person is not None and by.pk == person.pk) or _has_just_read(action=action, by=by, subject=subject, at=at):
        return
    with transaction.atomic():
        record(action=action, by=by, subject=subject, person=person, at=at)


def _has_just_read(*, action: str, by: models.Model, subject: models.Model, at: datetime) -> bool:
    same = {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
    since = AuditEvent.objects.filter(actor_id=by.pk, happened_at__gt=at - ONE_READING, happened_at__lte=at)
    return since.filter(action=action, **same).exists()
