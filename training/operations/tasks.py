"""The one task the worker knows: run a job by its row; and what the tick does for jobs and the trail."""

import logging
from datetime import datetime

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.utils import normalize_json

from training.lib.addresses import acting_from
from training.lib.texts import in_each_language

from . import sealing, services
from .models import Job
from .progress import Cancelled, Interrupted, JobError, Progress, reported
from .services import Ending

logger = logging.getLogger(__name__)


@task()
def run_job(job_id: str) -> None:
    """Run the job's function with its arguments; claim it first, so that two workers never both run it."""
    job = services.claim(job_id=job_id, at=timezone.now())
    if job is None:
        return
    with reported(job) as progress, acting_from(None):
        ending = run(job, progress)
    if ending.state != Job.State.DONE:
        progress.forget_file()
    counted = {"done": progress.done, "total": progress.total, "file": progress.file}
    if not services.finish(job=job, ending=ending, **counted, at=timezone.now()):
        progress.forget_file()


def run(job: Job, progress: Progress) -> Ending:
    """Call the job's function and tell how it ended, whatever it raised."""
    try:
        result = import_string(job.task)(progress=progress, **job.arguments)
        return Ending(Job.State.DONE, result=normalize_json(result))
    except Interrupted:
        return Ending(Job.State.QUEUED)
    except Cancelled:
        return Ending(Job.State.CANCELLED)
    except JobError as error:
        return Ending(Job.State.FAILED, error=f"JobError: {error}"[:2000], reason=in_each_language(error.message))
    except Exception as error:  # whatever went wrong is the job's result, shown to whoever started it
        logger.exception("job failed: %s", job.task)
        return Ending(Job.State.FAILED, error=f"{type(error).__name__}: {error}"[:2000])


def reap(*, now: datetime) -> None:
    """Bring back what killed workers left behind."""
    services.reap(now=now)


def prune(*, now: datetime) -> None:
    """Forget what ended long ago."""
    services.prune(now=now)


def seal_events(*, now: datetime) -> None:
    """Seal the audit events that have settled."""
    sealing.seal_due(at=now)
