"""How large a file may be, and why one is refused."""

from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024


class Fault(StrEnum):
    """Why nothing can be read from a file; whoever reads it has a sentence for each."""

    TOO_LARGE = "too_large"  # with limit, in MB
    WRONG_FORMAT = "wrong_format"
    XML_BROKEN = "xml_broken"  # with line and column
    XML_HOSTILE = "xml_hostile"
    ZIP_BROKEN = "zip_broken"
    ZIP_HOSTILE = "zip_hostile"


class FileRefused(Exception):
    """A file nothing can be read from: broken, hostile, past a limit or of another format.

    `code` is a `Fault`, or what the reader of a format adds; `values` are what its sentence names.
    """

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values = values
        super().__init__(code)
