"""Practising: a run begins, answers are checked as often as wanted, it ends. No evidence, no certificate, no result."""

import random
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import Exam, ItemVersion, PracticeQuestion, PracticeRun
from assessments.permissions import PaperNotDrawn, Refused, check_practice_open
from assessments.queries import alone_order, available_items, blueprint_of
from assessments.scoring import marking
from training.operations.services import record
from training.people.models import User

from .answering import InvalidAnswer


class RunEnded(Refused):
    """The run is over; its questions are not answered any more."""

    code = "run_ended"
    message = gettext_lazy("This practice has ended. Begin anew to go on.")


class NothingAnswered(Refused):
    """There is nothing to check."""

    code = "nothing_answered"
    message = gettext_lazy("Answer the question first, then check.")


def start_practice(*, person: User, exam: Exam, at: datetime, seed: int | None = None) -> PracticeRun:
    """Begin to practise, or return the run that is open: beginning twice, or twice at once, gives one.

    Raises NotReady, NotOpenYet, Closed, PaperNotDrawn.
    """
    try:
        with transaction.atomic():
            return _start(person, exam, at, secrets.randbits(62) if seed is None else seed)
    except IntegrityError:
        # Another start was first; the constraint let one through.
        return PracticeRun.objects.get(person=person, exam=exam, ended_at=None)


@transaction.atomic
def check_answer(
    *, person: User, run_id: int, position: int, tries: int, value: marking.Seen, at: datetime
) -> PracticeQuestion:
    """Check an answer, `value` as the person sees it, given after so many `tries`; return the question as it stands.

    Sent twice it counts once. Raises PracticeQuestion.DoesNotExist, RunEnded, NothingAnswered, InvalidAnswer.
    """
    question = _locked(person, run_id, position)
    if question.is_checked or question.tries != tries:
        return question
    version = question.item_version
    question.answer = _meant(version, question.option_order, value)
    question.credit = marking.credit(version.shape, version.key, question.answer)
    if question.tries == 0:
        question.first_credit = question.credit
    question.tries += 1
    question.save(update_fields=["answer", "credit", "first_credit", "tries"])
    return question


@transaction.atomic
def try_again(*, person: User, run_id: int, position: int, tries: int) -> None:
    """Open a question again; its explanation goes until the next answer. Raises as `check_answer`."""
    question = _locked(person, run_id, position)
    if question.is_checked and question.tries == tries:
        question.credit = None
        question.save(update_fields=["credit"])


def check_alone(*, person: User, version: ItemVersion, value: marking.Seen) -> float:
    """Return the credit of an answer to a question that stands by itself; nothing is kept.

    Raises NothingAnswered, InvalidAnswer.
    """
    answer = _meant(version, alone_order(person, version), value)
    return marking.credit(version.shape, version.key, answer)


@transaction.atomic
def end_practice(*, person: User, run_id: int, at: datetime) -> PracticeRun:
    """End a run; ended before, it stays as it is. Raises PracticeRun.DoesNotExist for another's."""
    run = PracticeRun.objects.select_for_update(of=("self",)).get(pk=run_id, person=person)
    if run.ended_at is None:
        run.ended_at = at
        run.save(update_fields=["ended_at"])
    return run


def _start(person: User, exam: Exam, at: datetime, seed: int) -> PracticeRun:
    running = PracticeRun.objects.filter(person=person, exam=exam, ended_at=None).first()
    if running:
        return running
    check_practice_open(exam, at)
    run = PracticeRun.objects.create(person=person, exam=exam, seed=seed, started_at=at)
    chance = random.Random(seed)  # noqa: S311 - nothing that counts is drawn
    pool = {item.version_id: item for item in available_items(exam, on=timezone.localdate(at))}
    try:
        drawn = rules.draw_paper(blueprint_of(exam), [item.drawable for item in pool.values()], chance)
    except rules.NotEnoughItems as error:
        raise PaperNotDrawn from error
    versions = ItemVersion.objects.only("kind", "options", "parts", "key").in_bulk([item.ident for item in drawn])
    PracticeQuestion.objects.bulk_create(
        PracticeQuestion(
            run=run,
            position=position,
            item_version=version,
            competency_id=pool[version.pk].competency_id,
            option_order=marking.shown_order(version.shape, version.key, chance),
        )
        for position, version in enumerate((versions[item.ident] for item in drawn), start=1)
    )
    record(action="assessments.practice_started", by=person, subject=run, at=at, person=person)
    return run


def _locked(person: User, run_id: int, position: int) -> PracticeQuestion:
    question = (
        PracticeQuestion.objects.select_for_update(of=("self",))
        .select_related("run", "item_version")
        .get(run=run_id, run__person=person, position=position)
    )
    if question.run.ended_at is not None:
        raise RunEnded
    return question


def _meant(version: ItemVersion, order: marking.Order, value: marking.Seen) -> marking.Answer:
    try:
        answer = marking.as_meant(version.shape, order, value)
    except marking.MarkingError as error:
        raise InvalidAnswer from error
    if answer is None:
        raise NothingAnswered
    return answer
