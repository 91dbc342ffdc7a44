"""Reads answers for a calibration from a CSV file: a header, one row per person, empty where not administered."""

import csv
import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.graded import Integers
from assessments.scoring.irt import Floats
from assessments.scoring.responses import MISSING, Responses

FREQUENCY = "freq"
BLANK = frozenset({"", "NA"})
HIGHEST = 20  # a category above is more likely a code for something else
MOST_PEOPLE = 1e12  # per row; more is a slip, and would drown the digits of the rest
WRONG_CELLS_NAMED = 3


class DataFileError(ValueError):
    """The file cannot be calibrated; the text says why and, where it can, in which line and column."""


@dataclass(frozen=True, eq=False)
class DataFile:
    """Items by name, answers numbered from 0, and the number the file gives its lowest category (0 or 1)."""

    names: list[str]
    responses: Responses
    base: int

    @property
    def with_more_than_two_categories(self) -> list[str]:
        """Names of the items that were answered in three ways or more."""
        return [name for item, name in enumerate(self.names) if np.count_nonzero(self.responses.counts(item)) > 2]


def read_file(path: Path) -> DataFile:
    """Read and check. Raises DataFileError for what is no table of categories, OSError where it cannot be opened."""
    rows = _rows(path.read_bytes())
    _, header = next(rows)
    names, has_frequency = _header(header)
    answers, weights = _body(rows, names, has_frequency=has_frequency)
    counted = weights > 0
    if not counted.any():
        raise DataFileError("Every row has the frequency 0: nobody answered.")
    base = _base(answers)
    codes = np.where(answers == MISSING, MISSING, answers - base)[counted]
    return DataFile(names, Responses.of(codes, weights[counted]), base)


def _rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers; one or more. A line of commas is a person, an empty one not.

    One at a time: a hundred thousand lists of cells would take more memory than their calibration.
    """
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(raw), encoding=_encoding(raw), newline=""))
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error:
        raise DataFileError(
            f"Line {reader.line_num} cannot be split into cells: "
            "a quotation mark is left open, or a cell is far too long."
        ) from None


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if not text.strip(", \t\r\n"):
            raise DataFileError("The file is empty.")
        if "\0" not in text:
            return encoding
    raise DataFileError("The file is not text: save it as CSV (UTF-8).")


def _header(row: list[str]) -> tuple[list[str], bool]:
    names = [name.strip() for name in row]
    if len(names) == 1 and any(sign in names[0] for sign in ";\t"):
        raise DataFileError("The columns are not separated by commas: save the file as CSV with commas.")
    has_frequency = names[-1].lower() == FREQUENCY
    if has_frequency:
        names = names[:-1]
    if not names:
        raise DataFileError("The header names no item.")
    if any(name.lower() == FREQUENCY for name in names):
        raise DataFileError("The column freq must be the last one, and there is only one.")
    for place, name in enumerate(names, 1):
        if not name:
            raise DataFileError(f"Column {place} has no name in the header.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataFileError(f"The header names {', '.join(twice)} more than once: each item needs a name of its own.")
    return names, has_frequency


def _body(
    rows: Iterator[tuple[int, list[str]]], names: list[str], *, has_frequency: bool
) -> tuple[NDArray[np.int8], Floats]:
    """All categories as written, -1 for blank, and people per row."""
    width = len(names) + has_frequency
    cells, weights = _Cells(names), array("d")
    for line, row in rows:
        if len(row) != width:
            raise DataFileError(f"Line {line} has {len(row)} cells, the header has {width}.")
        weights.append(_frequency(row.pop(), line) if has_frequency else 1.0)
        cells.add(line, row)
    if not weights:
        raise DataFileError("The file has a header and no rows: it needs one row per person.")
    if cells.wrong:
        raise DataFileError(_said(cells.wrong))
    return np.frombuffer(cells.found, dtype=np.int8).reshape(-1, len(names)), np.frombuffer(weights)


def _frequency(cell: str, line: int) -> float:
    value = _whole(cell)
    if not 0 <= value <= MOST_PEOPLE:
        raise DataFileError(f"Line {line}, column freq: {cell!r} is not a number of people.")
    return value


class _Cells:
    """Categories, row after row; each text is read once, however often it stands. `wrong`: by column, what is none."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.found = array("b")
        self.wrong: dict[str, list[str]] = {}
        self._values: dict[str, int] = {}

    def add(self, line: int, row: list[str]) -> None:
        try:
            self.found.extend([self._values[cell] for cell in row])
        except KeyError:
            self.found.extend([self._read(cell, column, line) for column, cell in enumerate(row)])

    def _read(self, cell: str, column: int, line: int) -> int:
        value = MISSING if cell.strip() in BLANK else _whole(cell)
        if cell.strip() not in BLANK and not 0 <= value <= HIGHEST:
            self.wrong.setdefault(self.names[column], []).append(f"line {line}: {cell.strip()[:40]!r}")
            return MISSING
        return self._values.setdefault(cell, int(value))


def _said(wrong: dict[str, list[str]]) -> str:
    sentences = [
        f"Column {name}: {'; '.join(cells[:WRONG_CELLS_NAMED])}"
        + (f" and {len(cells) - WRONG_CELLS_NAMED} more" if len(cells) > WRONG_CELLS_NAMED else "")
        for name, cells in list(wrong.items())[:WRONG_CELLS_NAMED]
    ]
    more = len(wrong) - len(sentences)
    tail = f" {more} more columns have such cells." if more > 0 else ""
    rule = f"An answer is a whole number from 0 to {HIGHEST}, or empty where the item was not administered."
    return f"{'. '.join(sentences)}.{tail} {rule}"


def _whole(cell: str) -> float:
    """The whole number a cell says; NaN if it says none."""
    try:
        value = float(cell)
    except ValueError:
        return float("nan")
    return value if value == np.floor(value) and "_" not in cell else float("nan")


def _base(answers: NDArray[np.int8]) -> int:
    """0 or 1: what the file calls its lowest category. Without a 0 anywhere it counts from 1."""
    seen = answers[answers != MISSING]
    return 1 if seen.size and seen.min() >= 1 else 0


def categories_as_written(kept: Integers, base: int) -> list[int]:
    """The numbers the file uses for the categories of an item."""
    return [int(category) + base for category in kept]
