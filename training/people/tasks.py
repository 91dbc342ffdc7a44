"""What the worker and the tick do for people."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from training.lib.imports import Progress, Silent
from training.operations.models import ImportRun
from training.operations.progress import JobError

from . import services
from .services import importing


def check_import(*, run: str, progress: Progress | None = None) -> dict[str, Any]:
    """Say what a list would do; a list that is checked already or called off meanwhile is left alone."""
    found = ImportRun.objects.get(pk=run)
    if found.state == ImportRun.State.CHECKING:
        importing.check_import(run=found, at=timezone.now(), progress=progress or Silent())
    return counts(found)


def apply_import(*, run: str, progress: Progress | None = None) -> dict[str, Any]:
    """Write a list; after kill -9 the next try does it once."""
    found = ImportRun.objects.get(pk=run)
    try:
        return counts(importing.apply_import(run=found, at=timezone.now(), progress=progress or Silent()))
    except services.PeopleError as refusal:
        raise JobError(str(refusal)) from refusal


def counts(run: ImportRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in ("state", "created", "changed", "unchanged", "faulty")}


def discard_expired_uploads(*, now: datetime) -> None:
    """Forget lists that nobody confirmed, and refused rows of long ago."""
    importing.forget_expired(now=now)


def mirror_roles(*, now: datetime) -> None:
    """Let roles that begin or end today count in Django's groups too."""
    services.mirror_roles(today=timezone.localtime(now).date())
