"""Reading an uploaded file, a workbook included, which the pure readers only know as rows."""

import io

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessments import exchange
from assessments.exchange import FileRefused, Format, ReadFile
from assessments.permissions import Refused
from training.lib.tables import TableError, read_table

from .words import sentence

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
FORMATS = {
    Format.XLSX: _("XLSX template"),
    Format.TEXT: _("Plain text"),
    Format.WORD: _("Word (.docx)"),
    Format.GIFT: _("GIFT"),
    Format.AIKEN: _("Aiken"),
    Format.MOODLE: _("Moodle XML"),
    Format.QTI2: _("QTI 2.1 or 2.2"),
    Format.CANVAS: _("QTI 1.2 (Canvas)"),
}


class CannotRead(Refused):
    """A file nothing can be read from; `messages` say why."""

    code = "cannot_read"

    def __init__(self, messages: list[str]) -> None:
        super().__init__(messages)
        self.messages = messages

    def __str__(self) -> str:
        return " ".join(self.messages)


def format_name(format_: str) -> str:
    """Return what a format is called, in the reader's language."""
    return str(FORMATS[Format(format_)])


def recognised(data: bytes) -> Format:
    """Return the format of a file by its content. Raises `CannotRead`."""
    try:
        return exchange.recognise(data)
    except FileRefused as refused:
        raise CannotRead([sentence(exchange.note_of(refused))]) from refused


def read_file(data: bytes, format_: Format, *, name: str, language: str) -> ReadFile:
    """Read a file whose texts are in `language`, unless it names another. Raises `CannotRead`."""
    facts = {"language": language, "source": settings.LANGUAGE_CODE, "languages": LANGUAGES}
    try:
        if format_ is not Format.XLSX:
            return exchange.read(data, format_, **facts)  # type: ignore[arg-type]
        table = read_table(io.BytesIO(data), name=name)
        rows = ((row.line, row.cells) for row in table.rows)
        return exchange.read_rows(table.header, rows, **facts)  # type: ignore[arg-type]
    except TableError as error:
        raise CannotRead(error.messages) from error
    except FileRefused as refused:
        raise CannotRead([sentence(exchange.note_of(refused))]) from refused
