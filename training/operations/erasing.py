"""What becomes of jobs and imports when somebody is made anonymous."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from training.lib.erasing import NOT_NEEDED, Fate, Identity, Kind, delete, emptied, renamed

from .models import ImportRun, Job, TickRun
from .services import pruning


def kinds(person: Any, identity: Identity) -> Iterator[Kind]:
    """Yield the jobs they started or that name them, files left by anybody's jobs, imports, rows of the worker."""
    named = {"why": _("The name is taken out."), "started_by_name": identity.instead}
    yield emptied("jobs", _("Background work they started"), Job.objects.filter(started_by_id=person.pk), **named)
    yield renamed("jobs-naming", _("Background work that names them"), identity, Job.objects.all(), *JOB_TEXTS)
    left = Job.objects.filter(finished_at__isnull=False).exclude(file="")
    yield Kind(
        "job-files",
        _("Files left by finished background work of anybody"),
        Fate.GOES,
        _("They may name the person, and nobody can look inside. Whoever needs one makes it anew."),
        None,
        (),
        lambda: pruning.drop_files(left),
    )
    ended = DBTaskResult.objects.filter(status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED])
    yield Kind(
        "worker-rows",
        _("Notes of the worker on work that has ended"),
        Fate.GOES,
        NOT_NEEDED,
        None,
        (),
        lambda: delete(ended),
    )
    runs = ImportRun.objects.filter(by_id=person.pk)
    yield emptied("imports", _("Imports they made"), runs, why=named["why"], by_name=identity.instead)
    yield renamed("imports-naming", _("Imports that name them"), identity, ImportRun.objects.all(), *RUN_TEXTS)
    yield renamed("tick-errors", _("Failures noted by the tick"), identity, TickRun.objects.all(), "error")


JOB_TEXTS = ("arguments", "label", "result", "file_name", "error", "reason")
RUN_TEXTS = ("file_name", "headings", "faults")
