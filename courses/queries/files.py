"""Files of lessons: which there are, and who may open one."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from courses.models import Enrolment, LessonFile, UnitFile
from training.people.models import Role, User

EDITING = frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR})


def lesson_files() -> QuerySet[LessonFile]:
    """Return the files, the newest first, each with the number of `versions` of lessons that show it."""
    return LessonFile.objects.annotate(versions=Count("uses")).order_by("-kept_at", "-pk")


def file_choices(kind: str) -> list[tuple[str, str]]:
    """Return the files of a kind as choices: ref and title, the newest first."""
    rows = LessonFile.objects.filter(kind=kind).values_list("ref", "title", "kept_at")
    return [(str(ref), f"{title} ({kept_at:%Y-%m-%d})") for ref, title, kept_at in rows]


def lesson_file(ref: Any, kind: str) -> LessonFile | None:
    """Return a file of a kind by the `ref` a block keeps; None if it is gone."""
    try:
        return LessonFile.objects.filter(ref=UUID(str(ref)), kind=kind).first()
    except ValueError:
        return None


def file_for(viewer: User, ref: UUID) -> LessonFile | None:
    """Return a file to whoever edits lessons, and to whoever learns, or has learned, a lesson that shows it."""
    files = LessonFile.objects.filter(ref=ref)
    if EDITING & set(viewer.role_names):
        return files.first()
    versions = Enrolment.objects.filter(person=viewer).values("version")
    shown = UnitFile.objects.filter(file__ref=ref, unit_version__course_version__in=versions)
    return files.filter(pk__in=shown.values("file")).first()
