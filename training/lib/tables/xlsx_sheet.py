"""Turns the cells of a sheet into text as people mean it, and names the cells that cannot be taken."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from xml.sax.xmlreader import AttributesImpl

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from .neutral import restored
from .table import MAX_COLUMNS, MAX_LINES, TableBuilder
from .xlsx_parts import TextPart

EXACT_DIGITS = 15
"""A spreadsheet program keeps no more of a number: the rest of an 18-digit one is already lost."""
FORMAT_COLUMNS = 16_384
"""Blank cells may reach so far, as blank lines may."""
COORDINATE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
PADDED = re.compile("0{2,}")


class NoTextError(Exception):
    """A cell that has no text to take; the message says why, as the end of a sentence."""


class SheetPart(TextPart):
    """Feeds the builder with the lines of a sheet."""

    def __init__(
        self, builder: TableBuilder, texts: Sequence[str], formats: Sequence[str], *, from_1904: bool = False
    ) -> None:
        super().__init__()
        self.builder = builder
        self.texts = texts
        self.formats = formats
        self.epoch = MAC_EPOCH if from_1904 else WINDOWS_EPOCH
        self.line = 0
        self.cells: dict[int, str] = {}
        self.column = -1
        self.kind = "n"
        self.style = 0
        self.is_formula = False

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        super().start(tag, attributes)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "f":
            self.is_formula = True
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "mergeCell":
            self._refuse_merged(attributes["ref"])

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == "c":
            self._end_cell()
        elif tag == "row" and self.cells:
            self.builder.add(self.line, self.cells)
            self.cells = {}

    def _begin_row(self, attributes: AttributesImpl) -> None:
        self.line = int(attributes.get("r") or self.line + 1)
        self.column = -1
        if self.line > MAX_LINES:
            raise self.builder.too_many_rows()

    def _begin_cell(self, attributes: AttributesImpl) -> None:
        place = attributes.get("r")
        self.column = column_of(place) if place else self.column + 1
        if self.column >= FORMAT_COLUMNS:
            raise ValueError("more columns than the format has")
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))
        self.is_formula = False
        self.take()

    def _end_cell(self) -> None:
        raw = self.take()
        if self.is_formula:
            self.builder.fault(self.line, self.column, _("a formula. Put its value in its place."))
        elif not raw.strip():
            return
        if self.column >= MAX_COLUMNS:
            raise self.builder.refuse(_("more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
        try:
            text = self._text(raw)
        except NoTextError as reason:
            self.builder.fault(self.line, self.column, str(reason))
            text = raw
        self.cells[self.column] = text

    def _text(self, raw: str) -> str:
        """Raise `NoTextError` for what must not be taken, `ValueError` or `IndexError` for what cannot be."""
        if self.is_formula:
            return raw or "="
        if self.kind == "s":
            return restored(self.texts[int(raw)])
        if self.kind in ("inlineStr", "str"):
            return restored(raw)
        if self.kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if self.kind == "d":
            return text_of_moment(datetime.fromisoformat(raw))
        if self.kind == "e":
            raise NoTextError(_("the error %(error)s in place of a value.") % {"error": raw[:20]})
        return self._number(raw)

    def _number(self, raw: str) -> str:
        value = float(raw)
        code = self.formats[self.style] if self.style < len(self.formats) else "General"
        if is_date_format(code) and not is_timedelta_format(code):
            try:
                return text_of_moment(from_excel(value, self.epoch))
            except (OverflowError, ValueError):
                raise NoTextError(_("a number that is no date, shown as one.")) from None
        if abs(value) >= 10**EXACT_DIGITS:
            facts = {"digits": EXACT_DIGITS}
            raise NoTextError(_("a number of more than %(digits)d digits. Set the column to text and type it.") % facts)
        text = format(Decimal(format(value, f".{EXACT_DIGITS}g")), "f")
        return text.zfill(len(code)) if PADDED.fullmatch(code) else text

    def _refuse_merged(self, reference: str) -> None:
        """Merged cells come after all rows, so only those that touch the table are named."""
        first = COORDINATE.match(reference)
        if first is None or self.builder.header is None:
            return
        line, column = int(first[2]), column_of(first[0])
        if line <= self.builder.last_line and column < MAX_COLUMNS:
            facts = {"cells": reference[:20]}
            self.builder.fault(line, column, _("the cells %(cells)s are merged. Split them and fill each.") % facts)


def column_of(coordinate: str) -> int:
    """The column, from 0, of a cell such as C4; raise `ValueError` when it is none."""
    found = COORDINATE.match(coordinate)
    if found is None:
        raise ValueError(coordinate[:20])
    index = 0
    for letter in found[1]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def text_of_moment(moment: date | time) -> str:
    """ISO text: a date for midnight, else date and time, or the time alone."""
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time.min else moment.isoformat(" ", "seconds")
    return moment.isoformat()
