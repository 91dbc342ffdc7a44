"""What a killed worker left behind goes back to the queue."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from training.lib.texts import in_each_language
from training.operations.models import Job, Process

from .jobs import RUN_JOB, enqueue

# A run reports every two seconds. On SQLite a transaction of its own puts that off for as long as it lasts.
SILENT_FOR = timedelta(minutes=2)
# A job whose worker was killed this often is likely what kills it.
MOST_ATTEMPTS = 3
AT_ONCE = 500
BROKEN_OFF = _(
    "It was broken off several times before it could end. Tell the administrator the number below: something stops "
    "the program that does the work, such as too little memory."
)


def reap(*, now: datetime) -> None:
    """Bring back jobs whose run fell silent, jobs that no worker was told of, and other work of dead workers."""
    for job in Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENT_FOR)[:AT_ONCE]:
        take_back(job, now=now)
    hand_over_again(now=now)
    release_tasks_of_dead_workers(now=now)


@transaction.atomic
def take_back(job: Job, *, now: datetime) -> None:
    """End a silent run: the job waits again, or was to be cancelled, or has been tried often enough."""
    columns: dict[str, object] = {"claim": None}
    if job.cancel_asked_at:
        columns |= {"state": Job.State.CANCELLED, "finished_at": now}
    elif job.attempts >= MOST_ATTEMPTS:
        error = f"Broken off {job.attempts} times, last heard of at {job.heartbeat_at:%Y-%m-%d %H:%M:%S}."
        reason = in_each_language(BROKEN_OFF)
        columns |= {"state": Job.State.FAILED, "finished_at": now, "error": error, "reason": reason}
    else:
        columns |= {"state": Job.State.QUEUED, "enqueued_at": now}
    # Whoever has written to it meanwhile lives after all.
    silent = Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING, heartbeat_at=job.heartbeat_at)
    if silent.update(**columns) and columns["state"] == Job.State.QUEUED:
        enqueue(job)


@transaction.atomic
def hand_over_again(*, now: datetime) -> None:
    """Enqueue waiting jobs whose task is gone: its process died right after it committed the job, or in claiming it."""
    waiting = Job.objects.filter(state=Job.State.QUEUED, enqueued_at__lt=now - SILENT_FOR)
    if not waiting.exists():
        return
    tasks = DBTaskResult.objects.filter(task_path=RUN_JOB, status=TaskResultStatus.READY)
    known = set(tasks.values_list("args_kwargs__args__0", flat=True))
    lost = [job for job in waiting.only("pk") if str(job.pk) not in known]
    Job.objects.filter(pk__in=[job.pk for job in lost[:AT_ONCE]]).update(enqueued_at=now)
    for job in lost[:AT_ONCE]:
        enqueue(job)


def release_tasks_of_dead_workers(*, now: datetime) -> None:
    """Let other workers do what dead ones had taken (updates of the search index, such as): each can be done twice."""
    alive = set(Process.objects.workers().seen_since(now - SILENT_FOR).values_list("name", flat=True))
    taken = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - SILENT_FOR)
    for task in taken[:AT_ONCE]:
        if task.worker_ids and task.worker_ids[-1] not in alive:
            again = task.task_path != RUN_JOB and len(task.worker_ids) < MOST_ATTEMPTS
            status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
            same = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at)
            same.update(status=status, finished_at=None if again else now)
