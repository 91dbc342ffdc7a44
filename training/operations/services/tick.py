"""Running what is due, once, however many ticks run."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from training.operations import rules
from training.operations.models import TickRun

logger = logging.getLogger(__name__)

# A running task's lock; its process renews it every ten seconds, so that only a killed one loses it.
LEASE = timedelta(seconds=60)


def run_tick(
    *,
    now: datetime,
    spacing: timedelta = timedelta(0),
    holder: str = "",
    clock: Callable[[], datetime] | None = None,
) -> list[str]:
    """Run every task that is due and that nobody else runs; return the names of those that failed.

    One failing does not stop the rest. `holder` names the process that renews the locks; `clock` tells when a task
    began and ended, without it all does at `now`.
    """
    clock = clock or (lambda: now)
    holder = holder or str(uuid4())
    scheduled = rules.schedule(settings.TICK_TASKS)
    TickRun.objects.bulk_create((TickRun(task=one.task) for one in scheduled), ignore_conflicts=True)
    runs = TickRun.objects.in_bulk((one.task for one in scheduled), field_name="task")
    return [
        one.task
        for one in scheduled
        if _claim(runs[one.task], one.how_often, spacing=spacing, holder=holder, now=clock())
        and not _run(one.task, now=now, holder=holder, clock=clock)
    ]


def renew_locks(*, holder: str, now: datetime) -> None:
    """Keep what this process runs its own for a while longer."""
    TickRun.objects.filter(claimed_by=holder).update(claimed_until=now + LEASE)


def _claim(run: TickRun, how_often: str, *, spacing: timedelta, holder: str, now: datetime) -> bool:
    """Take the task if it is due: of several who do at once the row lets one through.

    What the holder has claimed already it could not give back: the database was away when the task ended.
    """
    due = rules.due_since(how_often, run.last_run, now=timezone.localtime(now), spacing=spacing)
    if due is None:
        return False
    free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by=holder)
    unchanged = TickRun.objects.filter(free, pk=run.pk, started_at=run.started_at, finished_at=run.finished_at)
    taken = {"started_at": now, "finished_at": None, "claimed_by": holder, "claimed_until": now + LEASE}
    return bool(unchanged.update(due_at=due, **taken))


def _run(task: str, *, now: datetime, holder: str, clock: Callable[[], datetime]) -> bool:
    error = ""
    try:
        import_string(task)(now=now)
    except Exception as failure:  # a broken task must not stop the others; it is logged and shown to the operator
        logger.exception("tick task failed: %s", task)
        error = f"{type(failure).__name__}: {failure}"[:2000]
    mine = TickRun.objects.filter(task=task, claimed_by=holder)
    mine.update(finished_at=clock(), error=error, claimed_by="", claimed_until=None)
    return not error
