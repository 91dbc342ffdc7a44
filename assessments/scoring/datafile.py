"""Reads answers for a calibration from a CSV file: a header, one row per person, empty where not administered."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assessments.scoring.graded import Integers
from assessments.scoring.responses import MISSING, Responses

FREQUENCY = "freq"
BLANK = frozenset({"", "NA"})
HIGHEST = 20  # a category above is more likely a code for something else
WRONG_CELLS_NAMED = 3


class DataFileError(ValueError):
    """The file cannot be calibrated; the text says why and, where it can, in which line and column."""


@dataclass(frozen=True, eq=False)
class DataFile:
    """Items by name, answers numbered from 0, and the number the file gives its lowest category (0 or 1)."""

    names: list[str]
    responses: Responses
    base: int


def read_file(path: Path) -> DataFile:
    """Read and check. Raises DataFileError for what is no table of categories, OSError where it cannot be opened."""
    rows = list(csv.reader(io.StringIO(_decoded(path.read_bytes()), newline="")))
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise DataFileError("The file is empty.")
    names, has_frequency = _header(rows[0])
    lines = [line for line, row in enumerate(rows[1:], 2) if row]  # a line of commas is a person, an empty one is not
    body = [rows[line - 1] for line in lines]
    if not body:
        raise DataFileError("The file has a header and no rows: it needs one row per person.")
    width = len(names) + has_frequency
    for line, row in zip(lines, body, strict=True):
        if len(row) != width:
            raise DataFileError(f"Line {line} has {len(row)} cells, the header has {width}.")
    weights = _frequencies([row[-1] for row in body], lines) if has_frequency else np.ones(len(body))
    answers = _answers([row[: len(names)] for row in body], names, lines)
    counted = weights > 0
    if not counted.any():
        raise DataFileError("Every row has the frequency 0: nobody answered.")
    base = _base(answers)
    codes = np.where(answers == MISSING, MISSING, answers - base)[counted]
    return DataFile(names, Responses.of(codes, weights[counted]), base)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
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


def _frequencies(cells: list[str], lines: list[int]) -> np.ndarray:
    weights = np.empty(len(cells))
    for place, (cell, line) in enumerate(zip(cells, lines, strict=True)):
        weights[place] = value = _whole(cell)
        if not value >= 0 or value > 1e12:
            raise DataFileError(f"Line {line}, column freq: {cell!r} is not a number of people.")
    return weights


def _answers(body: list[list[str]], names: list[str], lines: list[int]) -> np.ndarray:
    """All categories as written, -1 for blank. Each text is read once, however many cells hold it."""
    values: dict[str, int] = {}
    wrong: dict[str, list[str]] = {}
    table = np.empty((len(body), len(names)), dtype=np.int16)
    for place, row in enumerate(body):
        try:
            table[place] = [values[cell] for cell in row]
        except KeyError:
            for column, cell in enumerate(row):
                if cell not in values:
                    value = MISSING if cell.strip() in BLANK else _whole(cell)
                    if value != value or value > HIGHEST or (value < 0 and cell.strip() not in BLANK):
                        wrong.setdefault(names[column], []).append(f"line {lines[place]}: {cell.strip()[:40]!r}")
                        table[place, column] = MISSING
                        continue
                    values[cell] = int(value)
                table[place, column] = values[cell]
    if wrong:
        raise DataFileError(_said(wrong))
    return table


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


def _base(answers: np.ndarray) -> int:
    """0 or 1: what the file calls its lowest category. Without a 0 anywhere it counts from 1."""
    seen = answers[answers != MISSING]
    return 1 if seen.size and seen.min() >= 1 else 0


def categories_as_written(kept: Integers, base: int) -> list[int]:
    """The numbers the file uses for the categories of an item."""
    return [int(category) + base for category in kept]
