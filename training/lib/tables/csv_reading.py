"""Reads CSV as the offices of a service centre really save it."""

import codecs
import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .neutral import restored
from .table import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_LINES, Fault, Table, TableBuilder, TableError

DELIMITERS = ",;\t"
LOOK_AHEAD = 20_000
"""Characters of the first line that decide the delimiter."""
MAX_RECORD_CHARACTERS = MAX_COLUMNS * (MAX_CELL_CHARACTERS + len('"",'))
CHUNK_CHARACTERS = 64 * 1024
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(data: bytes, *, name: str) -> Table:
    """Raise `TableError` when the bytes are not text, a quotation mark never closes or a cell is faulty."""
    encoding = encoding_of(data, name)
    lines = BoundedLines(opened(data, encoding))
    # strict: an unclosed quotation mark is an error, not a cell that swallows the rest of the file
    reader = csv.reader(lines, delimiter=likely_delimiter(data, encoding), strict=True)
    builder = TableBuilder(name)
    line = 1
    try:
        for record in reader:
            if reader.line_num > MAX_LINES:
                raise builder.too_many_rows()
            builder.add(line, {column: restored(cell) for column, cell in enumerate(record) if cell})
            line = reader.line_num + 1
            lines.begin_record()
    except csv.Error:
        text = _("the line cannot be cut into cells: its quotation marks do not match, or it is too long.")
        raise TableError(name, [*builder.faults, Fault(text, line)]) from None
    return builder.finish()


class BoundedLines:
    """The lines of a file; raises `csv.Error` when one record takes more characters than a table's row may have."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.stream = stream
        self.left = MAX_RECORD_CHARACTERS

    def begin_record(self) -> None:
        self.left = MAX_RECORD_CHARACTERS

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.stream.readline(self.left + 1)
        if not line:
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise csv.Error("the record is too long")
        return line


def encoding_of(data: bytes, name: str) -> str:
    """By the byte order mark, else UTF-8, else GB18030, of which GBK and GB2312 are parts."""
    candidates = ["utf-16"] if data.startswith(UTF_16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        if is_text(data, encoding):
            return encoding
    raise TableError(name, [Fault(_("not a table: save it as .xlsx, or as CSV in UTF-8 or GBK."))])


def is_text(data: bytes, encoding: str) -> bool:
    stream = opened(data, encoding)
    try:
        return not any("\0" in chunk for chunk in iter(lambda: stream.read(CHUNK_CHARACTERS), ""))
    except UnicodeDecodeError:
        return False


def opened(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def likely_delimiter(data: bytes, encoding: str) -> str:
    """The delimiter that cuts the first line with text into most cells; a comma when none does."""
    stream = opened(data, encoding)
    first = next((line for line in iter(lambda: stream.readline(LOOK_AHEAD), "") if line.strip()), "")
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))
