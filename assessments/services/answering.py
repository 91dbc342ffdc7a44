"""Keeping answers while the clock runs. An answer acknowledged is an answer kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from assessments.models import Attempt, AttemptItem, AttemptPart, Response
from assessments.permissions import Refused
from assessments.queries import latest_first
from assessments.scoring import marking
from training.people.models import User

from .adapting import ask_next

# An answer given in the last second needs time to arrive. It counts by its arrival here, never by the client's clock;
# what arrives within these seconds after the deadline is kept, and its saved_at shows that it was late.
GRACE = timedelta(seconds=5)


class NoSuchQuestion(Exception):
    """The person has no such question: another's attempt, or no such place on the paper."""


class AlreadyHandedIn(Refused):
    """Handed in is handed in: nothing can be changed after it."""

    code = "handed_in"
    message = gettext_lazy("These answers were handed in. They cannot be changed any more.")


class TimeUp(Refused):
    """The deadline and its grace are over."""

    code = "time_up"
    message = gettext_lazy("The time is up. Answers given after it do not count.")


class PartClosed(Refused):
    """The part of the question is over, and nobody goes back."""

    code = "part_closed"
    message = gettext_lazy("That part of the exam is closed. Its answers cannot be changed any more.")


class PartTimeUp(Refused):
    """The part's own time and its grace are over; the attempt goes on."""

    code = "part_time_up"
    message = gettext_lazy("The time of this part is up. Answers given after it do not count.")


class QuestionLeft(Refused):
    """In a part that is kept in order, the person has gone on from the question."""

    code = "question_left"
    message = gettext_lazy("You have gone on from that question. In this part nobody goes back.")


class NotReached(Refused):
    """The part of the question, or in a part kept in order the question, is not open yet."""

    code = "not_reached"
    message = gettext_lazy("That question is not open yet.")


class Paused(Refused):
    """The invigilator stopped the clock."""

    code = "paused"
    message = gettext_lazy("Your exam is paused and the clock stands still. Wait for the invigilator.")


class TakenOver(Refused):
    """The attempt goes on at another device."""

    code = "taken_over"
    message = gettext_lazy("This exam goes on at another device. Nothing can be answered here.")


class OtherBrowser(Refused):
    """The exam is sat in a locked browser, and this is not it."""

    code = "other_browser"
    message = gettext_lazy("This exam is sat in Safe Exam Browser with the centre's own set-up. Ask the invigilator.")


@dataclass(frozen=True)
class Browser:
    """Where somebody answers: the name their browser was given, and whether it shows a locked set-up's key."""

    device: str
    shows_one_of: Callable[[Sequence[str]], bool]


class InvalidAnswer(Refused):
    """A value the question cannot have."""

    code = "invalid"
    message = gettext_lazy("This is not an answer to this question. Reload the page and choose again.")


@dataclass(frozen=True)
class Saved:
    """The latest answer the server holds: `value` as the candidate sees it, `saved_at` None before the first.

    `deadline` is the end of the question's part.
    """

    revision: int
    value: marking.Seen
    saved_at: datetime | None
    deadline: datetime


class Conflict(Refused):
    """The answer was given on top of an older one than the server holds; `newer` is the one that stands."""

    code = "conflict"
    message = gettext_lazy("A newer answer was saved from another window. It is shown here.")

    def __init__(self, newer: Saved) -> None:
        super().__init__(newer)
        self.newer = newer


def save_answer(
    *,
    person: User,
    attempt_id: int,
    position: int,
    revision: int,
    value: marking.Seen,
    now: datetime,
    browser: Browser | None = None,
) -> Saved:
    """Keep an answer given on top of `revision` (0: none yet), and return the answer that now stands.

    `value` is the answer as the candidate sees it (`marking.Seen`); None clears. The same save sent again is
    acknowledged again and kept once. `browser` is where it comes from; None asks nothing. Raises NoSuchQuestion,
    InvalidAnswer, Conflict, and as `check_running` and `check_part`.
    """
    place = (person, attempt_id, position, browser)
    try:
        with transaction.atomic():
            return _save(_question(*place, now), revision, value, now)
    except IntegrityError:
        # Two saves on top of the same revision: the other was first.
        with transaction.atomic():
            raise Conflict(_standing(_question(*place, now))) from None


def flag(
    *, person: User, attempt_id: int, position: int, flagged: bool, now: datetime, browser: Browser | None = None
) -> None:
    """Set or take away the candidate's own mark "look at this again". Raises as `save_answer`."""
    with transaction.atomic():
        question = _question(person, attempt_id, position, browser, now)
        AttemptItem.objects.filter(pk=question.pk).update(flagged=flagged)


@transaction.atomic
def leave_question(
    *, person: User, attempt_id: int, position: int, now: datetime, browser: Browser | None = None
) -> None:
    """Go on from a question of a part kept in order; it can never be answered or read again.

    Nothing happens at the last one of the part, which is left with the part. In an adaptive exam the next one is chosen
    now. Raises as `save_answer`; AnswerFirst.
    """
    question = _question(person, attempt_id, position, browser, now)
    if question.attempt.exam.is_adaptive:
        ask_next(question)
        return
    following = AttemptItem.objects.filter(part=question.part_id, position=position + 1)
    if question.part.in_order and following.exists():
        AttemptPart.objects.filter(pk=question.part_id).update(reached=position + 1)


def mark_seen(*, person: User, attempt_id: int, position: int, now: datetime) -> None:
    """Note when the candidate first saw a question; nothing happens where it cannot be read any more, or not yet."""
    running = Attempt.objects.of(person).open().filter(pk=attempt_id, deadline__gte=now - GRACE)
    parts = AttemptPart.objects.filter(Q(reached=None) | Q(reached=position), attempt__in=running)
    parts = parts.filter(opened_at__isnull=False, closed_at=None)
    AttemptItem.objects.filter(part__in=parts, position=position, seen_at=None).update(seen_at=now)


def check_running(attempt: Attempt, browser: Browser | None, now: datetime) -> None:
    """Raise unless the attempt takes answers from this browser now.

    Raises AlreadyHandedIn, OtherBrowser, TakenOver, Paused, TimeUp.
    """
    if not attempt.is_open:
        raise AlreadyHandedIn
    check_browser(attempt, browser)
    if attempt.is_paused:
        raise Paused
    if now > attempt.deadline + GRACE:
        raise TimeUp


def check_part(question: AttemptItem, now: datetime) -> None:
    """Raise unless the question's part is open and, where it is kept in order, the question is the one reached.

    Raises PartClosed, NotReached, PartTimeUp, QuestionLeft.
    """
    part = question.part
    if part.closed_at is not None:
        raise PartClosed
    if part.deadline is None:
        raise NotReached
    if now > part.deadline + GRACE:
        raise PartTimeUp
    if part.reached is not None and question.position < part.reached:
        raise QuestionLeft
    if part.reached is not None and question.position > part.reached:
        raise NotReached


def check_browser(attempt: Attempt, browser: Browser | None) -> None:
    """Raise OtherBrowser or TakenOver where the attempt is not this browser's; None asks nothing."""
    if browser is None:
        return
    if attempt.exam.browser_keys and not browser.shows_one_of(attempt.exam.browser_keys):
        raise OtherBrowser
    if attempt.is_elsewhere(browser.device):
        raise TakenOver


def _question(person: User, attempt_id: int, position: int, browser: Browser | None, now: datetime) -> AttemptItem:
    """Lock the attempt, so that a save and a hand-in follow one another, and return the question while it is open."""
    question = (
        latest_first(AttemptItem.objects.filter(attempt=attempt_id, attempt__person=person, position=position))
        .select_related("attempt__exam", "item_version", "part")
        .only(
            "position",
            "option_order",
            "attempt__state",
            "attempt__deadline",
            "attempt__device",
            "attempt__paused_at",
            "attempt__seed",
            "attempt__exam__browser_keys",
            "attempt__exam__mode",
            "item_version__kind",
            "item_version__options",
            "item_version__parts",
            "part__order",
            "part__opened_at",
            "part__closed_at",
            "part__deadline",
            "part__reached",
        )
        .select_for_update(of=("attempt", "part"))
        .first()
    )
    if question is None:
        raise NoSuchQuestion
    check_running(question.attempt, browser, now)
    check_part(question, now)
    return question


def _save(question: AttemptItem, revision: int, value: marking.Seen, now: datetime) -> Saved:
    answer = _clean(question, value)
    standing = _standing(question)
    same = answer == question.answer
    if same and revision in (standing.revision, standing.revision - 1):
        return standing
    if revision != standing.revision:
        raise Conflict(standing)
    Response.objects.create(attempt_item=question, revision=revision + 1, value=answer, saved_at=now)
    return Saved(revision + 1, question.as_seen(answer), now, _ends(question))


def _clean(question: AttemptItem, value: marking.Seen) -> marking.Answer:
    try:
        return question.as_meant(value)
    except marking.MarkingError as error:
        raise InvalidAnswer from error


def _standing(question: AttemptItem) -> Saved:
    return Saved(question.revision, question.as_seen(question.answer), question.saved_at, _ends(question))


def _ends(question: AttemptItem) -> datetime:
    assert question.part.deadline is not None
    return question.part.deadline
