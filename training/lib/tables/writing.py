"""Writes tables row by row, so that an export of any size needs little memory and nothing in it runs."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format

from .neutral import neutralised, unambiguous

CHUNK_CHARACTERS = 32 * 1024
XLSX_TEXT_LIMIT = 32_767
XLSX_TITLE_LIMIT = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
XLSX_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

Plain = str | int | float | Decimal | date


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; the first of `rows` holds the headings, `widths` are in characters, column by column."""

    title: str
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the table as CSV in chunks, in UTF-8 with the mark by which Excel knows it.

    Text that a spreadsheet program might run gets a leading apostrophe, which `read_table` takes away again;
    numbers and dates given as such stay bare. Times are written in the current time zone.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([csv_cell(plain(value)) for value in row])
        if buffer.tell() > CHUNK_CHARACTERS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook of text, numbers and dates to `file`; no cell becomes a formula or a link.

    Text beyond the format's 32,767 characters is cut and ends in an ellipsis.
    """
    with xlsxwriter.Workbook(file, XLSX_OPTIONS) as workbook:
        writer = XlsxWriter(workbook)
        for sheet in sheets:
            writer.write(sheet)


class XlsxWriter:
    """Writes the sheets of one workbook, each under a title of its own."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.workbook = workbook
        self.titles: set[str] = set()
        self.heading = workbook.add_format({"bold": True})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, sheet: Sheet) -> None:
        worksheet = self.workbook.add_worksheet(self.free_title(sheet.title))
        worksheet.freeze_panes(1, 0)
        for column, width in enumerate(sheet.widths):
            worksheet.set_column(column, column, width)
        for line, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                cell = plain(value)
                if cell == "":
                    continue
                if isinstance(cell, str):
                    worksheet.write_string(line, column, xlsx_text(cell), self.heading if line == 0 else None)
                elif isinstance(cell, date):
                    worksheet.write_datetime(line, column, cell, self.date_format(cell))
                else:
                    worksheet.write_number(line, column, cell)

    def date_format(self, value: date) -> Format:
        return self.moment if isinstance(value, datetime) else self.day

    def free_title(self, wanted: str) -> str:
        """The title as the format allows it, with a number after it when another sheet has it already."""
        stem = NOT_IN_TITLES.sub(" ", wanted).strip().strip("'") or "Sheet"
        title, number = stem[:XLSX_TITLE_LIMIT], 1
        while title.casefold() in self.titles:
            number += 1
            ending = f" {number}"
            title = stem[: XLSX_TITLE_LIMIT - len(ending)] + ending
        self.titles.add(title.casefold())
        return title


def plain(value: object) -> Plain:
    """The value as a finite number, a date, a time without zone in the current time zone, or text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        return value if math.isfinite(value) else ""
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    return value if isinstance(value, date) else str(value)


def csv_cell(value: Plain) -> str:
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else format(value, "f" if isinstance(value, Decimal) else "")


def xlsx_text(text: str) -> str:
    safe = unambiguous(text)
    return safe if len(safe) <= XLSX_TEXT_LIMIT else safe[: XLSX_TEXT_LIMIT - 1] + "…"
