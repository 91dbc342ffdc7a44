"""The database itself refuses to change the trail."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.operations.trail import ADDRESS, NOW, sealed
from training.operations.models import AuditEvent, AuditSeal

pytestmark = pytest.mark.django_db

EMPTIED = {
    "actor_name": "",
    "subject_name": "",
    "before": None,
    "after": None,
    "reason": "",
    "address": None,
    "salt": "",
    "payload_digest": "0" * 64,
    "redacted_at": NOW,
}


@pytest.fixture
def event() -> AuditEvent:
    ((event, _other),) = sealed(2)
    return event


def test_an_event_is_never_deleted(event: AuditEvent) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        event.delete()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize("field", [field.name for field in AuditEvent._meta.fields if not field.primary_key])
def test_no_field_of_an_event_changes(event: AuditEvent, field: str) -> None:
    value = NOW.replace(year=2025) if field.endswith("_at") else "192.0.2.9" if field == "address" else "7"
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(**{field: value})


def test_a_seal_neither_changes_nor_goes(event: AuditEvent) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditSeal.objects.update(count=7)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditSeal.objects.all().delete()


def test_an_event_is_emptied_once_and_whole(event: AuditEvent) -> None:
    row = AuditEvent.objects.filter(pk=event.pk)
    for part in (
        {"reason": "kept"},
        {"actor_name": "kept"},
        {"after": {"a": 1}},
        {"address": ADDRESS},
        {"salt": "kept"},
        {"actor_id": 12},
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            row.update(**{**EMPTIED, **part})
    row.update(**EMPTIED)
    for change in ({"reason": "back"}, {"payload_digest": "1" * 64}, {"redacted_at": None}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            row.update(**change)


def test_the_guards_outlive_all_migrations() -> None:
    """SQLite drops triggers silently when a migration rebuilds a table."""
    tables = connection.introspection.table_names()
    assert "operations_auditevent" in tables
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}
    seals = {"change"} if connection.vendor == "postgresql" else {"update", "delete"}
    assert {f"operations_auditevent_{part}" for part in ("update", "delete")} <= names
    assert {f"operations_auditseal_{part}" for part in seals} <= names
