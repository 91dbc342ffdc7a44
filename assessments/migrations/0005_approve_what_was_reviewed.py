"""Versions of items that somebody reviewed count as approved by that reviewer; all were written by the item's author."""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def fill(apps: Any, _schema_editor: Any) -> None:
    versions = apps.get_model("assessments", "ItemVersion").objects
    writers = apps.get_model("assessments", "ItemWriter")
    item = apps.get_model("assessments", "Item").objects.filter(pk=OuterRef("item"))
    versions.filter(written_by=None).update(written_by=Subquery(item.values("author")[:1]))
    versions.filter(item__reviewer__isnull=False).update(
        approved_by=Subquery(item.values("reviewer")[:1]), approved_at=F("written_at")
    )
    rows = versions.values_list("pk", "written_by")
    writers.objects.bulk_create(
        (writers(item_version_id=version, person_id=person) for version, person in rows), ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0004_versions_are_reviewed"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
