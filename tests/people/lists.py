"""Bringing a list in and taking it out, as tests do."""

import io
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from training.lib.imports import Plan, Silent, guess, import_of, matched
from training.lib.tables import Sheet, read_table, write_csv, write_xlsx
from training.operations.models import ImportRun
from training.people.models import User
from training.people.services import importing

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def uploaded(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", "\n".join(lines).encode())


def begun(kind: str, by: User, *lines: str) -> ImportRun:
    file = uploaded(*lines)
    table = read_table(file, name="list.csv")
    return importing.begin_import(kind=import_of(kind), file=file, table=table, by=by, at=AT)


def imported(kind: str, by: User, *lines: str, only_valid: bool = False) -> ImportRun:
    """Bring a list in, from the upload to the report."""
    run = begun(kind, by, *lines)
    assert run.state == ImportRun.State.CHECKED, run.state
    importing.start_import(run=run, only_valid=only_valid, by=by, at=AT)
    return importing.apply_import(run=run, at=AT, progress=Silent())


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.changed, run.unchanged, run.faulty


def sentences(run: ImportRun) -> list[tuple[int, str, str]]:
    return [tuple(fault) for fault in run.faults]


def export_of(kind: str, viewer: User, file_format: str) -> bytes:
    rows = list(import_of(kind).export_rows(viewer, at=AT))
    if file_format == "csv":
        return b"".join(write_csv(rows))
    file = io.BytesIO()
    write_xlsx(file, [Sheet("List", rows)])
    return file.getvalue()


def again(kind: str, viewer: User, file_format: str) -> Plan:
    found = import_of(kind)
    table = read_table(io.BytesIO(export_of(kind, viewer, file_format)), name="again")
    places, certain = guess(table.header, found.columns)
    assert certain
    return found.plan(matched(table, places), by=viewer, at=AT, progress=Silent())
