"""The files of an import, in private storage: what was uploaded, what it would change, the rows that were refused."""

import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import QuerySet

from training.lib.imports import Change, Plan
from training.lib.tables import Table, read_table
from training.operations.models import ImportRun

FOLDER = "imports"
UPLOAD, CHANGES, REJECTS = "upload", "changes.json", "rejects.json"
OPEN_FOR = timedelta(hours=8)
"""A working day: so long a list waits for its confirmation."""
REJECTS_FOR = timedelta(days=30)


def private() -> Storage:
    return storages["private"]


def path_of(run: ImportRun, name: str) -> str:
    return f"{FOLDER}/{run.pk}/{name}"


def keep(run: ImportRun, name: str, file: IO[bytes]) -> None:
    """Keep the file in place of one of the same name."""
    private().delete(path_of(run, name))
    private().save(path_of(run, name), File(file))


def keep_json(run: ImportRun, name: str, value: Any) -> None:
    keep(run, name, io.BytesIO(json.dumps(value, ensure_ascii=False).encode()))


def load_json(run: ImportRun, name: str) -> Any:
    """Return what was kept; [] when nothing is."""
    if not private().exists(path_of(run, name)):
        return []
    with private().open(path_of(run, name)) as file:
        return json.load(file)


def uploaded_table(run: ImportRun) -> Table:
    """Read the file again as it was uploaded."""
    with private().open(path_of(run, UPLOAD)) as file:
        return read_table(file, name=run.file_name)


def keep_plan(run: ImportRun, plan: Plan, rejects: Sequence[Sequence[str]]) -> None:
    keep_json(run, CHANGES, [change.as_json() for change in plan.changes])
    keep_json(run, REJECTS, rejects)


def planned_changes(run: ImportRun) -> list[dict[str, Any]]:
    """Return every change as the last check found it, as JSON: `Change.from_json` takes each apart."""
    return load_json(run, CHANGES)


def changes_from(kept: Sequence[dict[str, Any]]) -> list[Change]:
    return [Change.from_json(one) for one in kept]


def rejected_rows(run: ImportRun) -> list[list[str]]:
    """Return headings and faulty rows, each with the reason in its last cell; [] when none are kept."""
    return load_json(run, REJECTS)


def forget(run: ImportRun, *names: str) -> None:
    for name in names:
        private().delete(path_of(run, name))


def forget_expired(*, now: datetime) -> int:
    """Call off what nobody confirmed in time and forget old refused rows; return how many were called off."""
    states = ImportRun.State
    waiting = ImportRun.objects.filter(
        finished_at=None, uploaded_at__lt=now - OPEN_FOR, state__in=[states.UPLOADED, states.CHECKED, states.FAILED]
    )
    stale = list(waiting)
    for run in stale:
        forget(run, UPLOAD, CHANGES, REJECTS)
        with transaction.atomic():
            ImportRun.objects.filter(pk=run.pk).update(state=states.DISCARDED, finished_at=now, headings=[], faults=[])
    old = ImportRun.objects.filter(finished_at__lt=now - REJECTS_FOR, faulty__gt=0)
    forget_rejects(old)
    return len(stale)


def forget_rejects(runs: "QuerySet[ImportRun]") -> None:
    """Forget the refused rows of these imports; what else was kept of them has gone before."""
    for run in runs.iterator(chunk_size=500):
        forget(run, UPLOAD, CHANGES, REJECTS)
