"""Reads the visible sheets of an XLSX file as streams: what stays in memory are tables, never a tree.

openpyxl builds each row as a tree before anyone can count its cells, so that 50 MB of tiny elements take a gigabyte,
and it takes the date formats of Chinese editions for numbers. What it knows of formats and of days is used here.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from xml.sax import SAXException

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from .table import Fault, Table, TableBuilder, TableError, describe
from .xlsx_archive import open_archive
from .xlsx_parts import Part, Relations, SharedTexts, Styles, Workbook, parse
from .xlsx_sheet import SheetPart

MAX_SHEETS = 30
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
    with opened(data, name, builder) as book:
        if not book.sheets:
            raise builder.refuse(_("no sheet is visible."))
        book.fill(builder, book.sheets[0][1])
    return builder.finish()


def read_sheets(data: bytes, *, name: str, wanted: Callable[[str], bool], most: int) -> dict[str, Table]:
    """Read the visible sheets whose titles are wanted, but empty ones; otherwise as `read_xlsx`, for all sheets."""
    whole, builders = TableBuilder(name), {}
    with opened(data, name, whole) as book:
        chosen = [(title, path) for title, path in book.sheets if wanted(title)]
        if len(chosen) > MAX_SHEETS or len({path for _title, path in chosen}) < len(chosen):
            raise ValueError("more sheets than anybody asks for")
        for title, path in chosen:
            builders[title] = TableBuilder(f"{name}, {title}", most=most)
            book.fill(builders[title], path)
    faults = [fault for builder in builders.values() for fault in builder.faults]
    if faults:
        said = [describe(builder.name, fault) for builder in builders.values() for fault in builder.faults]
        raise TableError(name, [Fault(text) for text in said])
    return {title: builder.finish() for title, builder in builders.items() if builder.header is not None}


@dataclass(frozen=True)
class Book:
    """An open workbook: the titles and paths of its visible sheets, and what their cells refer to."""

    archive: zipfile.ZipFile
    sheets: Sequence[tuple[str, str]]
    texts: Sequence[str]
    formats: Sequence[str]
    from_1904: bool

    def fill(self, builder: TableBuilder, path: str) -> None:
        read_part(self.archive, path, SheetPart(builder, self.texts, self.formats, from_1904=self.from_1904))


@contextmanager
def opened(data: bytes, name: str, builder: TableBuilder) -> Iterator[Book]:
    """Open a workbook; whatever is broken in it, also while it is read, becomes a `TableError` of the builder's."""
    try:
        with open_archive(data, name) as archive:
            yield read_book(archive)
    except BROKEN:
        text = _("the file is damaged or not an Excel workbook. Open it, save it again as .xlsx and try again.")
        raise builder.refuse(text) from None


def read_book(archive: zipfile.ZipFile) -> Book:
    start = read_relations(archive, "")
    path = target("", start.by_role["officeDocument"])
    relations = read_relations(archive, path)
    workbook = read_part(archive, path, Workbook())
    texts, styles = SharedTexts(), Styles()
    if "sharedStrings" in relations.by_role:
        read_part(archive, target(path, relations.by_role["sharedStrings"]), texts)
    if "styles" in relations.by_role:
        read_part(archive, target(path, relations.by_role["styles"]), styles)
    sheets = [(title, target(path, relations.by_id[relation])) for title, relation in workbook.sheets]
    return Book(archive, sheets, texts.texts, styles.formats, workbook.from_1904)


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
