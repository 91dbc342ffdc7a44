"""Emptying audit events: what they say goes, that something happened stays, and the chain holds over it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Case, QuerySet, Value, When

from training.lib.addresses import acting_from
from training.operations import chain
from training.operations.models import AuditEvent, AuditHead
from training.operations.sealing import FIELDS
from training.operations.verification import REDACTED

from .audit import Actor, record

AT_ONCE = 500
ONE_MICROSECOND = timedelta(microseconds=1)


def redactable(events: "QuerySet[AuditEvent]") -> "QuerySet[AuditEvent]":
    """Keep the events that still say something and may be emptied: those that tell of redactions may not."""
    return events.filter(redacted_at=None).exclude(action=REDACTED)


def redact(
    *,
    events: "QuerySet[AuditEvent]",
    by: Actor,
    subject: models.Model,
    at: datetime,
    person: models.Model | None = None,
) -> int:
    """Empty the payload of these events, some hundred in a transaction with the event that says which; return how many.

    Whoever is named in an event of a redaction could never be taken out of it: so `by` is best a process.
    """
    total = 0
    while emptied := redact_some(events=redactable(events), by=by, subject=subject, at=at, person=person):
        total += emptied
    return total


@transaction.atomic
def redact_some(
    *,
    events: "QuerySet[AuditEvent]",
    by: Actor,
    subject: models.Model,
    at: datetime,
    person: models.Model | None = None,
) -> int:
    """Empty the payload of up to some hundred of these redactable events; return how many."""
    # one redaction at a time: each is told from the others by its moment
    AuditHead.objects.get_or_create(pk=1)
    AuditHead.objects.select_for_update().get(pk=1)
    rows = list(events.order_by("pk").values(*FIELDS)[:AT_ONCE])
    if not rows:
        return 0
    moment = _free_moment(at)
    _empty(rows, moment)
    ids = [row["id"] for row in rows]
    after = {"events": len(ids), "digest": chain.ids_digest(ids)}
    with acting_from(None):  # this event is never emptied, so no address of anybody stands in it
        record(action=REDACTED, by=by, subject=subject, person=person, at=moment, after=after)
    return len(ids)


def _free_moment(at: datetime) -> datetime:
    """Return `at`, or the next moment at which no other redaction was."""
    last = AuditEvent.objects.filter(action=REDACTED).aggregate(last=models.Max("happened_at"))["last"]
    return at if last is None or last < at else last + ONE_MICROSECOND


def _empty(rows: Sequence[dict[str, Any]], moment: datetime) -> None:
    digests = [When(pk=row["id"], then=Value(chain.payload_digest(row))) for row in rows]
    AuditEvent.objects.filter(pk__in=[row["id"] for row in rows], redacted_at=None).update(
        actor_name="",
        subject_name="",
        before=None,
        after=None,
        reason="",
        address=None,
        salt="",
        payload_digest=Case(*digests, output_field=models.CharField()),
        redacted_at=moment,
    )
