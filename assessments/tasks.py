"""What the tick does for exams; calibrations and regrades as jobs."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from assessments import services
from assessments.models import Calibration, Regrade
from assessments.services import exchange


def finalise_due(*, now: datetime) -> None:
    """Hand in what is overdue; raise at the end for those that failed, so that the tick shows it to the operator."""
    failed = services.finalise_due(now=now).failed
    if failed:
        raise RuntimeError(f"Attempts not finalised, tried again on the next round: {failed}")


def open_next_parts(*, now: datetime) -> None:
    """Close the parts whose time is up and open the next ones; raise at the end for those that failed."""
    failed = services.open_next_due(now=now)[1]
    if failed:
        raise RuntimeError(f"Attempts that did not get to their next part, tried again on the next round: {failed}")


def release_due(*, now: datetime) -> None:
    """Close the marking of what is marked, then release what the rules of the exams say; raise for what failed."""
    failed = [*services.settle_marking(now=now)[1], *services.release_by_rule(now=now)[1]]
    if failed:
        raise RuntimeError(f"Attempts not released, tried again on the next round: {failed}")


def discard_expired_uploads(*, now: datetime) -> None:
    """Forget files of items that nobody imported or called off."""
    exchange.discard_expired_uploads(now=now)


def discard_unused_media(*, now: datetime) -> None:
    """Delete the pictures and recordings that no item shows."""
    services.discard_unused(now=now)


def estimate(*, progress: Any, calibration: int) -> None:
    """Work out the calibration of that id; nothing when it has a result."""
    found = Calibration.objects.select_related("bank").get(pk=calibration)
    services.estimate(calibration=found, progress=progress, at=timezone.now())


def work_out_regrade(*, progress: Any, regrade: int) -> None:
    """Work out the preview of the regrade of that id; nothing when it has one."""
    services.work_out_regrade(regrade=_regrade(regrade), progress=progress, at=timezone.now())


def apply_regrade(*, progress: Any, regrade: int) -> None:
    """Apply what is left of the approved regrade of that id."""
    services.apply_regrade(regrade=_regrade(regrade), progress=progress, at=timezone.now())


def _regrade(pk: int) -> Regrade:
    related = ("item_version", "key_from", "exam", "undoes", "asked_by", "decided_by")
    return Regrade.objects.select_related(*related).get(pk=pk)
