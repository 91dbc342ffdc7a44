"""What an operator asks: the queue, the tick, who lives, the database, the versions."""

import platform
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from training import VERSION
from training.operations import rules
from training.operations.models import Job, Process, TickRun

from .health import SEEN_LATELY

# A round comes every quarter of a minute; what has been due for longer than this is late.
PATIENCE = timedelta(minutes=2)
PACKAGES = {"Django": "django", "Wagtail": "wagtail", "django-tasks-db": "django-tasks-db"}


@dataclass(frozen=True)
class Queue:
    """How many jobs there are in each state, and since when the first has been waiting."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0
    waiting_since: datetime | None = None


@dataclass(frozen=True)
class TickTask:
    """A task of the tick: how often it is to run, its last run, and by how much the next is late (None: it is not)."""

    name: str
    how_often: str
    run: TickRun | None
    late_by: timedelta | None

    @property
    def took(self) -> timedelta | None:
        if self.run is None or self.run.finished_at is None or self.run.started_at is None:
            return None
        return self.run.finished_at - self.run.started_at

    @property
    def began_late_by(self) -> timedelta | None:
        """How long the last run had been due when it began."""
        if self.run is None or self.run.started_at is None or self.run.due_at is None:
            return None
        return self.run.started_at - self.run.due_at


@dataclass(frozen=True)
class Database:
    kind: str
    version: str
    bytes: int


def queue() -> Queue:
    """Count the jobs, in one query."""
    rows = Job.objects.values("state").annotate(number=Count("pk"), first=Min("queued_at")).order_by()
    found = {row["state"]: row for row in rows}
    numbers = {state: row["number"] for state, row in found.items()}
    return Queue(**numbers, waiting_since=found.get(Job.State.QUEUED, {}).get("first"))


def jobs_listed(state: str = "") -> "QuerySet[Job]":
    """Return the jobs, of one state or all, the latest first; what is long and not shown stays in the database."""
    jobs = Job.objects.filter(state=state) if state in Job.State.values else Job.objects.all()
    return jobs.defer("arguments", "result").order_by("-queued_at")


def tick_tasks(*, now: datetime) -> list[TickTask]:
    """Return each task of the settings with its last run."""
    scheduled = rules.schedule(settings.TICK_TASKS)
    runs = TickRun.objects.in_bulk([one.task for one in scheduled], field_name="task")
    return [TickTask(one.task, one.how_often, runs.get(one.task), _late_by(one, runs, now)) for one in scheduled]


def late_tasks(tasks: list[TickTask]) -> list[TickTask]:
    return [task for task in tasks if task.late_by is not None]


def _late_by(one: rules.Scheduled, runs: dict[str, TickRun], now: datetime) -> timedelta | None:
    """By how much a task is overdue. One that runs is not late before its lock has run out."""
    run = runs.get(one.task)
    if run is None or (run.claimed_until and run.claimed_until > now):
        return None
    due = rules.due_since(one.how_often, run.last_run, now=timezone.localtime(now), spacing=timedelta(0))
    return now - due if due and now - due > PATIENCE else None


def processes_listed(*, now: datetime) -> list[tuple[Process, bool]]:
    """Return the processes of the last day, and of each whether it lives."""
    shown = Process.objects.order_by("kind", "-seen_at")
    return [(process, process.seen_at >= now - SEEN_LATELY) for process in shown]


def database_facts() -> Database:
    """Return what the database is and how much it holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            return Database("SQLite", sqlite3.sqlite_version, cursor.fetchone()[0])
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        found, size = cursor.fetchone()
    return Database("PostgreSQL", found.split()[0], size)


def versions() -> list[tuple[str, str]]:
    """Return names and versions of the platform and what it stands on."""
    packages = [(name, version(package)) for name, package in PACKAGES.items()]
    return [("Career Teacher", VERSION), ("Python", platform.python_version()), *packages]
