"""Making exams: what they are, what their papers are drawn by, and when nobody may start any more."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import BlueprintRow, Entitlement, Exam
from assessments.permissions import Refused
from training.lib.texts import Texts, text_in
from training.notices.services import notify
from training.operations.services import Event, record, record_many
from training.people.models import User

TOLD = ("title", "target_level", "minutes", "attempts_allowed", "opens_at", "closes_at", "in_sessions", "browser_keys")


class ExamIsOpen(Refused):
    """People may be sitting by this blueprint."""

    code = "exam_is_open"
    message = gettext_lazy("The exam is open. Close it before you change what its papers are drawn from.")


class NoQuestions(Refused):
    """A blueprint without a row."""

    code = "no_questions"
    message = gettext_lazy("The exam asks nothing yet. Add a row to its blueprint.")


@transaction.atomic
def create_exam(*, rows: Sequence[rules.BlueprintRow], by: User, at: datetime, **facts: Any) -> Exam:
    """Make an exam that is not open yet; `facts` are its fields, `rows` its blueprint by ids of competencies."""
    exam = Exam.objects.create(**facts)
    _write_blueprint(exam, rows)
    after = _told(exam) | {"blueprint": _rows_told(rows)}
    record(action="assessments.exam_created", by=by, subject=exam, at=at, after=after)
    return exam


@transaction.atomic
def change_exam(*, exam: Exam, rows: Sequence[rules.BlueprintRow] | None, by: User, at: datetime, **facts: Any) -> Exam:
    """Change an exam; attempts that run keep what they began with. `rows` None leaves the blueprint as it is.

    Raises ExamIsOpen for another bank, framework, level or blueprint of an open exam.
    """
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    old_rows = list(locked.blueprint.order_by("pk").values_list("competency_id", "count", "level", "kind"))
    new_rows = None if rows is None else [(row.competency, row.count, row.level, row.kind or "") for row in rows]
    drawn_from = ("bank", "framework", "target_level")
    moved = any(name in facts and facts[name] != getattr(locked, name) for name in drawn_from)
    if locked.is_open and (moved or (new_rows is not None and new_rows != old_rows)):
        raise ExamIsOpen
    before = _told(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save()
    if rows is not None and new_rows != old_rows:
        _write_blueprint(locked, rows)
        before["blueprint"] = [list(row) for row in old_rows]
    after = _told(locked) | ({"blueprint": _rows_told(rows)} if "blueprint" in before and rows is not None else {})
    if after != before:
        record(action="assessments.exam_changed", by=by, subject=locked, at=at, before=before, after=after)
    return locked


@transaction.atomic
def close_exam(*, exam: Exam, by: User, at: datetime) -> None:
    """Let nobody start any more; who is sitting goes on."""
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    if not locked.is_open:
        return
    locked.is_open = False
    locked.save(update_fields=["is_open"])
    record(action="assessments.exam_closed", by=by, subject=locked, at=at)


@transaction.atomic
def entitle_many(
    *,
    people: Iterable[User],
    exam: Exam,
    why: Texts,
    by: User,
    at: datetime,
    attempts: int,
    until: datetime | None,
    extra_minutes: int,
) -> list[Entitlement]:
    """Give each person a place in an exam, as `entitle` does, and tell them."""
    places = Entitlement.objects.bulk_create(
        Entitlement(
            person=person,
            exam=exam,
            attempts=attempts,
            extra_minutes=extra_minutes,
            until=until,
            why=dict(why),
            granted_at=at,
            granted_by=by,
        )
        for person in people
    )
    after = {"attempts": attempts, "extra_minutes": extra_minutes}
    record_many([Event("assessments.entitled", row, person=row.person, after=after) for row in places], by=by, at=at)
    for row in places:
        notify(person=row.person, kind="exam.place", facts={"exam": exam.title}, path=f"/exams/{exam.code}/", at=at)
    return places


def _write_blueprint(exam: Exam, rows: Sequence[rules.BlueprintRow]) -> None:
    exam.blueprint.all().delete()
    BlueprintRow.objects.bulk_create(
        BlueprintRow(
            exam=exam, competency_id=int(str(row.competency)), count=row.count, level=row.level, kind=row.kind or ""
        )
        for row in rows
    )


def _told(exam: Exam) -> dict[str, Any]:
    facts = {name: getattr(exam, name) for name in TOLD}
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
    return told | {"title": text_in(exam.title), "bank": exam.bank.code, "browser_keys": len(exam.browser_keys)}


def _rows_told(rows: Sequence[rules.BlueprintRow]) -> list[list[Any]]:
    return [[row.competency, row.count, row.level, row.kind or ""] for row in rows]
