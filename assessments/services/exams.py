"""Opening an exam and saying who may sit it."""

import random
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from assessments import rules
from assessments.models import Entitlement, Exam
from assessments.queries import AvailableItem, available_items, blueprint_of
from training.lib.texts import Texts
from training.operations.services import Actor, record
from training.people.models import User

from .adapting import rates_for
from .managing import EmptyPart, NoQuestions
from .papers import check_fixed, check_pilots

ANY_SEED = 0


@transaction.atomic
def open_exam(*, exam: Exam, by: Actor, at: datetime) -> None:
    """Let the entitled sit the exam, and fix the form on which all its scores are told.

    The reference form is every item a paper may draw today, at its difficulty, so that two random papers compare and
    a later change of the bank moves no score. Raises `rules.NotEnoughItems` when the bank cannot fill the blueprint,
    NoQuestions when there is none, EmptyPart where a part has none, NotAdaptive where an adaptive test cannot follow,
    PaperHasFaults where questions chosen for everybody cannot be asked, TooFewPilots where too few can be tried out.
    For an adaptive exam it is worked out, by simulation, how often each item may be let into a test.
    """
    today = timezone.localdate(at)
    pool = available_items(exam, on=today)
    eligible = _chosen(exam, pool, today) if exam.is_fixed else _drawable(exam, pool)
    check_pilots(exam, {item.competency_id for item in eligible}, on=today)
    exam.exposure = rates_for(exam, pool) if exam.is_adaptive else {}
    exam.reference_form = sorted(round(item.difficulty, 4) for item in eligible)
    exam.is_open = True
    exam.save(update_fields=["reference_form", "exposure", "is_open"])
    record(action="assessments.exam_opened", by=by, subject=exam, at=at, after={"items": len(eligible)})


def _drawable(exam: Exam, pool: list[AvailableItem]) -> list[AvailableItem]:
    rows = blueprint_of(exam)
    if not rows:
        raise NoQuestions
    if set(exam.parts.values_list("number", flat=True)) != {row.part for row in rows}:
        raise EmptyPart
    rules.draw_paper(rows, [item.drawable for item in pool], random.Random(ANY_SEED))  # noqa: S311 - nothing secret
    return [item for item in pool if any(row.takes(item.drawable) for row in rows)]


def _chosen(exam: Exam, pool: list[AvailableItem], today: date) -> list[AvailableItem]:
    items = set(check_fixed(exam, on=today))
    return [item for item in pool if item.item_id in items]


@transaction.atomic
def entitle(
    *,
    person: User,
    exam: Exam,
    why: Texts,
    by: Actor,
    at: datetime,
    attempts: int | None = None,
    until: datetime | None = None,
    extra_minutes: int = 0,
    learned: Texts | None = None,
) -> Entitlement:
    """Give a person a place in an exam: so many attempts (default: the exam's own number), to start by `until`.

    `extra_minutes` is added to the deadline of each of their attempts from now on; `learned` says what they have newly
    learned, so that it is good for a retake.
    """
    entitlement = Entitlement.objects.create(
        person=person,
        exam=exam,
        attempts=exam.attempts_allowed if attempts is None else attempts,
        extra_minutes=extra_minutes,
        until=until,
        why=dict(why),
        learned=dict(learned or {}),
        granted_at=at,
        granted_by=by if isinstance(by, User) else None,
    )
    after = {"attempts": entitlement.attempts, "extra_minutes": extra_minutes}
    record(action="assessments.entitled", by=by, subject=entitlement, at=at, person=person, after=after)
    return entitlement
