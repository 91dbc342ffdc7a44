"""Runs what is due: once, or every so many seconds until stopped."""

import logging
import signal
import threading
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from training.operations import services
from training.operations.models import Process
from training.operations.presence import present, this_process

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run the tasks named in TICK_TASKS."""

    help = "Run what is due: finalise exams whose time is up, and so on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="keep running, once every so many seconds")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        process = this_process(Process.Kind.TICK)
        with present(process, also=lambda now: services.renew_locks(holder=process.name, now=now)):
            if every is None:
                failed = services.run_tick(now=timezone.now(), holder=process.name, clock=timezone.now)
                if failed:
                    raise CommandError("failed: " + ", ".join(failed))
                return
            self.keep_running(every, holder=process.name)

    def keep_running(self, every: int, *, holder: str) -> None:
        """Rounds until a signal asks for the end; one that the database does not answer is left out."""
        stop = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_received: stop.set())
        # Of two ticks the second finds the round done; a little less, so that one alone is never too early.
        spacing = timedelta(seconds=every * 0.8)
        while not stop.is_set():
            close_old_connections()
            try:
                services.run_tick(now=timezone.now(), spacing=spacing, holder=holder, clock=timezone.now)
            except Error as error:
                logger.warning("the database does not answer, this round of the tick is left out: %s", error)
                connection.close()
            stop.wait(every)
