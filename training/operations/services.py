"""Recording what was done, starting jobs, running the tick."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from .models import AuditEvent, Job, TickRun

logger = logging.getLogger(__name__)

# By dotted name: tasks stand above services.
RUN_JOB = "training.operations.tasks.run_job"


# Who acts: a member of staff, or a text naming the process that does ("tick", "build_demo").
Actor = models.Model | str


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
    """Write audit events in bulk; raises RuntimeError outside a transaction."""
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
            )
            for event in events
        ),
        batch_size=1000,
    )


@transaction.atomic
def start_job(*, task: str, arguments: Mapping[str, Any], by: Actor, at: datetime) -> Job:
    """Queue the function of that dotted name with JSON `arguments`; the worker gets it once this commits."""
    job = Job.objects.create(
        task=task,
        arguments=dict(arguments),
        started_by_id=getattr(by, "pk", None),
        started_by_name=str(by),
        queued_at=at,
    )
    transaction.on_commit(lambda: import_string(RUN_JOB).enqueue(str(job.pk)))
    return job


def run_tick(*, now: datetime) -> list[str]:
    """Run every task of the tick once and return the names of those that failed; one failing does not stop the rest."""
    failed = []
    for name in settings.TICK_TASKS:
        run, _created = TickRun.objects.get_or_create(task=name)
        run.started_at, run.error = now, ""
        try:
            import_string(name)(now=now)
        except Exception as error:  # a broken task must not stop the others; it is logged and shown to the operator
            logger.exception("tick task failed: %s", name)
            run.error = f"{type(error).__name__}: {error}"[:2000]
            failed.append(name)
        run.finished_at = now
        run.save()
    return failed
