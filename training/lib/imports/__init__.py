"""Lists that come in from files and go out again: one way for every kind, whatever the rows stand for.

An app declares an import by a class on `Import` (or `RecordImport`, where a row is one record with a key) and the
settings name it in `IMPORTS`. Files are read by `training.lib.tables`, headings are matched with columns here, a plan
says what would change, and only then is anything written.
"""

from .cells import Cells, shown
from .columns import Column, texts_columns
from .kinds import Import, all_imports, import_of
from .matching import Layout, guess, header_key, is_reason, matched, missing
from .plans import Change, Difference, Plan, Progress, Silent
from .records import Entry, RecordImport, Step
from .rejects import rejects_of

__all__ = [
    "Cells",
    "Change",
    "Column",
    "Difference",
    "Entry",
    "Import",
    "Layout",
    "Plan",
    "Progress",
    "RecordImport",
    "Silent",
    "Step",
    "all_imports",
    "guess",
    "header_key",
    "import_of",
    "is_reason",
    "matched",
    "missing",
    "rejects_of",
    "shown",
    "texts_columns",
]
