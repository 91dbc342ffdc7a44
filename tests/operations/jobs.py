"""What the jobs of these tests do."""

import io
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.operations.models import Job
from training.operations.progress import JobError, Progress
from training.operations.services import cancel_job


def count(*, progress: Progress, to: int = 3) -> dict[str, int]:
    progress.start(to)
    for _step in range(to):
        progress.advance()
    return {"counted": to}


def leave_file(*, progress: Progress, then_fail: bool = False) -> None:
    progress.keep_file("table.csv", "text/csv", io.BytesIO(b"first"))
    progress.keep_file("table.csv", "text/csv", io.BytesIO(b"number\n"))
    if then_fail:
        raise ValueError("secret detail")


def refuse(*, progress: Progress) -> None:
    raise JobError(_("Nothing yet"))


def return_what_is_no_json(*, progress: Progress) -> Any:
    return object()


def be_cancelled(*, progress: Progress) -> None:
    """Somebody cancels after the first of three steps, and the reporter hears of it."""
    progress.start(3)
    progress.advance()
    cancel_job(job=progress.job, by="test", at=timezone.now())
    progress.report(now=timezone.now())
    progress.advance()
    raise AssertionError("it went on")


SECONDS = 120


def write_rows(*, progress: Progress, folder: str, rows: int = 4) -> None:
    """Write each row unless it is there; after half of them wait in the middle until the test says to go on."""
    with (Path(folder) / "runs").open("a") as runs:
        runs.write(f"{progress.job.claim}\n")
    progress.start(rows)
    for number in range(rows):
        with transaction.atomic():
            Group.objects.get_or_create(name=f"row {number}")
        progress.advance()
        if number == rows // 2:
            (Path(folder) / "half").touch()
            wait_for(lambda: (Path(folder) / "go on").exists(), lambda: progress.advance(0))


def write_until_seen(*, progress: Progress) -> None:
    """Write in short transactions until what others see of the job has moved."""
    progress.start(1000)
    others_see = Job.objects.filter(pk=progress.job.pk, done__gt=0)

    def write_a_little() -> None:
        with transaction.atomic():
            Group.objects.get_or_create(name="written")
            Group.objects.filter(name="written").update(name="written")
        progress.advance()

    wait_for(others_see.exists, write_a_little)


def live_long_without_a_step(*, progress: Progress) -> None:
    """One long step, and what others see of its heartbeat moves all the same."""
    began = progress.job.heartbeat_at
    wait_for(Job.objects.filter(pk=progress.job.pk, heartbeat_at__gt=began).exists, lambda: None)


def wait_for(comes: Any, meanwhile: Any) -> None:
    until = time.monotonic() + SECONDS
    while not comes():
        meanwhile()
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


# What the tick of these tests runs.


def note_run(*, now: datetime) -> None:
    Group.objects.create(name=f"ran {Group.objects.count()}")


def fail(*, now: datetime) -> None:
    raise ValueError("no such door")
