"""Every exam and every attempt on record has one part, which is all of it."""

from itertools import islice
from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

AT_ONCE = 1_000


def fill(apps: Any, _schema_editor: Any) -> None:
    part = apps.get_model("assessments", "ExamPart")
    part.objects.bulk_create(part(exam=exam, number=1) for exam in apps.get_model("assessments", "Exam").objects.all())
    whole = part.objects.filter(exam=OuterRef("exam"))
    apps.get_model("assessments", "BlueprintRow").objects.update(part=Subquery(whole.values("pk")[:1]))
    _papers(apps)


def _papers(apps: Any) -> None:
    part = apps.get_model("assessments", "AttemptPart")
    attempts = apps.get_model("assessments", "Attempt").objects
    rows = attempts.values_list("pk", "started_at", "deadline", "finished_at").iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        part.objects.bulk_create(
            part(attempt_id=attempt, number=1, opened_at=began, deadline=deadline, closed_at=finished)
            for attempt, began, deadline, finished in some
        )
    whole = part.objects.filter(attempt=OuterRef("attempt"))
    apps.get_model("assessments", "AttemptItem").objects.update(part=Subquery(whole.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0016_exams_have_parts"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
