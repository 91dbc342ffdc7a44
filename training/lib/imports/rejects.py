"""The rows that were refused, as a table of its own: mended, it can be imported like any other."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from training.lib.tables import Fault, Table

from .matching import REASONS, is_reason


def rejects_of(table: Table, faults: Iterable[Fault]) -> list[list[str]]:
    """Return the headings of the file and its faulty rows, each with a last cell that says why; [] without any."""
    why: dict[int, list[str]] = {}
    for fault in faults:
        if fault.line is not None and fault.line > table.header_line:
            place = f"{fault.column}: " if fault.column else ""
            why.setdefault(fault.line, []).append(place + fault.text)
    if not why:
        return []
    kept = [place for place, heading in enumerate(table.header) if not is_reason(heading)]
    reason = REASONS[1] if (get_language() or "").startswith("zh") else REASONS[0]
    rows = [[*pick(row.cells, kept), "\n".join(why[row.line])] for row in table.rows if row.line in why]
    return [[*pick(table.header, kept), reason], *rows]


def pick(cells: Sequence[str], places: Iterable[int]) -> list[str]:
    return [cells[place] for place in places]
