"""Imports the staff list from a file."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from training.lib.tables import Table, TableError, read_table
from training.operations.services import Actor
from training.people.models import User
from training.people.services import ImportReport, import_staff


class Command(BaseCommand):
    """Checks the whole list, then writes it; any error leaves everything as it was and ends with code 1."""

    help = "Import the staff list (XLSX or CSV); people are found by staff number, nobody is removed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument("--valid-only", action="store_true", help="import the lines without errors, name the rest")
        parser.add_argument("--by", metavar="STAFF_NUMBER", help="act as this person, within what they may do")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_staff(
                table=read(options["file"]),
                by=actor(options["by"]),
                at=timezone.now(),
                dry_run=options["dry_run"],
                only_valid=options["valid_only"],
            )
        except TableError as error:
            raise CommandError("\n".join([*error.messages, "Nothing was imported."])) from None
        self.stdout.write("\n".join(lines(report)))
        if report.faults:
            self.stderr.write("\n".join(report.messages))
            if not report.applied:
                raise CommandError(f"{report.faulty_lines} lines have errors.")


def read(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            return read_table(file, name=path.name)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def actor(staff_number: str | None) -> Actor:
    """Return whom the import counts for: a person, or the command itself."""
    if staff_number is None:
        return "import_staff"
    person = User.objects.active().filter(staff_number=staff_number).first()
    if person is None:
        raise CommandError(f"Nobody active has the staff number {staff_number}.")
    return person


def lines(report: ImportReport) -> list[str]:
    """Say each change and the counts."""
    said = []
    for change in report.changes:
        who = f"{change.staff_number} {change.display_name}"
        facts = "; ".join(f"{d.label}: {d.before or '-'} -> {d.after or '-'}" for d in change.differences)
        said.append(f"line {change.line}: {who}: {'new' if change.is_new else facts}")
    done = "" if report.applied else "Dry run: "
    said.append(f"{done}{report.created} created, {report.changed} changed, {report.unchanged} unchanged")
    return said
