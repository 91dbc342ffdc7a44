"""The way of one list from the upload to the worker's hands."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from training.lib.imports import Import, Silent, all_imports, guess, header_key, import_of, missing
from training.lib.tables import Table
from training.lib.texts import in_each_language
from training.operations.models import ImportRun, Job
from training.operations.services import start_job
from training.people import permissions
from training.people.models import User
from training.people.services.errors import NotAllowedError, PeopleError

from . import keeping
from .doing import check_import

SMALL = 1_000
"""Up to so many rows a list is checked while its sender waits; longer ones are the worker's."""
SAMPLES = 3
CHECK, APPLY = "training.people.tasks.check_import", "training.people.tasks.apply_import"


class ImportClosedError(PeopleError):
    """The list is imported, called off or in work: nothing more can be done with it."""

    def __init__(self) -> None:
        super().__init__(_("This list is no longer open. Choose the file again."))


def runs_seen_by(viewer: User) -> "QuerySet[ImportRun]":
    """Return the imports the viewer may read about: their own; all of them for who keeps the whole centre."""
    runs = ImportRun.objects.filter(kind__in=all_imports()).order_by("-uploaded_at")
    return runs if permissions.may_keep(viewer, None) else runs.filter(by_id=viewer.pk)


def run_of(*, owner: User, pk: UUID) -> ImportRun | None:
    """Return the import if it is the owner's own."""
    return ImportRun.objects.filter(pk=pk, by_id=owner.pk).first()


def require_may(kind: Import, by: User) -> None:
    """Raise `NotAllowedError` unless the person may import lists of the kind."""
    if not kind.may(by):
        raise NotAllowedError(str(kind.needs))


def begin_import(*, kind: Import, file: IO[bytes], table: Table, by: User, at: datetime) -> ImportRun:
    """Keep the file, whose `table` was read from it, with a guess of what its headings mean.

    Headings that were matched before are matched in the same way; when nothing is left to ask, the list is checked.
    """
    require_may(kind, by)
    file.seek(0)
    content = file.read()
    places, certain = remembered(kind, table) or guess(table.header, kind.columns)
    samples = [row.cells for row in table.rows[:SAMPLES]]
    headings = [
        [heading, table.columns[place], [cells[place] for cells in samples]]
        for place, heading in enumerate(table.header)
    ]
    run = ImportRun(
        kind=kind.kind,
        file_name=table.name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        header_key=header_key(table.header),
        headings=headings,
        places=places,
        rows=len(table.rows),
        by_id=by.pk,
        by_name=str(by),
        uploaded_at=at,
    )
    file.seek(0)
    keeping.keep(run, keeping.UPLOAD, file)
    with transaction.atomic():
        run.save(force_insert=True)
        if certain and not missing(places, kind.columns):
            start_check(run, by=by, at=at)
    return run


def remembered(kind: Import, table: Table) -> tuple[dict[str, str], bool] | None:
    """Return how the same headings were matched the last time a list with them was checked; None if never."""
    before = ImportRun.objects.filter(kind=kind.kind, header_key=header_key(table.header))
    places = (
        before.exclude(state=ImportRun.State.UPLOADED).order_by("-uploaded_at").values_list("places", flat=True).first()
    )
    if places is None or not set(places.values()) <= set(table.header):
        return None
    return places, True


@transaction.atomic
def choose_columns(*, run: ImportRun, places: Mapping[str, str], by: User, at: datetime) -> ImportRun:
    """Take the columns as the person matched them, and check the list. Raises `ImportClosedError`."""
    run = open_run(run, by)
    run.places = dict(places)
    run.save(update_fields=["places"])
    start_check(run, by=by, at=at)
    return run


@transaction.atomic
def start_import(*, run: ImportRun, only_valid: bool, by: User, at: datetime) -> ImportRun:
    """Hand the checked list to the worker; `only_valid` leaves the faulty rows out. Raises `ImportClosedError`."""
    run = open_run(run, by)
    if run.state in (ImportRun.State.UPLOADED, ImportRun.State.CHECKING):
        raise ImportClosedError
    run.state, run.only_valid = ImportRun.State.QUEUED, only_valid
    hand_over(run, APPLY, by=by, at=at)
    return run


@transaction.atomic
def call_off(*, run: ImportRun, by: User, at: datetime) -> None:
    """Forget the file; nothing is imported. Raises `ImportClosedError`."""
    run = open_run(run, by)
    run.state, run.finished_at, run.headings, run.faults = ImportRun.State.DISCARDED, at, [], []
    run.save(update_fields=["state", "finished_at", "headings", "faults"])
    transaction.on_commit(lambda: keeping.forget(run, keeping.UPLOAD, keeping.CHANGES, keeping.REJECTS))


def open_run(run: ImportRun, by: User) -> ImportRun:
    """Return the run, locked; raise `ImportClosedError` unless it is the person's own and waits for them."""
    found = ImportRun.objects.select_for_update().filter(pk=run.pk, by_id=by.pk, finished_at=None).first()
    if found is None or is_in_work(found):
        raise ImportClosedError
    kind = import_of(found.kind)
    if kind is None:
        raise ImportClosedError
    require_may(kind, by)
    return found


def is_in_work(run: ImportRun) -> bool:
    """Tell whether the worker has the list; not when its job was cancelled or given up before it came to that."""
    if not run.is_waiting:
        return False
    job = Job.objects.filter(pk=run.job_id).first() if run.job_id else None
    return job is None or not job.has_ended


def start_check(run: ImportRun, *, by: User, at: datetime) -> None:
    """Check a small list at once, leave a long one to the worker."""
    run.state = ImportRun.State.CHECKING
    if run.rows <= SMALL:
        run.save(update_fields=["state"])
        check_import(run=run, at=at, progress=Silent())
    else:
        hand_over(run, CHECK, by=by, at=at)


def hand_over(run: ImportRun, task: str, *, by: User, at: datetime) -> None:
    kind = import_of(run.kind)
    label = in_each_language(format_lazy("{}: {}", kind.label if kind else run.kind, run.file_name))
    job = start_job(task=task, arguments={"run": str(run.pk)}, by=by, at=at, label=label)
    run.job_id = job.pk
    run.save(update_fields=["state", "only_valid", "job_id"])
