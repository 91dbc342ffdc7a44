"""`manage.py serve`: the web server, the job worker and the tick under one supervisor."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from training.operations.serving import ServingError, serve


class Command(BaseCommand):
    help = "Serves the platform: web server, job worker and tick; the end of one ends all three."
    requires_system_checks: list[str] = []  # each of the three programs would only repeat them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            serve(host=host, port=port, settings=settings.SETTINGS_MODULE)
        except ServingError as error:
            raise CommandError(str(error), returncode=error.code) from error
