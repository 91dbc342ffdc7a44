"""Making copies of personal data, and letting them go."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from . import services
from .models import PersonalCopy


def make_copy(*, progress: Any, copy: str) -> None:
    """Make the copy of that id; nothing when it was let go meanwhile."""
    found = PersonalCopy.objects.select_related("person", "asked_by").filter(pk=copy).first()
    if found is not None:
        services.make_copy(copy=found, progress=progress, at=timezone.now())


def discard_expired_copies(*, now: datetime) -> None:
    """Delete the copies whose week is over."""
    services.discard_expired(at=now)
