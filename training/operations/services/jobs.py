"""The life of a job: queued, claimed by one worker, ended in one way; cancelled or tried again by somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from training.lib.texts import Texts
from training.operations.models import Job

from .audit import Actor, Event, record, record_many

# By dotted name: tasks stand above services.
RUN_JOB = "training.operations.tasks.run_job"
RETRIED_AT_ONCE = 500


class AlreadyEnded(Exception):
    """There is nothing left to cancel."""

    def __init__(self) -> None:
        super().__init__(_("This work has ended already, so there is nothing to cancel."))


class NotEnded(Exception):
    """Only what failed or was cancelled can be tried again."""

    def __init__(self) -> None:
        super().__init__(_("This work waits, runs or is done already, so it is not started again."))


@dataclass(frozen=True)
class Ending:
    """How a run ended: `state` is an end state, or QUEUED when the run is handed back; `error` is for operators."""

    state: Job.State
    result: Any = None
    error: str = ""
    reason: Texts | None = None


@transaction.atomic
def start_job(*, task: str, arguments: Mapping[str, Any], by: Actor, at: datetime, label: Texts) -> Job:
    """Queue the function of that dotted name; the worker gets it once this commits.

    It is called as `f(progress=progress, **arguments)` with a `training.operations.progress.Progress`; `arguments` and
    what it returns are JSON. It may be called again after it was killed half-way, so it must be idempotent. `label`
    says by language what is being done, to whoever started it and to operators.
    """
    job = Job.objects.create(
        task=task,
        arguments=dict(arguments),
        label=dict(label),
        started_by_id=getattr(by, "pk", None),
        started_by_name=str(by),
        queued_at=at,
        enqueued_at=at,
    )
    enqueue(job)
    return job


def enqueue(job: Job) -> None:
    """Hand the job to the workers once the transaction commits; one handed over twice still runs once."""
    transaction.on_commit(lambda: import_string(RUN_JOB).enqueue(str(job.pk)))


def claim(*, job_id: str, at: datetime) -> Job | None:
    """Take a waiting job for this run alone; None when somebody else has it or it waits no more."""
    mark = uuid4()
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        claim=mark,
        attempts=F("attempts") + 1,
        began_at=at,
        heartbeat_at=at,
        done=0,
        total=0,
    )
    return Job.objects.get(pk=job_id) if taken else None


@transaction.atomic
def finish(*, job: Job, ending: Ending, done: int, total: int, file: Mapping[str, str], at: datetime) -> bool:
    """Write how a claimed run ended; False when the job was taken from it meanwhile, and nothing is written.

    `file` has the columns of the result file, if it made one.
    """
    columns: dict[str, Any] = {"state": ending.state, "done": done, "total": total, "claim": None, **file}
    if ending.state == Job.State.QUEUED:  # not this run's fault, so it does not count
        columns |= {"attempts": F("attempts") - 1, "enqueued_at": at}
        enqueue(job)
    else:
        columns |= {"result": ending.result, "error": ending.error, "reason": dict(ending.reason or {})}
        columns["finished_at"] = at
    return bool(Job.objects.filter(pk=job.pk, claim=job.claim).update(**columns))


@transaction.atomic
def cancel_job(*, job: Job, by: Actor, at: datetime) -> None:
    """End a waiting job at once and ask a running one to stop, which it does at its next step.

    Raises `AlreadyEnded`.
    """
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    if not (
        waiting.update(state=Job.State.CANCELLED, cancel_asked_at=at, finished_at=at)
        or running.update(cancel_asked_at=at)
    ):
        raise AlreadyEnded
    record(action="jobs.cancelled", by=by, subject=job, at=at)


@transaction.atomic
def retry_job(*, job: Job, by: Actor, at: datetime) -> None:
    """Queue a job that failed or was cancelled once more, as if it had not been tried. Raises `NotEnded`."""
    ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    if not ended.update(**AS_NEW, enqueued_at=at):
        raise NotEnded
    record(action="jobs.retried", by=by, subject=job, at=at, before={"state": job.state, "error": job.error})
    enqueue(job)


@transaction.atomic
def retry_failed(*, by: Actor, at: datetime) -> int:
    """Queue failed jobs once more, the oldest first and some hundred at once; return how many."""
    failed = Job.objects.select_for_update().filter(state=Job.State.FAILED).order_by("queued_at")
    jobs = list(failed.defer("arguments", "result")[:RETRIED_AT_ONCE])
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(**AS_NEW, enqueued_at=at)
    record_many(
        [Event("jobs.retried", job, before={"state": job.state, "error": job.error}) for job in jobs], by=by, at=at
    )
    for job in jobs:
        enqueue(job)
    return len(jobs)


@transaction.atomic
def open_file(*, job: Job, by: Actor, at: datetime) -> IO[bytes]:
    """Open the result file; that somebody else than who started the job takes it is recorded.

    Raises FileNotFoundError when it is not kept any more.
    """
    opened = job.file.open("rb")
    if getattr(by, "pk", None) != job.started_by_id:
        record(action="jobs.file_taken", by=by, subject=job, at=at, after={"file": job.file_name})
    return opened


AS_NEW: dict[str, Any] = {
    "state": Job.State.QUEUED,
    "attempts": 0,
    "done": 0,
    "total": 0,
    "result": None,
    "error": "",
    "reason": {},
    "cancel_asked_at": None,
    "finished_at": None,
}
