"""Handing in, by the candidate or by the clock: one transaction from the last answer to all that follows from it."""

import base64
import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assessments.models import Attempt, AttemptItem, ItemVersion, Mark, MarkingTask
from assessments.permissions import Refused
from assessments.queries import Answered, rulings_on, with_answers
from assessments.scoring import marking
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User

from .adapting import fill_up
from .answering import GRACE, Browser, Paused, check_browser
from .outcome import set_handed_in
from .releasing import may_be_released, result, score_and_release

logger = logging.getLogger(__name__)

THE_CLOCK = "tick"
# A pause may outlast the session, as after an alarm; whoever sits then goes on with the time that was left. One that
# nobody ended so long after the session closed was forgotten.
LONGEST_AFTERWARDS = timedelta(hours=2)


class PartsLeft(Refused):
    """Handing in would give away parts that were never opened."""

    code = "parts_left"
    message = gettext_lazy("The exam has another part. Go on to it before you hand in.")


@dataclass(frozen=True)
class Finalised:
    """What one round of the clock did: the attempts it handed in, and those where that failed."""

    done: list[int]
    failed: list[int]


@transaction.atomic
def hand_in(
    *,
    person: User,
    attempt_id: int,
    now: datetime,
    browser: Browser | None = None,
    choose: Callable[[str], str] = secrets.choice,
) -> Attempt:
    """Hand in a person's attempt and return it; done before, it is returned as it stands.

    It comes back with its result where no people mark it and the exam's rule releases it at once. Any number of calls
    at once make one result, one certificate, one notice. After the deadline it counts as handed
    in by the clock. Raises Attempt.DoesNotExist for another's attempt; Paused, OtherBrowser, TakenOver, PartsLeft.
    """
    attempt = _locked().get(pk=attempt_id, person=person)
    if attempt.is_open:
        check_browser(attempt, browser)
        if attempt.is_paused:
            raise Paused
    return _finalise(attempt, now, by=person, choose=choose, is_whole=not attempt.is_over(now))


def finalise_due(*, now: datetime) -> Finalised:
    """Hand in every attempt whose deadline and grace are over, each in a transaction of its own.

    One that is paused is over two hours after its session closed, or after its deadline where that is later. One that
    fails is logged and left open for the next round; the others are not held up by it.
    """
    due = Attempt.objects.open().filter(_is_due(now)).order_by("deadline").values_list("pk", flat=True)
    round_ = Finalised([], [])
    for attempt_id in list(due):
        try:
            if _finalise_if_due(attempt_id, now):
                round_.done.append(attempt_id)
        except Exception:  # whatever is wrong with one attempt must not cost the others their result
            logger.exception("attempt %s could not be finalised", attempt_id)
            round_.failed.append(attempt_id)
    return round_


def _is_due(now: datetime) -> Q:
    forgotten = now - LONGEST_AFTERWARDS
    session_over = Q(session=None) | Q(session__closes_at__lt=forgotten)
    return (
        Q(paused_at=None, deadline__lt=now - GRACE) | Q(paused_at__isnull=False, deadline__lt=forgotten) & session_over
    )


@transaction.atomic
def _finalise_if_due(attempt_id: int, now: datetime) -> bool:
    """Hand in an attempt unless, before it was locked, it was handed in elsewhere or given more time."""
    attempt = _locked().filter(_is_due(now), pk=attempt_id, state=Attempt.State.OPEN).first()
    if attempt is None:
        return False
    _finalise(attempt, now, by=THE_CLOCK)
    return True


def _locked() -> QuerySet[Attempt]:
    related = ("person", "exam__framework", "exam__achievement__design")
    return Attempt.objects.select_for_update(of=("self",)).select_related(*related)


def _finalise(
    attempt: Attempt,
    now: datetime,
    *,
    by: Actor,
    choose: Callable[[str], str] = secrets.choice,
    is_whole: bool = False,
) -> Attempt:
    """Mark a locked attempt that is open, as far as no people are needed; return any other as it is.

    `is_whole`: raises PartsLeft where a part was never opened.
    """
    if not attempt.is_open:
        return attempt
    if attempt.exam.is_adaptive:
        fill_up(attempt)
    # The lock is held, so no save can come after this read: what is marked is what was acknowledged.
    found = with_answers(attempt.items.all()).select_related("item_version", "competency__framework")
    questions = list(found.annotate(part_opened_at=F("part__opened_at")).order_by("position"))
    if is_whole and any(question.part_opened_at is None for question in questions):
        raise PartsLeft
    waiting = [question for question in questions if _needs_people(question)]
    marks = _marks(attempt, [question for question in questions if question not in waiting])
    Mark.objects.bulk_create(marks)
    answers = [Answered(one.attempt_item, one.credit) for one in marks if not (one.void or one.attempt_item.is_pilot)]
    attempt.parts.filter(opened_at__isnull=False, closed_at=None).update(closed_at=now)
    set_handed_in(attempt, sum(question.answer is not None for question in questions), now)
    attempt.state = Attempt.State.MARKING if waiting else Attempt.State.MARKED
    if waiting:
        MarkingTask.objects.bulk_create(MarkingTask(attempt_item=one, ref=_ref(attempt, one)) for one in waiting)
    elif may_be_released(attempt, now):
        score_and_release(attempt, answers, by=by, at=now, choose=choose)
    attempt.save()
    _tell(attempt, by, now)
    return attempt


def _needs_people(question: AttemptItem) -> bool:
    """Whether people mark it: a card that is played, an open answer that says something."""
    kind = question.item_version.kind
    return kind == ItemVersion.Kind.SCENARIO or (kind in marking.BY_PEOPLE and question.answer is not None)


def _marks(attempt: Attempt, questions: Sequence[AttemptItem]) -> list[Mark]:
    """Mark answers by the keys in force now. Where nothing else is asked, a question that is void counts after all."""
    rulings = rulings_on(question.item_version_id for question in questions)
    void = {one.pk for one in questions if rulings.is_void(one.item_version_id, attempt.exam_id)}
    if void and not attempt.items.filter(is_pilot=False).exclude(pk__in=void).exists():
        void = {one.pk for one in questions if one.is_pilot and one.pk in void}
    return [
        Mark(attempt_item=one, credit=_credit(one, rulings.key_of(one.item_version)), void=one.pk in void)
        for one in questions
    ]


def _credit(question: AttemptItem, key: object) -> float:
    return marking.credit(question.item_version.shape, key, question.answer)


def _ref(attempt: Attempt, question: AttemptItem) -> str:
    """Return what markers know an answer by: nothing can be read from it without the seed, which never leaves here."""
    digest = hashlib.sha256(f"mark:{attempt.pk}:{attempt.seed}:{question.position}".encode()).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def _tell(attempt: Attempt, by: Actor, now: datetime) -> None:
    after: dict[str, object] = {"finished_by": attempt.finished_by, "receipt": attempt.receipt}
    if attempt.waits:
        facts = {"exam": attempt.exam.title, "receipt": attempt.receipt}
        path = reverse("assessments:receipt", args=[attempt.pk])
        notify(person=attempt.person, kind="exam.handed_in", facts=facts, path=path, at=now)
    else:
        after |= result(attempt)
    action = "assessments.finished"
    if attempt.paused_at:  # whoever is not the clock is refused
        action, after["paused_at"] = "assessments.finished_paused", attempt.paused_at.isoformat()
    record(action=action, by=by, subject=attempt, at=now, person=attempt.person, after=after)
