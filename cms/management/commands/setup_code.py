"""Prints the code that the set-up assistant asks for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms import services


class Command(BaseCommand):
    """Print the set-up code of an empty installation."""

    help = "Print the code that the set-up assistant of an empty installation asks for."

    def handle(self, *args: Any, **options: Any) -> None:
        if not services.is_empty():
            raise CommandError("This installation has been set up; there is no code any more.")
        self.stdout.write(services.setup_code())
