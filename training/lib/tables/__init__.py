"""Tables in and out: XLSX and CSV files read as text within limits, and written so that nothing in them runs."""

from .reading import MAX_FILE_BYTES, read_table, read_tables
from .table import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS, Fault, Row, Table, TableError
from .writing import Sheet, write_csv, write_xlsx
from .xlsx_archive import MAX_UNPACKED_BYTES

__all__ = [
    "MAX_CELL_CHARACTERS",
    "MAX_COLUMNS",
    "MAX_FILE_BYTES",
    "MAX_ROWS",
    "MAX_UNPACKED_BYTES",
    "Fault",
    "Row",
    "Sheet",
    "Table",
    "TableError",
    "read_table",
    "read_tables",
    "write_csv",
    "write_xlsx",
]
