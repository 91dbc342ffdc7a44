"""Whether the platform is ready, and what an operator asks of it."""

from .health import Check, missing_migrations, readiness
from .overview import (
    Database,
    Queue,
    TickTask,
    database_facts,
    jobs_listed,
    late_tasks,
    processes_listed,
    queue,
    tick_tasks,
    versions,
)

__all__ = [
    "Check",
    "Database",
    "Queue",
    "TickTask",
    "database_facts",
    "jobs_listed",
    "late_tasks",
    "missing_migrations",
    "processes_listed",
    "queue",
    "readiness",
    "tick_tasks",
    "versions",
]
