"""Items on record become searchable by their words."""

from typing import Any

from django.db import migrations

from assessments.rules import plain


def fill(apps: Any, _schema_editor: Any) -> None:
    versions = apps.get_model("assessments", "ItemVersion").objects
    rows = list(versions.only("stem", "options", "parts"))
    for row in rows:
        row.words = plain("\n".join(_texts(row)))
    versions.bulk_update(rows, ["words"], batch_size=200)


def _texts(row: Any) -> list[str]:
    told = [row.stem, *(option.get("text") or {} for option in row.options)]
    for part in row.parts:
        told += [part.get("text") or {}, *(option.get("text") or {} for option in part.get("options") or [])]
    return [text for one in told for text in one.values()]


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0007_items_are_searched_and_changed_together"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
