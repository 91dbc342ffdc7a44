"""Runs what is due: once, or every so many seconds until stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from training.operations import services


class Command(BaseCommand):
    """Run the tasks named in TICK_TASKS."""

    help = "Run what is due: finalise exams whose time is up, and so on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="keep running, once every so many seconds")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        if every is None:
            failed = services.run_tick(now=timezone.now())
            if failed:
                raise CommandError("failed: " + ", ".join(failed))
            return
        stop = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_received: stop.set())
        while not stop.is_set():
            close_old_connections()
            services.run_tick(now=timezone.now())
            stop.wait(every)
