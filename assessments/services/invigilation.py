"""What an invigilator does for attempts that are running: time, pauses, messages; and going on at another device."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments.models import Attempt, AttemptEvent, ExamSession
from assessments.permissions import Refused
from training.operations.services import Event, record, record_many
from training.people.models import User

from .answering import AlreadyHandedIn, TimeUp
from .parts import move_deadlines

MOST_MINUTES = 240
LONGEST_MESSAGE = 500
MOST_NOTICES = 200  # of one attempt; what a script sends without end is not kept without end
Kind = AttemptEvent.Kind


class InvalidMinutes(Refused):
    """More time than an exam has, or none."""

    code = "invalid_minutes"
    message = gettext_lazy("Give from 1 to 240 minutes.")


class NoWords(Refused):
    """A message or a reason without words, or with too many."""

    code = "no_words"
    message = gettext_lazy("Write from 1 to 500 characters.")


@transaction.atomic
def give_time(*, attempts: Iterable[Attempt], minutes: int, reason: str, by: User, at: datetime) -> int:
    """Move the end of the running ones among these attempts, and of the part each is at; return how many.

    Raises InvalidMinutes, NoWords.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidMinutes
    _checked(reason)
    running = _locked(attempts)
    for attempt in running:
        attempt.deadline += timedelta(minutes=minutes)
        attempt.given_minutes += minutes
    Attempt.objects.bulk_update(running, ["deadline", "given_minutes"])
    move_deadlines({attempt.pk: timedelta(minutes=minutes) for attempt in running})
    _keep(running, Kind.TIME, "assessments.time_given", by, at, text=reason, minutes=minutes)
    return len(running)


@transaction.atomic
def give_everybody_time(*, session: ExamSession, minutes: int, reason: str, by: User, at: datetime) -> int:
    """After an incident: more time for all that run, and for who starts later, as the session closes later."""
    session = ExamSession.objects.select_for_update().get(pk=session.pk)
    given = give_time(attempts=session.attempts.open(), minutes=minutes, reason=reason, by=by, at=at)
    before = {"closes_at": session.closes_at.isoformat()}
    session.closes_at += timedelta(minutes=minutes)
    session.save(update_fields=["closes_at"])
    after = {"closes_at": session.closes_at.isoformat(), "attempts": given}
    record(action="assessments.session_extended", by=by, subject=session, at=at, before=before, after=after,
           reason=reason)  # fmt: skip
    return given


@transaction.atomic
def pause(*, attempts: Iterable[Attempt], reason: str, by: User, at: datetime) -> int:
    """Stop the clock of those that run; return how many. Nothing can be read or answered meanwhile. Raises NoWords."""
    _checked(reason)
    running = [attempt for attempt in _locked(attempts) if not attempt.is_paused and not attempt.is_over(at)]
    for attempt in running:
        attempt.paused_at = at
    Attempt.objects.bulk_update(running, ["paused_at"])
    _keep(running, Kind.PAUSED, "assessments.paused", by, at, text=reason)
    return len(running)


@transaction.atomic
def resume(*, attempts: Iterable[Attempt], by: User, at: datetime) -> int:
    """Let the clock go on where it stood; return how many were paused."""
    paused = [attempt for attempt in _locked(attempts) if attempt.is_paused]
    move_deadlines({attempt.pk: attempt.ends_at(at) - attempt.deadline for attempt in paused})
    for attempt in paused:
        attempt.deadline = attempt.ends_at(at)
        attempt.paused_at = None
    Attempt.objects.bulk_update(paused, ["deadline", "paused_at"])
    _keep(paused, Kind.RESUMED, "assessments.resumed", by, at)
    return len(paused)


@transaction.atomic
def send_message(*, attempts: Iterable[Attempt], text: str, by: User, at: datetime) -> int:
    """Show a message on the screens of those that run; return how many. Raises NoWords."""
    _checked(text)
    running = _locked(attempts)
    _keep(running, Kind.MESSAGE, "assessments.message_sent", by, at, text=text)
    return len(running)


@transaction.atomic
def take_over(*, person: User, attempt_id: int, device: str, at: datetime) -> Attempt:
    """Go on at this device; the one before can only read that it cannot answer any more.

    Raises Attempt.DoesNotExist for another's attempt, AlreadyHandedIn, TimeUp.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam").get(pk=attempt_id, person=person)
    if not attempt.is_open:
        raise AlreadyHandedIn
    if attempt.is_over(at):
        raise TimeUp
    if not attempt.is_elsewhere(device):
        return attempt
    attempt.device = device
    attempt.save(update_fields=["device"])
    _keep([attempt], Kind.TAKEN_OVER, "assessments.taken_over", person, at)
    return attempt


def note_leaving(*, attempt: Attempt, at: datetime) -> None:
    """Keep that the exam page went out of sight. A person may read it; no rule does."""
    left = attempt.events.filter(kind=Kind.LEFT)
    if attempt.is_open and left.count() < MOST_NOTICES:
        AttemptEvent.objects.create(attempt=attempt, kind=Kind.LEFT, at=at)


def note_seen(*, attempt: Attempt, at: datetime) -> None:
    """Keep when the exam page last asked for the time, to a third of a minute."""
    recent = at - timedelta(seconds=20)
    if attempt.last_seen_at is None or attempt.last_seen_at < recent:
        Attempt.objects.filter(pk=attempt.pk).update(last_seen_at=at)


def _locked(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Lock those that are open, in one order, so that two invigilators never wait for each other."""
    chosen = [attempt.pk for attempt in attempts]
    rows = Attempt.objects.open().select_for_update(of=("self",)).select_related("person", "exam")
    return list(rows.filter(pk__in=chosen).order_by("pk"))


def _keep(
    attempts: list[Attempt],
    kind: str,
    action: str,
    by: User,
    at: datetime,
    *,
    text: str = "",
    minutes: int | None = None,
) -> None:
    """Write what was done to each attempt, once for those who read it and once for the audit trail."""
    AttemptEvent.objects.bulk_create(
        AttemptEvent(attempt=attempt, kind=kind, at=at, by=by, text=text.strip(), minutes=minutes)
        for attempt in attempts
    )
    events = [
        Event(
            action,
            attempt,
            person=attempt.person,
            after={"deadline": attempt.deadline.isoformat(), "minutes": minutes},
            # A message is the candidate's to read; the trail says that there was one.
            reason="" if kind == Kind.MESSAGE else text.strip(),
        )
        for attempt in attempts
    ]
    record_many(events, by=by, at=at)


def _checked(text: str) -> None:
    if not 1 <= len(text.strip()) <= LONGEST_MESSAGE:
        raise NoWords
