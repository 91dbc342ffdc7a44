"""Lists in and out: 10,000 staff imported, the staff list and the matrix taken out. Each in a process of its own."""

import io
import subprocess
import sys
from datetime import date

from tests.benchmarks.measuring import ROOT, begin, figure, peak_megabytes, seconds

ROWS = 10_000
PARTS = ("import_staff", "export_staff", "export_matrix")


def main() -> None:
    for part in PARTS:
        subprocess.run([sys.executable, "-m", "tests.benchmarks.lists", part], cwd=ROOT, check=False)


def import_staff() -> None:
    """Read the list, plan it, and write it; nothing is kept, so that the next run finds the same centre."""
    from django.db import transaction
    from django.utils import timezone

    from training.lib.imports import Silent, guess, import_of, matched
    from training.lib.tables import read_table, write_csv
    from training.people.models import Department, Position, User

    department, position = Department.objects.first(), Position.objects.first()
    header = ["staff_number", "name", "latin_name", "department", "position", "starts_on", "roles"]
    rows = [
        [f"7{number:05}", "新来的", "Xin Laide", department.code, position.code, str(date(2026, 1, 1)), ""]
        for number in range(ROWS)
    ]
    file = io.BytesIO(b"".join(write_csv([header, *rows])))
    kind, by, at = import_of("staff"), User.objects.get(staff_number="admin"), timezone.now()
    before = peak_megabytes()
    with transaction.atomic():
        read = seconds(lambda: file.seek(0) or read_table(file, name="staff.csv"))
        file.seek(0)
        table = read_table(file, name="staff.csv")
        table = matched(table, guess(table.header, kind.columns)[0])
        found: list[object] = []
        planned = seconds(lambda: found.append(kind.plan(table, by=by, at=at, progress=Silent())))
        written = seconds(lambda: kind.write(found[0], by=by, at=at, progress=Silent()))
        transaction.set_rollback(True)
    figure(f"import {ROWS:,} staff, read", read, "s")
    figure("  plan", planned, "s")
    figure("  write", written, "s", "60 s in all")
    figure("  peak memory", peak_megabytes(), "MB")
    figure("  of that before it began", before, "MB")


def export_staff() -> None:
    from django.utils import timezone

    from training.people import documents, queries
    from training.people.models import User

    people = queries.staff_list(
        User.objects.get(staff_number="admin"), queries.StaffFilter(), today=timezone.localdate()
    )
    found: list[int] = []
    taken = seconds(lambda: found.append(sum(1 for _row in documents.exported_rows(people))))
    figure(f"export {found[0] - 1:,} staff", taken, "s")
    figure("  a thousand rows", 1000 * taken / found[0], "s", "1 s")
    figure("  peak memory", peak_megabytes(), "MB")


def export_matrix() -> None:
    """Every department's people matrix, as the export writes it."""
    from django.utils import timezone

    from training.competencies.queries.asked import asked_on
    from training.competencies.queries.columns import columns
    from training.competencies.queries.people import postings_of
    from training.competencies.views.people import _lines
    from training.people.models import Department, User

    viewer, today, shown = User.objects.get(staff_number="hr"), timezone.localdate(), columns()
    found = [0]

    def take() -> None:
        for department in Department.get_root_nodes():
            postings = postings_of(department, viewer=viewer, today=today)
            found[0] += sum(1 for _line in _lines(postings, shown, asked_on(today), today)) - 1

    taken, cells = seconds(take), found[0] * len(shown.competencies)
    figure(f"export {cells:,} cells of the matrix", taken, "s")
    figure("  600,000 cells at that pace", taken * 600_000 / max(cells, 1), "s")
    figure("  peak memory", peak_megabytes(), "MB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        begin()
        {part.__name__: part for part in (import_staff, export_staff, export_matrix)}[sys.argv[1]]()
    else:
        main()
