"""Lists that are taken out."""

from datetime import datetime

from django.db import transaction

from training.lib.imports import Import
from training.operations.services import record
from training.people.models import User


@transaction.atomic
def record_list_export(*, kind: Import, rows: int, file_format: str, by: User, at: datetime) -> None:
    """Record that somebody exports what is on record of a kind, as far as they may import it."""
    after = {"kind": kind.kind, "rows": rows, "format": file_format}
    record(action="imports.exported", by=by, subject=by, at=at, after=after)
