"""What the worker does for matters."""

from typing import Any

from django.utils import timezone

from training.lib.imports import Progress, Silent
from training.operations.models import ImportRun

from .services import file_runs


def take_drafts(*, run: str, progress: Progress | None = None) -> dict[str, Any]:
    """Write the drafts of a file; after kill -9 the next try does it once."""
    found = ImportRun.objects.get(pk=run)
    done = file_runs.take_drafts(run=found, at=timezone.now(), progress=progress or Silent())
    return {name: getattr(done, name) for name in ("state", "created", "changed", "unchanged", "faulty")}
