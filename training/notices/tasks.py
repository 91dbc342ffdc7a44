"""What the tick does for notices, and the job that sends them."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from training.operations.models import Job
from training.operations.services import start_job

from . import queries, services

DELIVER = "training.notices.tasks.deliver"
# So many, then another job: on one worker an exam's certificate must not wait for ten thousand mails.
MOST_AT_ONCE = 200
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)


def plan_digest(*, now: datetime) -> None:
    """Queue the weekly digest when its hour has come."""
    services.plan_digest(now=now)


def send_due(*, now: datetime) -> None:
    """Start the job that sends what waits, unless one is at it."""
    services.give_up_broken_off(now=now)
    if queries.has_due(now=now) and not Job.objects.filter(task=DELIVER, state__in=UNFINISHED).exists():
        label = {"en": "Sending notices", "zh-hans": "发送通知"}
        start_job(task=DELIVER, arguments={}, by="tick", at=now, label=label)


def deliver(*, progress: Any) -> dict[str, int]:
    """Send what is due, up to `MOST_AT_ONCE`; killed half-way and begun again it sends nothing twice."""
    ended: dict[str, int] = {}
    progress.start(MOST_AT_ONCE)
    for delivery in services.deliver_due(clock=timezone.now, most=MOST_AT_ONCE):
        ended[delivery.state] = ended.get(delivery.state, 0) + 1
        progress.advance()
    return ended
