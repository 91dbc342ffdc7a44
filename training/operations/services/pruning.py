"""Forgetting what has ended long ago."""

from datetime import datetime, timedelta

from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from training.operations.models import Job, Process

AT_ONCE = 500
PROCESSES_KEPT = timedelta(days=1)


def prune(*, now: datetime) -> None:
    """Delete result files, ended jobs, finished tasks and dead processes that are older than the settings keep them."""
    drop_files(before=now - timedelta(days=min(settings.JOB_FILES_KEPT_DAYS, settings.JOBS_KEPT_DAYS)))
    delete_jobs(before=now - timedelta(days=settings.JOBS_KEPT_DAYS))
    ended = DBTaskResult.objects.filter(status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED])
    ended.filter(finished_at__lt=now - timedelta(days=settings.TASKS_KEPT_DAYS)).delete()
    Process.objects.filter(seen_at__lt=now - PROCESSES_KEPT).delete()


def drop_files(*, before: datetime) -> None:
    """Delete the result files of jobs that ended before; the jobs themselves stay a while."""
    for job in Job.objects.filter(finished_at__lt=before).exclude(file="").iterator(AT_ONCE):
        job.file.storage.delete(str(job.file))
        Job.objects.filter(pk=job.pk).update(file="")


def delete_jobs(*, before: datetime) -> None:
    """Delete jobs that ended before, some hundred in each transaction."""
    ended = Job.objects.filter(finished_at__lt=before).order_by("finished_at")
    while keys := list(ended.values_list("pk", flat=True)[:AT_ONCE]):
        Job.objects.filter(pk__in=keys).delete()
