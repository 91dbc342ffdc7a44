"""Making copies of personal data and letting them go; erasures; retention."""

import logging
from datetime import datetime
from typing import Any

from django.utils import timezone

from training.lib.retention import all_kinds

from . import services
from .models import Erasure, PersonalCopy

logger = logging.getLogger(__name__)


def make_copy(*, progress: Any, copy: str) -> None:
    """Make the copy of that id; nothing when it was let go meanwhile."""
    found = PersonalCopy.objects.select_related("person", "asked_by").filter(pk=copy).first()
    if found is not None:
        services.make_copy(copy=found, progress=progress, at=timezone.now())


def erase(*, progress: Any, erasure: int) -> None:
    """Make somebody anonymous, as two people decided."""
    services.erase(
        erasure=Erasure.objects.select_related("person").get(pk=erasure), progress=progress, at=timezone.now()
    )


def discard_expired_copies(*, now: datetime) -> None:
    """Delete the copies whose week is over."""
    services.discard_expired(at=now)


def purge(*, now: datetime) -> None:
    """Forget what has been kept long enough; one kind failing does not stop the others, and is told at the end."""
    failed: list[Exception] = []
    for kind in all_kinds():
        try:
            services.purge(kind=kind, at=now)
        except Exception as failure:
            logger.exception("not purged: %s", kind.name)
            failed.append(failure)
    if failed:
        raise failed[0]
