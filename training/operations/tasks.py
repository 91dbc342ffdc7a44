"""The one task the worker knows: run a job by its row."""

import logging

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from .models import Job

logger = logging.getLogger(__name__)


@task()
def run_job(job_id: str) -> None:
    """Run the job's function with its arguments; claim it first, so that two workers never both run it."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    try:
        job.result = import_string(job.task)(**job.arguments)
        job.state = Job.State.DONE
    except Exception as error:  # whatever went wrong is the job's result, shown to whoever started it
        logger.exception("job failed: %s", job.task)
        job.state, job.error = Job.State.FAILED, f"{type(error).__name__}: {error}"[:2000]
    job.finished_at = timezone.now()
    job.save(update_fields=["result", "state", "error", "finished_at"])
