"""The network address of whoever acts: part of what an erasure empties, so the guard of updates learns of it."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

before = import_module("training.operations.migrations.0005_events_cannot_be_changed")
UPDATE = f"{before.EVENTS}_update"


def guarded(unlike: str, *, on_postgresql: bool) -> str:
    """Return the statement that refuses every update but one that empties the payload."""
    head = f"CREATE TRIGGER {UPDATE} BEFORE UPDATE ON {before.EVENTS}"
    if on_postgresql:
        return f"{head} FOR EACH ROW WHEN (NOT ({unlike})) EXECUTE FUNCTION refuse_change_of_audit_trail()"
    return f"{head} WHEN NOT ({unlike}) BEGIN SELECT RAISE(ABORT, '{before.REFUSAL}'); END"


def replace(schema_editor: BaseDatabaseSchemaEditor, also: str) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    emptied = before.only_emptied("IS NOT DISTINCT FROM" if on_postgresql else "IS") + also
    schema_editor.execute(f"DROP TRIGGER {UPDATE}" + (f" ON {before.EVENTS}" if on_postgresql else ""))
    schema_editor.execute(guarded(emptied, on_postgresql=on_postgresql), params=None)


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    replace(schema_editor, " AND new.address IS NULL")


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    replace(schema_editor, "")


class Migration(migrations.Migration):
    dependencies = [("operations", "0006_keeps_imports")]
    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="address",
            field=models.GenericIPAddressField(
                help_text="Of whoever acts; none for jobs, the tick, commands", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("address__isnull", False)),
                fields=["address", "happened_at"],
                name="audit_by_address",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
