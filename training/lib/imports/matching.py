"""Which heading of a file stands for which column: a guess, what is missing, and the table under our own names."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from training.lib.tables import Row, Table

from .columns import Column

NOISE = re.compile(r"[\s_\-/*:：()（）.。、]+")
ALIKE = 0.78
SHORTEST_PART = 2
"""Characters a heading must have to be known by a part of it: 科室 in 所属科室."""
REASONS = ("What is wrong", "错误原因")
"""The heading under which a file of refused rows says why; such a column is read past."""


@dataclass(frozen=True)
class Layout:
    """Where the fields stand in one file: field -> place in the row, and the letter of its column."""

    places: Mapping[str, int]
    letters: Mapping[str, str]

    @classmethod
    def of(cls, table: Table) -> "Layout":
        """Return the layout of a table whose headings are names of fields."""
        letters = dict(zip(table.header, table.columns, strict=True))
        return cls({field: place for place, field in enumerate(table.header)}, letters)


def normal(heading: str) -> str:
    """The heading without what people write differently: case, width, blanks, brackets, stars."""
    return NOISE.sub("", unicodedata.normalize("NFKC", heading).casefold())


def is_reason(heading: str) -> bool:
    """Tell whether the heading is the one that a file of refused rows adds."""
    return normal(heading) in {normal(reason) for reason in REASONS}


def header_key(header: Iterable[str]) -> str:
    """Return what tells one set of headings from another, in whatever order and spelling of case they stand."""
    names = sorted(normal(heading) for heading in header if not is_reason(heading))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def guess(header: Sequence[str], columns: Sequence[Column]) -> tuple[dict[str, str], bool]:
    """Return which heading probably stands for which field, and whether every heading is known for certain.

    Each heading is given once, the best likeness first; what is like nothing is left out.
    """
    known = {normal(name): column.field for column in columns for name in column.names}
    found: dict[str, str] = {}
    for heading in header:
        field = known.get(normal(heading))
        if field and field not in found:
            found[field] = heading
    certain = all(heading in found.values() or is_reason(heading) for heading in header)
    for _score, field, heading in sorted(likenesses(header, columns), key=lambda one: -one[0]):
        if field not in found and heading not in found.values():
            found[field] = heading
    return found, certain


def likenesses(header: Sequence[str], columns: Sequence[Column]) -> Iterable[tuple[float, str, str]]:
    """Yield how alike headings and columns are, for those that are alike enough."""
    for heading in header:
        if is_reason(heading):
            continue
        for column in columns:
            score = max(likeness(normal(heading), normal(name)) for name in column.names)
            if score >= ALIKE:
                yield score, column.field, heading


def likeness(one: str, other: str) -> float:
    """Return from 0 to 1 how alike two normal headings are; one that holds the other is nearly the same."""
    short, long = sorted((one, other), key=len)
    if len(short) >= SHORTEST_PART and short in long:
        return 0.8 + 0.2 * len(short) / len(long)
    return SequenceMatcher(None, one, other).ratio()


def missing(places: Mapping[str, str], columns: Sequence[Column]) -> list[Column]:
    """Return the columns without which no row can be read and that no heading stands for."""
    return [column for column in columns if column.required and not places.get(column.field)]


def matched(table: Table, places: Mapping[str, str]) -> Table:
    """Return the table with the names of fields as headings, each column under its letter in the file.

    `places` maps fields to headings; headings of which it says nothing are left out.
    """
    chosen = [(field, table.header.index(heading)) for field, heading in places.items() if heading in table.header]
    rows = tuple(Row(row.line, tuple(row.cells[place] for _field, place in chosen)) for row in table.rows)
    return Table(
        name=table.name,
        header=tuple(field for field, _place in chosen),
        header_line=table.header_line,
        columns=tuple(table.columns[place] for _field, place in chosen),
        rows=rows,
    )
