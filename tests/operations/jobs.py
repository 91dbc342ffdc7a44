"""What the jobs of these tests do."""

import io
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
