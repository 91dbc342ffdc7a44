"""Reads CSV as the offices of a service centre really save it."""

import codecs
import csv
import io

from django.utils.translation import gettext as _

from .neutral import restored
from .table import MAX_CELL_CHARACTERS, Fault, Table, TableBuilder, TableError

DELIMITERS = ",;\t"
LOOK_AHEAD = 20_000
"""Characters of the first line that decide the delimiter."""
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(data: bytes, *, name: str) -> Table:
    """Raise `TableError` when the bytes are not text, a quotation mark never closes or a cell is faulty."""
    encoding = encoding_of(data, name)
    # strict: an unclosed quotation mark is an error, not a cell that swallows the rest of the file
    reader = csv.reader(lines_of(data, encoding), delimiter=likely_delimiter(data, encoding), strict=True)
    builder = TableBuilder(name)
    line = 1
    try:
        for record in reader:
            builder.add(line, {column: restored(cell) for column, cell in enumerate(record) if cell})
            line = reader.line_num + 1
    except csv.Error:
        facts = {"limit": f"{MAX_CELL_CHARACTERS:,}"}
        text = _("the quotation marks do not match, or a cell has more than %(limit)s characters.") % facts
        raise TableError(name, [*builder.faults, Fault(text, line)]) from None
    return builder.finish()


def encoding_of(data: bytes, name: str) -> str:
    """By the byte order mark, else UTF-8, else GB18030, of which GBK and GB2312 are parts."""
    candidates = ["utf-16"] if data.startswith(UTF_16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            if "\0" not in data.decode(encoding):
                return encoding
        except UnicodeDecodeError:
            continue
    raise TableError(name, [Fault(_("not a table: save it as .xlsx, or as CSV in UTF-8 or GBK."))])


def lines_of(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def likely_delimiter(data: bytes, encoding: str) -> str:
    """The delimiter that cuts the first line with text into most cells; a comma when none does."""
    first = next((line for line in lines_of(data, encoding) if line.strip()), "")[:LOOK_AHEAD]
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))
