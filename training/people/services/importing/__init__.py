"""Lists brought in by people: kept, matched, checked, and then written as a whole or not at all."""

from .doing import apply_import, check_import
from .exporting import record_list_export
from .keeping import forget_expired, forget_rejects, planned_changes, rejected_rows
from .running import (
    ImportClosedError,
    begin_import,
    call_off,
    choose_columns,
    is_in_work,
    run_of,
    runs_seen_by,
    start_import,
)

__all__ = [
    "ImportClosedError",
    "apply_import",
    "begin_import",
    "call_off",
    "check_import",
    "choose_columns",
    "forget_expired",
    "forget_rejects",
    "is_in_work",
    "planned_changes",
    "record_list_export",
    "rejected_rows",
    "run_of",
    "runs_seen_by",
    "start_import",
]
