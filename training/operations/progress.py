"""What a job's function is given: it tells how far it has come, learns whether to go on, leaves a file.

A function that runs as a job is written so that

- it may be killed at any line and called again: each step does nothing where it was done before;
- a step of some hundred rows is a transaction of its own, and `advance` comes after it. All in one transaction is right
  where all or nothing is meant; then all that is slow comes before it, for on SQLite nobody else writes meanwhile;
- it never writes to its own `Job` row.

The function's own thread only counts. Another one, with a connection of its own, writes count and heartbeat every two
seconds and reads whether somebody cancelled. So neither waits for a transaction of the other: on PostgreSQL they touch
different rows, on SQLite the report is put off when a transaction holds the database, and made as soon as it ends. A
long step without `advance` still has its heartbeat, and nobody pays for calling `advance` for every row.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from django.core.files import File
from django.db import Error, connection
from django.utils import timezone
from django.utils.functional import Promise

from training.operations.models import Job
from training.operations.patience import wait_only_briefly

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_REPORTS = 2.0


class Cancelled(Exception):
    """Somebody asked the job to stop: leave as after any exception, what is committed stays."""


class TakenOver(Cancelled):
    """The job was given to another run, or ended from outside: whatever this one does counts for nothing."""


class Interrupted(Cancelled):
    """The worker is about to stop: the job goes back to the queue."""


class JobError(Exception):
    """A failure that whoever started the job can do something about; `message` (lazy) says what, in each language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


# Set when this process was told to stop.
stopping = threading.Event()


class Progress:
    """How far one run of a job has come."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = 0
        self.total = 0
        self.file: dict[str, str] = {}
        self._end: type[Cancelled] | None = None

    def start(self, total: int) -> None:
        """Say how many steps there are, which may be said anew when more turn up."""
        self.total = total

    def advance(self, n: int = 1) -> None:
        """Say that `n` more steps are done. Raises `Cancelled` when the job is to stop here."""
        self.done += n
        if self._end:
            raise self._end
        if stopping.is_set():
            raise Interrupted

    def keep_file(self, name: str, content_type: str, file_object: IO[bytes]) -> None:
        """Keep the file as the job's result, for who started it and administrators to fetch; the last one counts."""
        file_object.seek(0)
        self.forget_file()
        kept = self.job.file.storage.save(f"jobs/{self.job.pk}/{self.job.claim}", File(file_object))
        self.file = {"file": kept, "file_name": name[:200], "file_type": content_type}

    def forget_file(self) -> None:
        """Delete the file this run has kept."""
        if self.file:
            self.job.file.storage.delete(self.file["file"])
        self.file = {}

    def report(self, *, now: datetime) -> None:
        """Write how far it is and that it lives, and read whether it is to stop: at the next `advance` it does."""
        mine = Job.objects.filter(pk=self.job.pk, claim=self.job.claim)
        if not mine.update(done=self.done, total=self.total, heartbeat_at=now):
            self._end = TakenOver
        elif mine.exclude(cancel_asked_at=None).exists():
            self._end = Cancelled


@contextmanager
def reported(job: Job) -> Iterator[Progress]:
    """While inside, the progress is reported by a thread of its own."""
    progress, over = Progress(job), threading.Event()
    reporter = threading.Thread(target=_keep_reporting, args=(progress, over), daemon=True, name="progress")
    reporter.start()
    try:
        yield progress
    finally:
        over.set()
        reporter.join()


def _keep_reporting(progress: Progress, over: threading.Event) -> None:
    try:
        while not over.wait(SECONDS_BETWEEN_REPORTS):
            try:
                wait_only_briefly()
                progress.report(now=timezone.now())
            except Error as error:  # the next report makes up for it
                logger.debug("progress of job %s put off: %s", progress.job.pk, error)
                connection.close()
    finally:
        connection.close()
