"""Forgetting what has ended long ago."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from training.operations.models import Job, Process

AT_ONCE = 500
PROCESSES_KEPT = timedelta(days=1)


def prune(*, now: datetime) -> None:
    """Delete result files, finished tasks and dead processes that are older than the settings keep them.

    The jobs themselves are kept as long as the retention rules say.
    """
    kept = timedelta(days=settings.JOB_FILES_KEPT_DAYS)
    drop_files(Job.objects.filter(finished_at__lt=now - kept).exclude(file=""))
    ended = DBTaskResult.objects.filter(status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED])
    ended.filter(finished_at__lt=now - timedelta(days=settings.TASKS_KEPT_DAYS)).delete()
    Process.objects.filter(seen_at__lt=now - PROCESSES_KEPT).delete()


def drop_files(jobs: "QuerySet[Job]") -> None:
    """Delete the result files of these jobs; the jobs themselves stay a while."""
    for job in jobs.iterator(AT_ONCE):
        job.file.storage.delete(str(job.file))
        Job.objects.filter(pk=job.pk).update(file="")


@transaction.atomic
def forget_jobs(jobs: "QuerySet[Job]") -> int:
    """Delete up to some hundred of these jobs, their files first; return how many."""
    keys = list(jobs.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    some = Job.objects.filter(pk__in=keys)
    drop_files(some.exclude(file=""))
    some.delete()
    return len(keys)
