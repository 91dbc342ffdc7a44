"""Reads a table of people, items or results from a file that anyone may have made."""

from typing import IO

from django.utils.translation import gettext as _

from .csv_reading import read_csv
from .table import Fault, Table, TableError
from .xlsx_reading import read_xlsx

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
    if len(data) > MAX_FILE_BYTES:
        raise TableError(name, [Fault(_("the file is larger than %(limit)d MB.") % {"limit": MAX_FILE_BYTES >> 20})])
    if not data.strip():
        raise TableError(name, [Fault(_("the file is empty. The first line must hold the headings."))])
    if data.startswith(OLE_START):
        text = _("an Excel file of the old kind, or one with a password. Save it as .xlsx without a password.")
        raise TableError(name, [Fault(text)])
    if data.startswith(ZIP_START):
        return read_xlsx(data, name=name)
    return read_csv(data, name=name)
