"""Reads the first visible sheet of an XLSX file as a stream: what stays in memory is the table, never a tree.

openpyxl builds each row as a tree before anyone can count its cells, so that 50 MB of tiny elements take a gigabyte,
and it takes the date formats of Chinese editions for numbers. What it knows of formats and of days is used here.
"""

import posixpath
import zipfile
import zlib
from typing import TypeVar
from xml.sax import SAXException

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from .table import Table, TableBuilder
from .xlsx_archive import open_archive
from .xlsx_parts import Part, Relations, SharedTexts, Styles, Workbook, parse
from .xlsx_sheet import SheetPart

AnyPart = TypeVar("AnyPart", bound=Part)
BROKEN = (
    DefusedXmlException,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OverflowError,
    SAXException,
    StopIteration,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""All that a file may cause which is not the workbook it says it is."""


def read_xlsx(data: bytes, *, name: str) -> Table:
    """Raise `TableError` when the file is hostile, broken or past a limit, or when a cell is faulty."""
    builder = TableBuilder(name)
    try:
        with open_archive(data, name) as archive:
            fill(builder, archive)
    except BROKEN:
        text = _("the file is damaged or not an Excel workbook. Open it, save it again as .xlsx and try again.")
        raise builder.refuse(text) from None
    return builder.finish()


def fill(builder: TableBuilder, archive: zipfile.ZipFile) -> None:
    start = read_relations(archive, "")
    path = target("", start.by_role["officeDocument"])
    relations = read_relations(archive, path)
    workbook = read_part(archive, path, Workbook())
    if workbook.sheet is None:
        raise builder.refuse(_("no sheet is visible."))
    texts, styles = SharedTexts(), Styles()
    if "sharedStrings" in relations.by_role:
        read_part(archive, target(path, relations.by_role["sharedStrings"]), texts)
    if "styles" in relations.by_role:
        read_part(archive, target(path, relations.by_role["styles"]), styles)
    sheet = SheetPart(builder, texts.texts, styles.formats, from_1904=workbook.from_1904)
    read_part(archive, target(path, relations.by_id[workbook.sheet]), sheet)


def read_part(archive: zipfile.ZipFile, path: str, part: AnyPart) -> AnyPart:
    """Raise one of `BROKEN` when the part is missing or no XML."""
    with archive.open(path) as stream:
        parse(stream, part)
    return part


def read_relations(archive: zipfile.ZipFile, path: str) -> Relations:
    folder, file = posixpath.split(path)
    return read_part(archive, posixpath.join(folder, "_rels", f"{file}.rels"), Relations())


def target(source: str, reference: str) -> str:
    """The path inside the archive that a relation of the part `source` points to."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), reference)).lstrip("/")
