"""Making exams: what they are, what their papers are drawn by, and when nobody may start any more."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments import rules
from assessments.models import Bank, BlueprintRow, ChosenItem, Entitlement, Exam, ExamPart
from assessments.permissions import IsPractice, Refused
from assessments.queries import blueprint_of
from training.lib.texts import Texts, in_each_language, text_in
from training.notices.services import notify
from training.operations.services import Event, record, record_many
from training.people.models import User

TOLD = (
    "title",
    "mode",
    "shuffled",
    "pilots",
    "target_level",
    "minutes",
    "attempts_allowed",
    "wait_days",
    "resits_allowed",
    "opens_at",
    "closes_at",
    "in_sessions",
    "browser_keys",
)


KEPT_APART = {Exam.Mode.ADAPTIVE, Exam.Mode.PRACTICE}  # what is sat or practised in one way stays so


class ExamIsOpen(Refused):
    """People may be sitting by this blueprint."""

    code = "exam_is_open"
    message = gettext_lazy("The exam is open. Close it before you change what its papers are drawn from.")


class EmptyPart(Refused):
    """A part that asks nothing."""

    code = "empty_part"
    message = gettext_lazy("A part of the exam asks nothing yet. Give it a row, or take the part away.")


class WrongBank(Refused):
    """The bank is kept for the other purpose."""

    code = "wrong_bank"
    message = gettext_lazy(
        "A practice exam draws from a practice bank, and no other exam does: whoever practises sees the keys. "
        "Choose another bank."
    )


class InUse(Refused):
    """People have places in the exam, or have sat or practised it."""

    code = "in_use"
    message = gettext_lazy(
        "People have places in this exam, or have sat or practised it, so the way its papers are made stays. "
        "Make another exam."
    )


class NoQuestions(Refused):
    """A blueprint without a row."""

    code = "no_questions"
    message = gettext_lazy("The exam asks nothing yet. Add a row to its blueprint.")


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part of an exam as it is written; its number is its place."""

    title: Texts = field(default_factory=dict)
    introduction: Texts = field(default_factory=dict)
    minutes: int | None = None
    order: str = ExamPart.Order.FREE
    was: int | None = None  # the number it had; None: a new part

    @property
    def told(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "was"}


@dataclass(frozen=True, slots=True)
class Content:
    """What the papers of an exam are made of: its parts, and rows by ids of competencies and numbers of parts."""

    rows: Sequence[rules.BlueprintRow]
    parts: Sequence[PartFacts] = (PartFacts(),)

    @property
    def told(self) -> dict[str, Any]:
        rows = [[row.part, row.competency, row.count, row.level, row.kind or ""] for row in self.rows]
        return {"parts": [part.told for part in self.parts], "blueprint": rows}


@transaction.atomic
def create_exam(*, content: Content, by: User, at: datetime, **facts: Any) -> Exam:
    """Make an exam that is not open yet; `facts` are its fields. Raises WrongBank."""
    _check_bank(facts["bank"], facts.get("mode", Exam.Mode.RANDOM))
    exam = Exam.objects.create(**facts)
    _write(exam, content)
    record(action="assessments.exam_created", by=by, subject=exam, at=at, after=_told(exam) | content.told)
    return exam


@transaction.atomic
def change_exam(*, exam: Exam, content: Content | None, by: User, at: datetime, **facts: Any) -> Exam:
    """Change an exam; attempts that run keep what they began with. `content` None leaves parts and rows as they are.

    Raises ExamIsOpen for another bank, framework, level, mode or content of an open exam; WrongBank; InUse where an
    exam that was sat becomes adaptive or practice, or was so.
    """
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    old, new = content_of(locked).told, content.told if content else None
    drawn_from = ("shuffled", "pilots", "bank", "framework", "target_level", "mode", "shortest", "target_error")
    moved = any(name in facts and facts[name] != getattr(locked, name) for name in drawn_from)
    rewritten = new is not None and new != old
    if locked.is_open and (moved or rewritten):
        raise ExamIsOpen
    before, was = _told(locked), locked.mode
    for name, value in facts.items():
        setattr(locked, name, value)
    _check_bank(locked.bank, locked.mode)
    if locked.mode != was and KEPT_APART & {locked.mode, was} and _is_used(locked):
        raise InUse
    locked.save()
    after = _told(locked)
    if content is not None and new is not None and rewritten:
        _write(locked, content)
        before, after = before | old, after | new
    if after != before:
        record(action="assessments.exam_changed", by=by, subject=locked, at=at, before=before, after=after)
    return locked


@transaction.atomic
def copy_exam(*, exam: Exam, by: User, at: datetime) -> Exam:
    """Make another exam like this one, closed and without dates: settings, parts, blueprint and questions chosen."""
    taken = set(Exam.objects.values_list("code", flat=True))
    code = next(code for n in count(2) if (code := f"{exam.code[:55]}-{n}") not in taken)
    own = {"id", "code", "title", "opens_at", "closes_at", "is_open", "reference_form", "exposure"}
    facts = {field.name: getattr(exam, field.name) for field in Exam._meta.fields if field.name not in own}
    title = in_each_language(format_lazy(_("Copy of {title}"), title=exam))
    new = Exam.objects.create(code=code, title=title, **facts)
    content = content_of(exam)
    _write(new, content)
    parts = {part.number: part for part in new.parts.all()}
    ChosenItem.objects.bulk_create(
        ChosenItem(exam=new, part=parts[row.part.number], item_id=row.item_id, position=row.position)
        for row in exam.chosen.select_related("part")
    )
    after = _told(new) | content.told | {"copied_from": exam.code}
    record(action="assessments.exam_created", by=by, subject=new, at=at, after=after)
    return new


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
    learned: Texts | None = None,
    waiver: str = "",
) -> list[Entitlement]:
    """Give each person a place in an exam, as `entitle` does, and tell them.

    `waiver` says why the days to wait before a resit do not count for it. Raises IsPractice.
    """
    if exam.is_practice:
        raise IsPractice
    places = Entitlement.objects.bulk_create(
        Entitlement(
            person=person,
            exam=exam,
            attempts=attempts,
            extra_minutes=extra_minutes,
            until=until,
            why=dict(why),
            learned=dict(learned or {}),
            waiver=waiver,
            granted_at=at,
            granted_by=by,
        )
        for person in people
    )
    after = {"attempts": attempts, "extra_minutes": extra_minutes, "learned": text_in(learned or {})}
    events = [Event("assessments.entitled", row, person=row.person, after=after) for row in places]
    if waiver:
        events += [Event("assessments.wait_waived", row, person=row.person, reason=waiver) for row in places]
    record_many(events, by=by, at=at)
    for row in places:
        notify(person=row.person, kind="exam.place", facts={"exam": exam.title}, path=f"/exams/{exam.code}/", at=at)
    return places


def _check_bank(bank: Bank, mode: str) -> None:
    """Raise WrongBank unless the bank is kept for such exams; it is locked, so that its purpose stays meanwhile."""
    kept = Bank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
    if kept.for_practice != (mode == Exam.Mode.PRACTICE):
        raise WrongBank


def _is_used(exam: Exam) -> bool:
    return exam.entitlements.exists() or exam.attempts.exists() or exam.practice_runs.exists()


def content_of(exam: Exam) -> Content:
    """Return what an exam's papers are made of, as it is written."""
    parts = exam.parts.values_list("title", "introduction", "minutes", "order", "number")
    return Content(blueprint_of(exam), [PartFacts(*facts) for facts in parts])


def _write(exam: Exam, content: Content) -> None:
    """Write rows anew and parts where they are, so that what was chosen for a part stays in it, or goes with it."""
    standing = {part.number: part for part in exam.parts.all()}
    kept = {part.was for part in content.parts}
    exam.parts.exclude(number__in=[number for number in kept if number]).delete()
    exam.blueprint.delete()
    parts = []
    for number, facts in enumerate(content.parts, start=1):  # numbers only become smaller, so none is taken
        part = standing.get(facts.was or 0) or ExamPart(exam=exam)
        for name, value in (facts.told | {"number": number}).items():
            setattr(part, name, value)
        part.save()
        parts.append(part)
    BlueprintRow.objects.bulk_create(
        BlueprintRow(
            part=parts[row.part - 1],
            competency_id=int(str(row.competency)),
            count=row.count,
            level=row.level,
            kind=row.kind or "",
        )
        for row in content.rows
    )


def _told(exam: Exam) -> dict[str, Any]:
    facts = {name: getattr(exam, name) for name in TOLD}
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
    return told | {"title": text_in(exam.title), "bank": exam.bank.code, "browser_keys": len(exam.browser_keys)}
