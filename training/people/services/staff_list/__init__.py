"""Importing the staff list: checked as a whole, then written as a whole or not at all."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import identify_hasher
from django.db import transaction
from django.utils import timezone

from training.lib.imports import Change as Planned
from training.lib.imports import Difference, Plan, Progress, Silent
from training.lib.tables import Fault, Table, TableError
from training.operations.services import Actor
from training.people.columns import layout_of
from training.people.models import Centre

from .directory import Directory, people_by_number
from .planning import Planner, Revision
from .rows import read_rows
from .writing import write

__all__ = ["Change", "Difference", "ImportReport", "import_staff", "plan_staff", "write_staff"]


@dataclass(frozen=True)
class Change:
    """One person who comes or changes."""

    line: int
    staff_number: str
    display_name: str
    latin_name: str
    is_new: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class ImportReport:
    """What a staff list does, or did when `applied`; lines with faults are left out."""

    name: str
    changes: tuple[Change, ...]
    unchanged: int
    faults: tuple[Fault, ...]
    applied: bool

    @property
    def created(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.created

    @property
    def faulty_lines(self) -> int:
        return len({fault.line for fault in self.faults})

    @property
    def messages(self) -> list[str]:
        """Each fault with the file's name, its line and its column."""
        return TableError(self.name, self.faults).messages


def import_staff(
    *, table: Table, by: Actor, at: datetime, dry_run: bool, only_valid: bool = False, password: str = ""
) -> ImportReport:
    """Bring the records of staff in line with the list, person by staff number; nobody is ever removed.

    The same list a second time changes nothing. A dry run writes nothing and reports the faults of rows. Otherwise
    raises `TableError` with all faults and writes nothing, unless `only_valid`: then the other rows are written.
    Wrong headings always raise `TableError`. A person who imports is held to the departments they are HR of, to roles
    not above their own, and to leaving administrators alone; a process (`by` as text) is not. New accounts share
    `password`, a hash as `make_password` returns it, or cannot sign in yet when it is empty; raises ValueError when
    it is no hash.
    """
    if password:
        identify_hasher(password)
    if dry_run:
        revisions, faults = plan(table, by=by, at=at)
        return report(table, revisions, faults, applied=False)
    with transaction.atomic():
        list(Centre.objects.select_for_update())  # one import at a time
        revisions, faults = plan(table, by=by, at=at)
        if faults and not only_valid:
            raise TableError(table.name, faults)
        done = report(table, revisions, faults, applied=True)
        write(revisions, by=by, at=at, password=password)
    return done


def plan_staff(*, table: Table, by: Actor, at: datetime, progress: Progress) -> Plan:
    """Return what the list would do, for the import on screen; `write_staff` does it."""
    revisions, faults = plan(table, by=by, at=at, progress=progress)
    changes = report(table, revisions, faults, applied=False).changes
    planned = [
        Planned(one.line, one.staff_number, f"{one.display_name} {one.latin_name}".strip(), one.is_new, one.differences)
        for one in changes
    ]
    return Plan(planned, len(revisions) - len(changes), faults, work=revisions)


def write_staff(*, planned: Plan, by: Actor, at: datetime) -> None:
    """Write what `plan_staff` returned, in the transaction it was planned in; new people cannot sign in yet."""
    write(planned.work, by=by, at=at, password="")


def plan(
    table: Table, *, by: Actor, at: datetime, progress: Progress | None = None
) -> tuple[list[Revision], list[Fault]]:
    """Return what the rows without faults do, and all faults in the order of the file."""
    today = timezone.localtime(at).date()
    layout = layout_of(table)
    directory = Directory.load(by)
    rows, faults = read_rows(table, layout, directory, today, progress or Silent())
    planner = Planner(layout, directory, people_by_number((row.staff_number for row in rows), today), by, today)
    revisions = planner.plan(rows)
    return revisions, sorted(faults + planner.faults, key=lambda fault: (fault.line or 0, fault.column or ""))


def report(table: Table, revisions: list[Revision], faults: list[Fault], *, applied: bool) -> ImportReport:
    """Put into words what is about to be, or has been, done."""
    changes = tuple(
        Change(
            line=revision.row.line,
            staff_number=revision.row.staff_number,
            display_name=revision.row.display_name,
            latin_name=revision.row.latin_name or revision.person.latin_name,
            is_new=revision.is_new,
            differences=tuple(revision.differences),
        )
        for revision in revisions
        if revision.changes_record
    )
    return ImportReport(table.name, changes, len(revisions) - len(changes), tuple(faults), applied)
