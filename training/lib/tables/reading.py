"""Reads tables of people, items, results or matters from a file that anyone may have made."""

from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

from .csv_reading import read_csv
from .table import MAX_CELL_CHARACTERS, Fault, Table, TableError
from .xlsx_reading import read_sheets, read_xlsx

MAX_FILE_BYTES = 10 * 1024 * 1024
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0"


def read_table(file: IO[bytes], *, name: str) -> Table:
    """Read the first visible sheet of an XLSX file, or a CSV file, told apart by content and not by `name`.

    Every cell comes as text: dates as YYYY-MM-DD, whole numbers without a decimal point, outer white space gone.
    CSV may be UTF-8, UTF-16 or GBK/GB18030, separated by comma, semicolon or tab; a formula is plain text there and
    refused in XLSX. Raises `TableError` for a file that is hostile, broken, empty or past a limit, and for all
    faulty cells together.
    """
    data = file.read(MAX_FILE_BYTES + 1)
    require_acceptable(data, name)
    if data.startswith(ZIP_START):
        return read_xlsx(data, name=name)
    return read_csv(data, name=name)


def read_tables(
    data: bytes, *, name: str, wanted: Callable[[str], bool], most: int = MAX_CELL_CHARACTERS
) -> dict[str, Table]:
    """Read the visible sheets of an XLSX file whose titles are wanted, by title; empty ones are left out.

    `most` is how many characters a cell may have. Raises `TableError` as `read_table` does.
    """
    require_acceptable(data, name)
    if not data.startswith(ZIP_START):
        raise TableError(name, [Fault(_("the file is no Excel workbook."))])
    return read_sheets(data, name=name, wanted=wanted, most=most)


def require_acceptable(data: bytes, name: str) -> None:
    """Raise `TableError` for a file that is too large, empty or of the old kind."""
    if len(data) > MAX_FILE_BYTES:
        raise TableError(name, [Fault(_("the file is larger than %(limit)d MB.") % {"limit": MAX_FILE_BYTES >> 20})])
    if not data.strip():
        raise TableError(name, [Fault(_("the file is empty. The first line must hold the headings."))])
    if data.startswith(OLE_START):
        text = _("an Excel file of the old kind, or one with a password. Save it as .xlsx without a password.")
        raise TableError(name, [Fault(text)])
