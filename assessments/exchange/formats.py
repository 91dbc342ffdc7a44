"""Which format a file is of, by what is in it and not by its name."""

from collections.abc import Callable
from typing import Protocol

from training.lib.office import Archive, FileRefused, is_zip
from training.lib.office.word import DOCUMENT

from .aiken import is_aiken, read_aiken
from .canvas import is_canvas, read_canvas
from .gift import is_gift, read_gift
from .moodle import is_moodle, read_moodle
from .packages import read_package
from .plain import decoded
from .qti2 import is_qti2, read_qti2
from .report import Format, ReadFile, Told
from .text import is_text, read_text
from .trees import tree
from .word import read_word

OLE_START = b"\xd0\xcf\x11\xe0"
WORKBOOK = "xl/workbook.xml"
LOOK_AHEAD = 400_000
"""Characters that decide which of the plain formats a text is in."""


class Reader(Protocol):
    def __call__(self, data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile: ...


def _qti2(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    read = read_package if is_zip(data) else read_qti2
    return read(data, language=language, source=source, languages=languages)


def _canvas(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    read = read_package if is_zip(data) else read_canvas
    return read(data, language=language, source=source, languages=languages)


READERS: dict[Format, Reader] = {
    Format.TEXT: read_text,
    Format.WORD: read_word,
    Format.GIFT: read_gift,
    Format.AIKEN: read_aiken,
    Format.MOODLE: read_moodle,
    Format.QTI2: _qti2,
    Format.CANVAS: _canvas,
}


def recognise(data: bytes) -> Format:
    """Return the format of a file. Raises FileRefused for one that is none of ours, broken or hostile."""
    if not data.strip():
        raise FileRefused(Told.EMPTY)
    if data.startswith(OLE_START):
        raise FileRefused(Told.OLD_OFFICE)
    if is_zip(data):
        return _of_zip(Archive(data))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_xml(data)
    return _of_text(decoded(data))


def read(data: bytes, format_: Format, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a file of any format but a workbook, whose rows somebody has to take out first (`sheets.read_rows`)."""
    return READERS[format_](data, language=language, source=source, languages=languages)


def _of_zip(archive: Archive) -> Format:
    if WORKBOOK in archive.names:
        return Format.XLSX
    return Format.WORD if DOCUMENT in archive.names else Format.QTI2


def _of_xml(data: bytes) -> Format:
    root = tree(data)
    for format_, is_one in ((Format.MOODLE, is_moodle), (Format.CANVAS, is_canvas), (Format.QTI2, is_qti2)):
        if is_one(root):
            return format_
    raise FileRefused(Told.UNKNOWN_FORMAT)


def _of_text(text: str) -> Format:
    beginning = text[:LOOK_AHEAD]
    looks: tuple[tuple[Format, Callable[[str], bool]], ...] = (
        (Format.AIKEN, is_aiken),
        (Format.GIFT, is_gift),
        (Format.TEXT, is_text),
    )
    for format_, is_one in looks:
        if is_one(beginning):
            return format_
    raise FileRefused(Told.UNKNOWN_FORMAT)
