"""Questions in and out of files: formats other systems and offices use, read into drafts and written from them.

Pure: bytes or rows in, drafts out, and everything said that was lost, changed or refused. Nothing is kept silently.
"""

from training.lib.office import MOST_BYTES, FileRefused

from .canonical import canonical
from .formats import read, recognise
from .gift_writing import write_gift
from .moodle_writing import write_moodle
from .qti2_writing import write_qti2
from .report import (
    MOST_ITEMS,
    Format,
    Left,
    Note,
    Read,
    ReadFile,
    Told,
    Written,
    note,
    note_of,
)
from .sheet_columns import Column, template_columns
from .sheet_samples import SAMPLES
from .sheet_writing import write_rows
from .sheets import read_rows

__all__ = [
    "MOST_BYTES",
    "MOST_ITEMS",
    "SAMPLES",
    "Column",
    "FileRefused",
    "Format",
    "Left",
    "Note",
    "Read",
    "ReadFile",
    "Told",
    "Written",
    "canonical",
    "note",
    "note_of",
    "read",
    "read_rows",
    "recognise",
    "template_columns",
    "write_gift",
    "write_moodle",
    "write_qti2",
    "write_rows",
]
