"""Keeping answers while the clock runs. An answer acknowledged is an answer kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from assessments.models import Attempt, AttemptItem, Response
from assessments.permissions import Refused
from assessments.queries import with_answers
from assessments.scoring import marking
from training.people.models import User

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
    """The latest answer the server holds: `value` as the candidate sees it, `saved_at` None before the first."""

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
    InvalidAnswer, Conflict, and as `check_running`.
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


def mark_seen(*, person: User, attempt_id: int, position: int, now: datetime) -> None:
    """Note when the candidate first saw a question; nothing happens once the attempt is over."""
    running = Attempt.objects.of(person).open().filter(pk=attempt_id, deadline__gte=now - GRACE)
    AttemptItem.objects.filter(attempt__in=running, position=position, seen_at=None).update(seen_at=now)


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
        with_answers(AttemptItem.objects.filter(attempt=attempt_id, attempt__person=person, position=position))
        .select_related("attempt__exam", "item_version")
        .only(
            "option_order",
            "attempt__state",
            "attempt__deadline",
            "attempt__device",
            "attempt__paused_at",
            "attempt__exam__browser_keys",
            "item_version__kind",
            "item_version__options",
            "item_version__parts",
        )
        .select_for_update(of=("attempt",))
        .first()
    )
    if question is None:
        raise NoSuchQuestion
    check_running(question.attempt, browser, now)
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
    return Saved(revision + 1, question.as_seen(answer), now, question.attempt.deadline)


def _clean(question: AttemptItem, value: marking.Seen) -> marking.Answer:
    try:
        return question.as_meant(value)
    except marking.MarkingError as error:
        raise InvalidAnswer from error


def _standing(question: AttemptItem) -> Saved:
    return Saved(question.revision, question.as_seen(question.answer), question.saved_at, question.attempt.deadline)
