"""Builds the demo centre in an empty database."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.demo.build import build
from training.people.models import Centre

FEWEST = 60


class Command(BaseCommand):
    """Make the demo centre; its date is its only clock."""

    help = "Build the demo centre: staff, policies, courses, exams, mentorships and their history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--staff", type=int, default=120, help=f"how many people (default 120, at least {FEWEST})")
        parser.add_argument("--today", type=date.fromisoformat, help="the day it is built for, YYYY-MM-DD")

    def handle(self, *args: Any, staff: int, today: date | None, **options: Any) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError("Demo accounts exist only under demo settings.")
        if Centre.objects.exists():
            raise CommandError("There is a centre in this database already. Build the demo in an empty one.")
        if staff < FEWEST:
            raise CommandError(f"The demo needs {FEWEST} people at least.")
        build(number=staff, today=today or timezone.localdate(), say=lambda step: self.stdout.write(f"  {step}"))
