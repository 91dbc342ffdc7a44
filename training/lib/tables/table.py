"""A table of text, its limits, and the builder that fills it cell by cell and collects the faults."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL_CHARACTERS = 2_000
MAX_LINES = 1_048_576
"""Blank ones included, which programs write where only a style was set: as many as the XLSX format has."""
MAX_FAULTS = 50

INVISIBLE = str.maketrans("", "", "\ufeff\u200b")
LINE_BREAK = re.compile(r"\r\n?")
# Controls other than tab and line break, halves of a surrogate pair, and the marks that turn the reading direction
# round, so that the name on the screen is not the name in the file.
UNWELCOME = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    """What is wrong: in one cell when `line` (from 1) and `column` (its letter) are given, else with the file."""

    text: str
    line: int | None = None
    column: str | None = None


class TableError(Exception):
    """A file that cannot be taken; `faults` lists all that was found, `messages` says each to the user."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        super().__init__("\n".join(self.messages))

    @property
    def messages(self) -> list[str]:
        return [describe(self.name, fault) for fault in self.faults]


def describe(name: str, fault: Fault) -> str:
    facts = {"name": name, "line": fault.line, "column": fault.column, "fault": fault.text}
    if fault.line is None:
        return _("%(name)s: %(fault)s") % facts
    if fault.column is None:
        return _("%(name)s, line %(line)s: %(fault)s") % facts
    return _("%(name)s, line %(line)s, column %(column)s: %(fault)s") % facts


@dataclass(frozen=True)
class Row:
    """The cells of one line in the order of the header; `line` counts from 1, as the file's own program does."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header of distinct, non-empty headings and rows of the same width; blank rows and columns are left out."""

    name: str
    header: tuple[str, ...]
    header_line: int
    columns: tuple[str, ...]
    """The letter of each heading's column in the file."""
    rows: tuple[Row, ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in self.rows:
            yield row.line, dict(zip(self.header, row.cells, strict=True))


def column_letter(index: int) -> str:
    """The spreadsheet letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class TableBuilder:
    """Takes the non-blank cells of a file line by line, the header first.

    Raises `TableError` at once when a limit of the file is passed or `MAX_FAULTS` cells are wrong, and from
    `finish` when any cell was.
    """

    def __init__(self, name: str, *, most: int = MAX_CELL_CHARACTERS) -> None:
        self.name = name
        self.most = most
        self.header: dict[int, str] | None = None
        self.header_line = 0
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        self._same: dict[str, str] = {}

    @property
    def last_line(self) -> int:
        return self.rows[-1].line if self.rows else self.header_line

    def refuse(self, text: str) -> TableError:
        """The error for the whole file, after the faults found so far."""
        return TableError(self.name, [*self.faults, Fault(text)])

    def too_many_rows(self) -> TableError:
        return self.refuse(_("more than %(limit)s rows.") % {"limit": f"{MAX_ROWS:,}"})

    def fault(self, line: int, column: int, text: str) -> None:
        self.faults.append(Fault(text, line, column_letter(column)))
        if len(self.faults) >= MAX_FAULTS:
            raise self.refuse(_("Only the first %(number)d faults are listed.") % {"number": MAX_FAULTS})

    def add(self, line: int, cells: Mapping[int, str]) -> None:
        """Take one line; `cells` maps the column (from 0) to its text."""
        cleaned = {column: text for column, raw in cells.items() if (text := self._clean(line, column, raw))}
        if not cleaned:
            return
        if max(cleaned) >= MAX_COLUMNS:
            raise self.refuse(_("more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
        if self.header is None:
            self._take_header(line, cleaned)
        else:
            self._take_row(line, cleaned, self.header)

    def finish(self) -> Table:
        if self.faults:
            raise TableError(self.name, self.faults)
        if self.header is None:
            raise self.refuse(_("the file is empty. The first line must hold the headings."))
        columns = tuple(column_letter(column) for column in self.header)
        return Table(self.name, tuple(self.header.values()), self.header_line, columns, tuple(self.rows))

    def _take_header(self, line: int, cleaned: dict[int, str]) -> None:
        seen: dict[str, int] = {}
        for column, heading in sorted(cleaned.items()):
            first = seen.setdefault(heading.casefold(), column)
            if first != column:
                facts = {"heading": heading, "column": column_letter(first)}
                self.fault(line, column, _("the heading “%(heading)s” is already in column %(column)s.") % facts)
        self.header = dict(sorted(cleaned.items()))
        self.header_line = line

    def _take_row(self, line: int, cleaned: dict[int, str], header: dict[int, str]) -> None:
        if len(self.rows) >= MAX_ROWS:
            raise self.too_many_rows()
        for column in cleaned.keys() - header.keys():
            self.fault(line, column, _("the cell has text, but its column has no heading."))
        self.rows.append(Row(line, tuple(cleaned.get(column, "") for column in header)))

    def _clean(self, line: int, column: int, raw: str) -> str:
        """The text without outer white space and invisible marks; equal texts are kept once, to spare memory."""
        text = LINE_BREAK.sub("\n", raw).translate(INVISIBLE).strip()
        if len(text) > self.most:
            self.fault(line, column, _("more than %(limit)s characters.") % {"limit": f"{self.most:,}"})
            return text[: self.most]
        if found := UNWELCOME.search(text):
            facts = {"code": f"U+{ord(found[0]):04X}"}
            self.fault(line, column, _("an invisible control character (%(code)s). Type the text again.") % facts)
        return self._same.setdefault(text, text)
