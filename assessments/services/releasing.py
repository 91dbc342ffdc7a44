"""Releasing results: from marks to the result, the evidence, the certificate and the notice, once."""

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from assessments.models import Attempt, Exam
from assessments.queries import Answered, marked_answers, with_marks
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User

from .outcome import issue_certificate, record_outcome_evidence, result_path, set_result

logger = logging.getLogger(__name__)

Choose = Callable[[str], str]
THE_CLOCK = "tick"


def may_be_released(attempt: Attempt, now: datetime) -> bool:
    """Whether the exam's rule releases a marked attempt now, with nobody asked."""
    rule = attempt.exam.release
    if rule == Exam.Release.SESSION:
        closes = attempt.session.closes_at if attempt.session else attempt.exam.closes_at
        return closes is None or closes <= now
    return rule == Exam.Release.AT_ONCE


def release_by_rule(*, now: datetime) -> tuple[list[int], list[int]]:
    """Release what the rules of the exams say, each in a transaction of its own; return done and failed."""
    closed = Q(session=None, exam__closes_at=None) | Q(session=None, exam__closes_at__lte=now)
    closed |= Q(session__closes_at__lte=now)
    due = Q(exam__release=Exam.Release.AT_ONCE) | Q(exam__release=Exam.Release.SESSION) & closed
    waiting = Attempt.objects.filter(due, state=Attempt.State.MARKED).order_by("pk").values_list("pk", flat=True)
    done, failed = [], []
    for attempt_id in list(waiting):
        try:
            with transaction.atomic():
                done += [attempt.pk for attempt in _locked(Attempt.objects.filter(pk=attempt_id))
                         if release_locked(attempt, marked_answers(attempt), by=THE_CLOCK, at=now)]  # fmt: skip
        except Exception:  # whatever is wrong with one attempt must not cost the others their result
            logger.exception("attempt %s could not be released", attempt_id)
            failed.append(attempt_id)
    return done, failed


@transaction.atomic
def release(*, exam: Exam, attempts: Iterable[int], by: User, at: datetime, choose: Choose = secrets.choice) -> int:
    """Release the marked ones among these attempts of an exam, never the releaser's own; return how many.

    Released before, an attempt stays as it is: any number of calls at once tell each person once.
    """
    chosen = Attempt.objects.filter(exam=exam, pk__in=list(attempts)).exclude(person=by)
    return sum(
        release_locked(attempt, marked_answers(attempt), by=by, at=at, choose=choose) for attempt in _locked(chosen)
    )


def release_locked(
    attempt: Attempt, answers: Sequence[Answered], *, by: Actor, at: datetime, choose: Choose = secrets.choice
) -> bool:
    """Give a locked attempt that is marked its result and tell the person; say whether that was to be done."""
    if attempt.state != Attempt.State.MARKED:
        return False
    score_and_release(attempt, answers, by=by, at=at, choose=choose)
    attempt.save()
    record(action="assessments.released", by=by, subject=attempt, at=at, person=attempt.person, after=result(attempt))
    return True


def score_and_release(
    attempt: Attempt, answers: Sequence[Answered], *, by: Actor, at: datetime, choose: Choose
) -> None:
    """Write the result with all that follows from it: evidence, certificate, notice. The attempt is left unsaved."""
    set_result(attempt, answers, at)
    attempt.released_by = by if isinstance(by, User) and by.pk != attempt.person_id else None
    record_outcome_evidence(attempt, answers, by=by, at=at)
    if attempt.passed:
        attempt.certificate = issue_certificate(attempt, by=by, at=at, choose=choose)
    facts = {"exam": attempt.exam.title, "score": attempt.score}
    notify(person=attempt.person, kind="exam.scored", facts=facts, path=result_path(attempt), at=at)


def result(attempt: Attempt) -> dict[str, object]:
    """Return a result as the trail keeps it."""
    return {name: getattr(attempt, name) for name in ("theta", "score", "level", "passed")}


def _locked(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    marked = attempts.filter(state=Attempt.State.MARKED)
    return with_marks(marked.select_for_update(of=("self",)).order_by("pk"))
