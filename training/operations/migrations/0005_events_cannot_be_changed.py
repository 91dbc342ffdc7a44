"""Triggers that keep the audit trail as it was written; both databases speak of them in their own words.

Changing a row is refused, but for emptying the payload of an event once, when a person is erased. Seals never change.
A later migration that makes SQLite rebuild these tables drops the triggers with the old table and must create them anew
(`tests/operations/test_guards.py` notices).
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EVENTS, SEALS = "operations_auditevent", "operations_auditseal"
KEPT = ("id", "happened_at", "action", "actor_id", "person_id", "subject_type", "subject_id")
EMPTIED = (
    "new.redacted_at IS NOT NULL AND old.redacted_at IS NULL AND new.salt = '' AND length(new.payload_digest) = 64 "
    "AND new.actor_name = '' AND new.subject_name = '' AND new.reason = '' "
    'AND new."before" IS NULL AND new."after" IS NULL'
)
REFUSAL = "the audit trail is never changed"


def only_emptied(same: str) -> str:
    return " AND ".join([EMPTIED, *(f"new.{name} {same} old.{name}" for name in KEPT)])


def sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {EVENTS}_delete BEFORE DELETE ON {EVENTS} {refuse}",
        f"CREATE TRIGGER {EVENTS}_update BEFORE UPDATE ON {EVENTS} WHEN NOT ({only_emptied('IS')}) {refuse}",
        f"CREATE TRIGGER {SEALS}_delete BEFORE DELETE ON {SEALS} {refuse}",
        f"CREATE TRIGGER {SEALS}_update BEFORE UPDATE ON {SEALS} {refuse}",
    ]


def postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION refuse_change_of_audit_trail()"
    unlike = only_emptied("IS NOT DISTINCT FROM")
    return [
        f"""CREATE FUNCTION refuse_change_of_audit_trail() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"CREATE TRIGGER {EVENTS}_delete BEFORE DELETE ON {EVENTS} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {EVENTS}_update BEFORE UPDATE ON {EVENTS} FOR EACH ROW WHEN (NOT ({unlike})) {refuse}",
        f"CREATE TRIGGER {SEALS}_change BEFORE UPDATE OR DELETE ON {SEALS} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {EVENTS}_truncate BEFORE TRUNCATE ON {EVENTS} {refuse}",
    ]


def salt_old_events(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Adding the column gave all rows that were there one salt; each gets its own, as new ones do."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    salt = "replace(gen_random_uuid()::text, '-', '')" if on_postgresql else "lower(hex(randomblob(16)))"
    schema_editor.execute(f"UPDATE {EVENTS} SET salt = {salt}", params=None)  # noqa: S608  # names of our own


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = postgresql() if schema_editor.connection.vendor == "postgresql" else sqlite()
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_change_of_audit_trail() CASCADE")
        return
    for name in (f"{EVENTS}_delete", f"{EVENTS}_update", f"{SEALS}_delete", f"{SEALS}_update"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("operations", "0004_seals_of_the_audit_trail")]
    operations = [
        migrations.RunPython(salt_old_events, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
