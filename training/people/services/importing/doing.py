"""What the worker does with a list: check it, or write it in one transaction that stands or falls as a whole."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from training.lib.imports import Import, Plan, Progress, import_of, matched, rejects_of
from training.lib.tables import Table
from training.operations.models import ImportRun
from training.operations.progress import Cancelled, Interrupted, TakenOver
from training.operations.services import record
from training.people.models import Centre, User
from training.people.services.errors import NotAllowedError

from . import keeping

APPLICABLE = (ImportRun.State.QUEUED, ImportRun.State.FAILED)
FAULTS_KEPT = 1_000
"""In the report; the file of refused rows has all of them."""


def check_import(*, run: ImportRun, at: datetime, progress: Progress) -> None:
    """Say what the list would do, and keep that. Writes no record; done again it says the same."""
    by, kind = whose(run)
    with translation.override(by.language):
        table = keeping.uploaded_table(run)
        progress.start(len(table.rows))
        plan = kind.plan(matched(table, run.places), by=by, at=at, progress=progress)
        tell(run, table, plan)
    run.state = ImportRun.State.CHECKED
    run.save()


def apply_import(*, run: ImportRun, at: datetime, progress: Progress) -> ImportRun:
    """Write the list that was handed over: all rows, or the valid ones if so chosen, or none.

    One transaction holds rows, audit events and the run's own state: whoever is killed in the middle leaves nothing,
    and the next try does it once. A list that has become faulty since its check is refused. What goes wrong
    otherwise is raised, after the run says that it broke off.
    """
    run = ImportRun.objects.get(pk=run.pk)
    if run.state not in APPLICABLE:
        return run
    table = keeping.uploaded_table(run)  # slow, so before the transaction: nobody else writes on SQLite meanwhile
    try:
        with transaction.atomic():
            list(Centre.objects.select_for_update())  # one import at a time
            run = ImportRun.objects.select_for_update().get(pk=run.pk)
            if run.state not in APPLICABLE:
                return run
            write_all(run, table, at=at, progress=progress)
    except (Interrupted, TakenOver):  # another run of the job does it
        raise
    except Exception as error:
        after = ImportRun.State.CHECKED if isinstance(error, Cancelled) else ImportRun.State.FAILED
        ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.QUEUED).update(state=after)
        raise
    keeping.forget(run, keeping.UPLOAD, keeping.CHANGES)
    return run


def write_all(run: ImportRun, table: Table, *, at: datetime, progress: Progress) -> None:
    by, kind = whose(run)
    with translation.override(by.language):
        progress.start(2 * len(table.rows))
        plan = kind.plan(matched(table, run.places), by=by, at=at, progress=progress)
        tell(run, table, plan)
        if plan.faults and not run.only_valid:
            run.state = ImportRun.State.REFUSED
        else:
            kind.write(plan, by=by, at=at, progress=progress)
            run.state = ImportRun.State.APPLIED
        run.finished_at, run.headings = at, []
        run.save()
        record(action=f"imports.{run.state}", by=by, subject=run, at=at, after=facts_of(run))


def whose(run: ImportRun) -> tuple[User, Import]:
    """Return who imports, with the roles of this moment, and the kind; raise `NotAllowedError` if they may no more."""
    by, kind = User.objects.filter(pk=run.by_id).first(), import_of(run.kind)
    if by is None or kind is None or not kind.may(by):
        raise NotAllowedError(str(kind.needs) if kind else run.kind)
    return by, kind


def tell(run: ImportRun, table: Table, plan: Plan) -> None:
    """Put counts and first faults into the run, and keep the rest in files."""
    run.rows, run.created, run.changed, run.unchanged = len(table.rows), plan.created, plan.changed, plan.unchanged
    run.faulty = len(plan.faulty_lines)
    run.faults = [[fault.line, fault.column, fault.text] for fault in plan.faults[:FAULTS_KEPT]]
    keeping.keep_plan(run, plan, rejects_of(table, plan.faults))


def facts_of(run: ImportRun) -> dict[str, object]:
    """Return what the audit trail keeps of an import; each record it wrote has an event of its own."""
    names = ("kind", "file_name", "sha256", "rows", "created", "changed", "unchanged", "faulty", "only_valid")
    return {name: getattr(run, name) for name in names}
