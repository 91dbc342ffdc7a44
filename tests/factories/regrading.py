"""Small exams whose results can be worked out by hand, and regrades brought as far as a test needs."""

from datetime import timedelta
from typing import Any

from assessments.models import Attempt, Exam, ItemVersion, Regrade
from assessments.services import apply_regrade, approve_regrade, ask_regrade, hand_in, work_out_regrade
from tests.factories.assessments import (
    NOW,
    CompetencyFactory,
    ExamFactory,
    ItemFactory,
    ItemVersionFactory,
    answer,
    blueprint_row,
    open_exam,
    started,
)
from tests.factories.marking import marker
from training.people.models import User

ASKED, APPROVED, APPLIED = (NOW + timedelta(days=1, minutes=minutes) for minutes in (0, 5, 6))
WHY = "The rule was read wrongly."


class Counting:
    """A job's progress that counts; `fails_at` ends the run after so many steps, as a killed worker would."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.total = self.done = 0
        self.fails_at = fails_at

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, n: int = 1) -> None:
        self.done += n
        if self.fails_at is not None and self.done >= self.fails_at:
            raise RuntimeError("killed")


def choices(questions: int = 10, **facts: Any) -> Exam:
    """Return an open exam of so many single choices of one competency, "a" right, all on everybody's paper."""
    exam = ExamFactory(**facts)
    competency = CompetencyFactory(framework=exam.framework)
    blueprint_row(exam, competency, questions)
    for _number in range(questions):
        ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=competency))
    open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def versions_of(exam: Exam) -> list[ItemVersion]:
    return list(ItemVersion.objects.filter(item__bank=exam.bank, number=1).order_by("pk"))


def sat(exam: Exam, letters: str, person: User | None = None, attempt: Attempt | None = None) -> Attempt:
    """Return an attempt whose n-th question (by version) was answered by the n-th letter; "-" is left blank.

    `attempt`: one begun before, on the versions of then.
    """
    attempt = attempt or started(exam, person)
    for question, letter in zip(attempt.items.order_by("item_version"), letters, strict=True):
        if letter != "-":
            answer(attempt, question, letter)
    return hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))


def corrected(version: ItemVersion, key: object = ("b",)) -> ItemVersion:
    """Return the next version of an item: the same words, another key, approved."""
    key = list(key) if isinstance(key, tuple) else key
    number = version.item.versions.count() + 1
    same = {name: getattr(version, name) for name in ("kind", "stem", "options", "parts", "details", "bar")}
    return ItemVersionFactory(item=version.item, number=number, key=key, **same)


def previewed(regrade: Regrade) -> Regrade:
    work_out_regrade(regrade=regrade, progress=Counting(), at=ASKED)
    return Regrade.objects.get(pk=regrade.pk)


def key_corrected(version: ItemVersion, key: object = ("b",), by: User | None = None, **facts: Any) -> Regrade:
    """Return a previewed regrade by a corrected key."""
    by = by or marker("examiner")
    return previewed(
        ask_regrade(version=version, key_from=corrected(version, key), reason=WHY, by=by, at=ASKED, **facts)
    )


def voided(version: ItemVersion, by: User | None = None, **facts: Any) -> Regrade:
    """Return a previewed regrade that lets a question count for nobody."""
    return previewed(ask_regrade(version=version, reason=WHY, by=by or marker("examiner"), at=ASKED, **facts))


def applied(regrade: Regrade, by: User | None = None) -> Regrade:
    """Approve a previewed regrade by somebody else and apply it."""
    approve_regrade(regrade=regrade, by=by or marker("examiner"), at=APPROVED)
    apply_regrade(regrade=Regrade.objects.get(pk=regrade.pk), progress=Counting(), at=APPLIED)
    return Regrade.objects.get(pk=regrade.pk)
