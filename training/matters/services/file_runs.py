"""The way of a file of matters from the upload to the drafts, as an `ImportRun` whose file lies in private storage."""

import hashlib
import io
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from training.lib.imports import Progress
from training.lib.texts import in_each_language
from training.matters.files import FACTS, Told, read_json, read_workbook
from training.matters.permissions import may_keep_files
from training.operations.models import ImportRun
from training.operations.progress import Cancelled, Interrupted, JobError, TakenOver
from training.operations.services import record, start_job
from training.people.models import Centre, User
from training.people.services.importing import keeping

from .drafting import Plan, plan_drafts, write_drafts

KIND = "service-matters"
TAKE = "training.matters.tasks.take_drafts"
JSON_START = (b"{", b"[")
FAULTS_KEPT = 200


def read_file(data: bytes, *, name: str) -> Told:
    """Read a file by its content: a workbook, or JSON."""
    return read_json(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in JSON_START else read_workbook(data, name=name)


@transaction.atomic
def begin(*, data: bytes, name: str, by: User, at: datetime) -> ImportRun:
    """Keep a file for its sender to look at what it would do; one at a time for each person."""
    for old in ImportRun.objects.filter(kind=KIND, by_id=by.pk, state=ImportRun.State.CHECKED):
        call_off(run=old, at=at)
    run = ImportRun.objects.create(
        kind=KIND,
        state=ImportRun.State.CHECKED,
        file_name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        by_id=by.pk,
        by_name=str(by),
        uploaded_at=at,
    )
    keeping.keep(run, keeping.UPLOAD, io.BytesIO(data))
    return run


def run_of(*, owner: User, pk: UUID) -> ImportRun | None:
    """Return the file if it is the person's own."""
    return ImportRun.objects.filter(pk=pk, kind=KIND, by_id=owner.pk).first()


def plan_of(run: ImportRun) -> Plan:
    """Say what the kept file would do now."""
    with keeping.private().open(keeping.path_of(run, keeping.UPLOAD)) as file:
        return plan_drafts(read_file(file.read(), name=run.file_name))


@transaction.atomic
def take(*, run: ImportRun, only_valid: bool, by: User, at: datetime) -> bool:
    """Hand a checked file to the worker; False when it was handed over, called off or forgotten before."""
    found = ImportRun.objects.select_for_update().filter(pk=run.pk, by_id=by.pk, state=ImportRun.State.CHECKED).first()
    if found is None:
        return False
    label = in_each_language(_("Drafts of service matters from a file"))
    job = start_job(task=TAKE, arguments={"run": str(found.pk)}, by=by, at=at, label=label)
    found.state, found.only_valid, found.job_id = ImportRun.State.QUEUED, only_valid, job.pk
    found.save(update_fields=["state", "only_valid", "job_id"])
    return True


def call_off(*, run: ImportRun, at: datetime) -> None:
    """Forget a file that waits; nothing is imported."""
    states = ImportRun.State
    ended = ImportRun.objects.filter(pk=run.pk, state__in=[states.CHECKED, states.FAILED])
    if ended.update(state=states.DISCARDED, finished_at=at, faults=[]):
        transaction.on_commit(lambda: keeping.forget(run, keeping.UPLOAD))


def take_drafts(*, run: ImportRun, at: datetime, progress: Progress) -> ImportRun:
    """Write the drafts of a file that was handed over, all or the valid ones or none, in one transaction.

    Whoever is killed in the middle leaves nothing; a file that was taken is left alone. Rights are asked anew.
    """
    if run.state != ImportRun.State.QUEUED:
        return run
    by = User.objects.filter(pk=run.by_id).first()
    if by is None or not may_keep_files(by):
        _broken_off(run)
        raise JobError(_("Only editors, reviewers and administrators bring in matters."))
    try:
        with translation.override(by.language), transaction.atomic():
            list(Centre.objects.select_for_update())  # one import at a time
            run = ImportRun.objects.select_for_update().get(pk=run.pk)
            if run.state == ImportRun.State.QUEUED:
                _write(run, by=by, at=at, progress=progress)
    except (Interrupted, TakenOver):
        raise
    except Exception as error:
        _broken_off(run, called_off=isinstance(error, Cancelled))
        raise
    keeping.forget(run, keeping.UPLOAD)
    return run


def _broken_off(run: ImportRun, *, called_off: bool = False) -> None:
    after = ImportRun.State.CHECKED if called_off else ImportRun.State.FAILED
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.QUEUED).update(state=after)


def _write(run: ImportRun, *, by: User, at: datetime, progress: Progress) -> None:
    plan = plan_of(run)
    progress.start(len(plan.intents))
    refused = plan.refused or (bool(plan.problems) and not run.only_valid)
    if not refused:
        write_drafts(plan=plan, by=by, at=at, progress=progress)
    run.state = ImportRun.State.REFUSED if refused else ImportRun.State.APPLIED
    run.created, run.changed, run.unchanged = plan.count(new=True), plan.count(new=False), plan.unchanged
    run.faulty, run.rows = plan.faulty, plan.unchanged + len(plan.intents) + plan.faulty
    run.faults = [
        [None, problem.place, f"{problem.code} {problem.text}".strip()] for problem in plan.problems[:FAULTS_KEPT]
    ]
    run.finished_at = at
    run.save()
    names = ("kind", "file_name", "sha256", "created", "changed", "unchanged", "faulty", "only_valid")
    record(action=f"imports.{run.state}", by=by, subject=run, at=at, after={name: getattr(run, name) for name in names})


@transaction.atomic
def record_export(*, documents: dict[str, list[Any]], file_format: str, by: User, at: datetime) -> None:
    """Record that somebody takes out all matters and bundles."""
    counts = {facts.key: len(documents[facts.key]) for facts in FACTS}
    record(action="imports.exported", by=by, subject=by, at=at, after={"kind": KIND, "format": file_format, **counts})
