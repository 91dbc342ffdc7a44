"""Jobs in each state, as the worker leaves them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from training.operations.models import Job, Process
from training.operations.progress import Cancelled, Progress

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class JobFactory(DjangoModelFactory):
    """A job that waits; with `running`, `failed` or `done_with_file` one further on."""

    class Meta:
        model = Job

    class Params:
        running = factory.Trait(
            state=Job.State.RUNNING, claim=factory.LazyFunction(uuid4), attempts=1, began_at=NOW, heartbeat_at=NOW
        )
        failed = factory.Trait(
            state=Job.State.FAILED, attempts=1, error="ValueError: no such door", began_at=NOW, finished_at=NOW
        )
        done_with_file = factory.Trait(
            state=Job.State.DONE,
            attempts=1,
            finished_at=NOW,
            file=factory.LazyFunction(lambda: ContentFile(b"number,name\n", name=f"jobs/{uuid4()}")),
            file_name="staff.csv",
            file_type="text/csv",
        )

    task = "tests.operations.jobs.count"
    label = factory.LazyFunction(lambda: {"en": "Count", "zh-hans": "计数"})
    started_by_name = "test"
    queued_at = NOW - timedelta(minutes=1)
    enqueued_at = factory.SelfAttribute("queued_at")


class ProcessFactory(DjangoModelFactory):
    """A worker that lives at NOW."""

    class Meta:
        model = Process

    kind = Process.Kind.WORKER
    name = factory.Sequence(lambda n: f"process-{n}")
    host = "hall"
    number = factory.Sequence(lambda n: n + 1)
    version = "0.1.0"
    started_at = NOW - timedelta(hours=1)
    seen_at = NOW


class CancelledAfter(Progress):
    """The progress of a job that is cancelled once so many steps are done."""

    def __init__(self, steps: int, **columns: Any) -> None:
        super().__init__(JobFactory(running=True, **columns))
        self.steps = steps

    def advance(self, n: int = 1) -> None:
        super().advance(n)
        if self.done >= self.steps:
            raise Cancelled
