"""An audit trail to try things on, and hands that change it behind the program's back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tests.factories.people import DepartmentFactory
from training.lib.addresses import acting_from
from training.operations.models import AuditEvent
from training.operations.sealing import seal_due
from training.operations.services import record
from training.people.models import Department

ADDRESS = "192.0.2.7"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
EVENTS, SEALS = "operations_auditevent", "operations_auditseal"


def write(count: int, *, subject: Department | None = None) -> list[AuditEvent]:
    """Record so many events, as services do."""
    subject = subject or DepartmentFactory()
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    with transaction.atomic(), acting_from(ADDRESS):
        for number in range(count):
            facts = {"number": number, "share": 0.25, "name": "张伟"}
            record(action="people.moved", by="test", subject=subject, at=NOW, after=facts, reason="as asked")
    return list(AuditEvent.objects.exclude(pk__in=before).order_by("pk"))


def sealed(*counts: int) -> list[list[AuditEvent]]:
    """Record and seal so many events, one seal for each number."""
    subject = DepartmentFactory()
    batches = []
    for number, count in enumerate(counts):
        batches.append(write(count, subject=subject))
        assert seal_due(at=NOW + timedelta(minutes=2 * number)) == count
    return batches


def update(table: str, change: str, where: str) -> None:
    by_hand(f"UPDATE {table} SET {change} WHERE {where}")  # noqa: S608  # tampering is what is tested


def delete(table: str, where: str = "1 = 1") -> None:
    by_hand(f"DELETE FROM {table} WHERE {where}")  # noqa: S608  # tampering is what is tested


def by_hand(statement: str) -> None:
    """Run SQL as somebody would who has the database to themselves: the guards are off meanwhile."""
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def guards_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in (EVENTS, SEALS):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in (EVENTS, SEALS):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%operations_audit%'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


class CountedQueries:
    """How many queries ran inside."""

    number = 0

    def __enter__(self) -> "CountedQueries":
        self._wrapper = connection.execute_wrapper(self._count)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._wrapper.__exit__(None, None, None)

    def _count(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)
