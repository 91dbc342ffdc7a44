"""django-tasks' worker, in place of its own command: seen while it lives, quiet while all is well, quick to end."""

import logging
import time
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django_tasks_db.management.commands import db_worker

from training.operations.models import Process
from training.operations.presence import present, this_process
from training.operations.progress import stopping

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 2.0


class Worker(db_worker.Worker):
    """Asks the running job to stop as well when it is asked itself: the job goes back to the queue at its next step."""

    def run(self) -> None:
        """Work until asked to stop; while the database is away, wait for it.

        A job that it broke off is taken up again by the reaper.
        """
        while self.running:
            try:
                super().run()
                return
            except (InterfaceError, OperationalError) as error:
                if connection.is_usable():
                    raise  # the database is there, and says no
                logger.warning("the database does not answer, waiting for it: %s", error)
                connection.close()
                time.sleep(SECONDS_BETWEEN_TRIES)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        stopping.set()
        super().shutdown(signum, frame)


class Command(db_worker.Command):
    help = "Run a background worker; -v 2 tells of every task, otherwise only of those that fail."

    def configure_logging(self, verbosity: int) -> None:
        super().configure_logging(verbosity)
        if verbosity == 1:
            for name in ("django_tasks", "django_tasks_db"):
                logging.getLogger(name).setLevel(logging.ERROR)

    def handle(self, *, verbosity: int, **options: Any) -> None:
        self.configure_logging(verbosity)
        process = this_process(Process.Kind.WORKER)
        worker = Worker(
            queue_names=options["queue_name"].split(","),
            excluded_queue_names=[name for name in options["exclude_queues"].split(",") if name],
            worker_id=process.name,  # by which the reaper tells the tasks of the dead from those of the living
            **{name: options[name] for name in ("interval", "batch", "backend_name", "startup_delay", "max_tasks")},
        )
        worker.configure_signals()
        with present(process):
            worker.run()
