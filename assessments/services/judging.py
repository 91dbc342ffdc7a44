"""Marking by people: an answer is taken, marked, marked again where the exam asks for it, and then counts."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import Attempt, Exam, HumanMark, ItemVersion, Mark, MarkingTask
from assessments.permissions import Refused, cards_for, tasks_for
from assessments.queries import rulings_on, waiting_for
from assessments.scoring import marking
from training.operations.services import record
from training.people.models import User

logger = logging.getLogger(__name__)

HELD_FOR = timedelta(minutes=20)
UNDO_FOR = timedelta(minutes=10)
LONGEST_COMMENT = 2000
TRIES = 5


class NotYours(Refused):
    """Somebody else has the answer in hand, or it is marked, or the marker marked it before."""

    code = "not_yours"
    message = gettext_lazy("This answer is not yours to mark now: somebody else has it, or it is marked. Take another.")


class NothingLeft(Refused):
    """No answer waits for this marker."""

    code = "nothing_left"
    message = gettext_lazy("No answer to this question waits for you now.")


class WrongPoints(Refused):
    """Points are missing, or more than a criterion has."""

    code = "wrong_points"
    message = gettext_lazy("Give points for every criterion, no more than it has.")


class CommentTooLong(Refused):
    """More words than are kept."""

    code = "comment_too_long"
    message = gettext_lazy("Write at most 2000 characters.")


class TooLate(Refused):
    """A mark cannot be taken back any more."""

    code = "too_late"
    message = gettext_lazy("This mark counts already. Ask the examiner if it must change.")


@transaction.atomic
def take_next(*, marker: User, version: ItemVersion, at: datetime) -> MarkingTask:
    """Give a marker the next answer to a question, theirs alone for twenty minutes. Raises NothingLeft.

    What they have in hand comes first, then what waits for a second or third mark, then new answers.
    """
    for _try in range(TRIES):
        waiting = waiting_for(marker, at=at).filter(attempt_item__item_version=version)
        found = waiting.filter(taken_by=marker).first() or waiting.order_by("-wanted", "ref").first()
        if found is None:
            break
        try:
            return _hold(found.pk, marker, at)
        except NotYours:  # somebody else took it between the two statements
            continue
    raise NothingLeft


@transaction.atomic
def take(*, marker: User, ref: str, at: datetime) -> MarkingTask:
    """Give a marker this answer, theirs alone for twenty minutes. Raises MarkingTask.DoesNotExist, NotYours."""
    task = tasks_for(marker, today=timezone.localdate(at)).get(ref=ref)
    if not waiting_for(marker, at=at).filter(pk=task.pk).exists():
        raise NotYours
    return _hold(task.pk, marker, at)


@transaction.atomic
def put_back(*, marker: User, ref: str) -> None:
    """Let somebody else have an answer that was taken and not marked."""
    MarkingTask.objects.filter(ref=ref, taken_by=marker, done_at=None).update(taken_by=None, taken_until=None)


@transaction.atomic
def mark_answer(
    *, marker: User, ref: str, points: Mapping[str, object], comment: str = "", at: datetime
) -> MarkingTask:
    """Mark a written answer along the guide. Sent twice it is kept once.

    Raises MarkingTask.DoesNotExist for what the marker may not mark at all; NotYours, WrongPoints, CommentTooLong.
    """
    found = tasks_for(marker, today=timezone.localdate(at)).get(ref=ref)
    return _mark(found.pk, marker, points, comment, at, action="assessments.marked")


@transaction.atomic
def mark_card(
    *, observer: User, ref: str, points: Mapping[str, object], comment: str = "", at: datetime
) -> MarkingTask:
    """Mark a scenario that was played, as `mark_answer`; one observer is enough."""
    found = cards_for(observer, today=timezone.localdate(at)).get(ref=ref)
    return _mark(found.pk, observer, points, comment, at, action="assessments.observed")


@transaction.atomic
def take_back(*, marker: User, ref: str, at: datetime) -> MarkingTask:
    """Take one's own mark back, within ten minutes and while nobody marked after it. Raises TooLate."""
    task = _locked(MarkingTask.objects.get(ref=ref, marks__marker=marker, marks__withdrawn_at=None).pk)
    last = list(task.marks.filter(withdrawn_at=None))[-1]
    state = task.attempt_item.attempt.state
    if last.marker_id != marker.pk or state != Attempt.State.MARKING or at >= last.given_at + UNDO_FOR:
        raise TooLate
    last.withdrawn_at = at
    last.save(update_fields=["withdrawn_at"])
    Mark.objects.filter(attempt_item=task.attempt_item).delete()
    task.wanted, task.done_at = last.turn, None
    task.taken_by, task.taken_until = marker, at + HELD_FOR
    task.save()
    record(action="assessments.mark_taken_back", by=marker, subject=task, at=at, before={"points": last.points})
    return task


def settle_marking(*, now: datetime) -> tuple[list[int], list[int]]:
    """Close the marking of attempts whose last mark nobody can take back any more; return done and failed."""
    ready = Attempt.objects.filter(~Exists(_unsettled(OuterRef("pk"), now)), state=Attempt.State.MARKING).order_by("pk")
    done, failed = [], []
    for attempt_id in list(ready.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                if _settle(attempt_id, now):
                    done.append(attempt_id)
        except Exception:  # one attempt must not hold up the others
            logger.exception("the marking of attempt %s could not be closed", attempt_id)
            failed.append(attempt_id)
    return done, failed


def _hold(pk: int, marker: User, at: datetime) -> MarkingTask:
    free = Q(taken_by=None) | Q(taken_until__lte=at) | Q(taken_by=marker)
    taken = MarkingTask.objects.filter(free, pk=pk, done_at=None)
    if not taken.update(taken_by=marker, taken_until=at + HELD_FOR):
        raise NotYours
    return MarkingTask.objects.get(pk=pk)


def _locked(pk: int) -> MarkingTask:
    related = ("attempt_item__attempt__exam", "attempt_item__item_version")
    return MarkingTask.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def _mark(
    pk: int, marker: User, points: Mapping[str, object], comment: str, at: datetime, *, action: str
) -> MarkingTask:
    task = _locked(pk)
    standing = list(task.marks.filter(withdrawn_at=None))
    if any(mark.marker_id == marker.pk and mark.points == dict(points) for mark in standing):
        return task
    _check(task, standing, marker, comment, at)
    version = task.attempt_item.item_version
    try:
        credit = marking.credit_of_points(version.key, points)
    except marking.MarkingError as error:
        raise WrongPoints from error
    turn = len(standing) + 1
    given = HumanMark.objects.create(
        task=task, turn=turn, marker=marker, points=dict(points), credit=credit, comment=comment.strip(), given_at=at
    )
    _go_on(task, [*standing, given], at)
    played = version.kind == ItemVersion.Kind.SCENARIO
    person = task.attempt_item.attempt.person if played else None
    after = {"turn": turn, "points": dict(points)}
    record(action=action, by=marker, subject=task, at=at, person=person, after=after)
    return task


def _check(task: MarkingTask, standing: list[HumanMark], marker: User, comment: str, at: datetime) -> None:
    if len(comment) > LONGEST_COMMENT:
        raise CommentTooLong
    over = task.done_at is not None or task.attempt_item.attempt.state != Attempt.State.MARKING
    if over or task.is_held_against(marker, at) or any(mark.marker_id == marker.pk for mark in standing):
        raise NotYours


def _go_on(task: MarkingTask, marks: list[HumanMark], at: datetime) -> None:
    """Ask for another mark, or let these count."""
    attempt, version = task.attempt_item.attempt, task.attempt_item.item_version
    given = [rules.Given(mark.points, mark.credit) for mark in marks]
    second = attempt.exam.second_marking if version.kind == ItemVersion.Kind.OPEN else Exam.SecondMarking.NONE
    task.wanted = len(given) if len(given) == 3 else rules.still_wanted(
        given, rule=second, apart=attempt.exam.points_apart, bar=version.bar, lot=lot_of(task.ref)
    )  # fmt: skip
    task.taken_by = task.taken_until = None
    if len(given) >= task.wanted:
        task.done_at = at
        void = rulings_on([version.pk]).is_void(version.pk, attempt.exam_id)
        Mark.objects.create(attempt_item=task.attempt_item, credit=rules.credit_of(given), void=void)
    task.save()


def lot_of(ref: str) -> int:
    """Return the number an answer has in the drawing of samples."""
    return int(ref.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "01234567890123456789012345"))[-6:])


def _unsettled(attempt: Any, now: datetime) -> QuerySet[MarkingTask]:
    """Return the answers of an attempt that are not marked, or whose last mark may still be taken back."""
    recent = Q(done_at=None) | Q(done_at__gt=now - UNDO_FOR)
    return MarkingTask.objects.filter(recent, attempt_item__attempt=attempt)


def _settle(attempt_id: int, now: datetime) -> bool:
    # Whoever marks, or takes a mark back, holds the row of the answer: with all of them held it is asked again.
    list(MarkingTask.objects.select_for_update().filter(attempt_item__attempt=attempt_id))
    if _unsettled(attempt_id, now).exists():
        return False
    waiting = Attempt.objects.filter(pk=attempt_id, state=Attempt.State.MARKING)
    return bool(waiting.update(state=Attempt.State.MARKED))
