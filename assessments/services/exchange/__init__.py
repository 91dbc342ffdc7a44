"""Items in and out of files: what a file would do to a bank, doing it, and what is taken out."""

from .coming import ItemsComeIn, NothingChosen, import_items
from .going import Export, NothingToExport, export_items, record_export, template_file
from .keeping import discard_expired_uploads, forget_uploads, keep_upload, kept_upload, uploads_of
from .planning import Defaults, Plan, Row, Twin, plan_import
from .reading import CannotRead, format_name, read_file, recognised
from .words import sentence

__all__ = [
    "CannotRead",
    "Defaults",
    "Export",
    "ItemsComeIn",
    "NothingChosen",
    "NothingToExport",
    "Plan",
    "Row",
    "Twin",
    "discard_expired_uploads",
    "export_items",
    "forget_uploads",
    "format_name",
    "import_items",
    "keep_upload",
    "kept_upload",
    "plan_import",
    "read_file",
    "recognised",
    "record_export",
    "sentence",
    "template_file",
    "uploads_of",
]
