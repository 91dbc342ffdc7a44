"""What the tick does for exams, and calibrations as jobs."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from assessments import services
from assessments.models import Calibration
from assessments.services import exchange


def finalise_due(*, now: datetime) -> None:
    """Hand in what is overdue; raise at the end for those that failed, so that the tick shows it to the operator."""
    failed = services.finalise_due(now=now).failed
    if failed:
        raise RuntimeError(f"Attempts not finalised, tried again on the next round: {failed}")


def release_due(*, now: datetime) -> None:
    """Close the marking of what is marked, then release what the rules of the exams say; raise for what failed."""
    failed = [*services.settle_marking(now=now)[1], *services.release_by_rule(now=now)[1]]
    if failed:
        raise RuntimeError(f"Attempts not released, tried again on the next round: {failed}")


def discard_expired_uploads(*, now: datetime) -> None:
    """Forget files of items that nobody imported or called off."""
    exchange.discard_expired_uploads(now=now)


def estimate(*, progress: Any, calibration: int) -> None:
    """Work out the calibration of that id; nothing when it has a result."""
    found = Calibration.objects.select_related("bank").get(pk=calibration)
    services.estimate(calibration=found, progress=progress, at=timezone.now())
