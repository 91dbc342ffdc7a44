"""Running what is due."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from training.operations.models import TickRun

logger = logging.getLogger(__name__)


def run_tick(*, now: datetime) -> list[str]:
    """Run every task of the tick once and return the names of those that failed; one failing does not stop the rest."""
    failed = []
    for name in settings.TICK_TASKS:
        run, _created = TickRun.objects.get_or_create(task=name)
        run.started_at, run.error = now, ""
        try:
            import_string(name)(now=now)
        except Exception as error:  # a broken task must not stop the others; it is logged and shown to the operator
            logger.exception("tick task failed: %s", name)
            run.error = f"{type(error).__name__}: {error}"[:2000]
            failed.append(name)
        run.finished_at = now
        run.save()
    return failed
