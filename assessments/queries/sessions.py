"""Exam sessions: which somebody looks after, and how each candidate of one is doing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from assessments.models import Attempt, AttemptEvent, AttemptItem, AttemptPart, Entitlement, ExamSession
from training.people.models import User

from .paper import with_answers

AWAY = timedelta(seconds=90)  # an open page asks for the time every half minute


@dataclass(frozen=True, slots=True)
class Seat:
    """One candidate of a session: not there yet, sitting, or done."""

    person: User
    place: Entitlement | None
    attempt: Attempt | None = None
    answered: int = 0
    total: int = 0
    left: int = 0
    devices: int = 0
    last_seen_at: datetime | None = None
    seconds_left: int = 0
    state: str = "absent"
    part: int = 0
    parts: int = 0
    part_seconds_left: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """A session as its invigilator watches it."""

    session: ExamSession
    now: datetime
    seats: list[Seat]
    events: list[AttemptEvent] = field(default_factory=list)

    def count(self, *states: str) -> int:
        return sum(seat.state in states for seat in self.seats)

    @property
    def absent(self) -> int:
        return self.count("absent")

    @property
    def sitting(self) -> int:
        return self.count("sitting", "away", "paused")

    @property
    def away(self) -> int:
        return self.count("away")

    @property
    def done(self) -> int:
        return self.count("done")


def sessions_listed(seen: QuerySet[ExamSession], *, now: datetime) -> dict[str, QuerySet[ExamSession]]:
    """Return sessions by time, each with its number of places and of attempts: running, coming, past."""
    rows = seen.select_related("exam").annotate(
        places_given=Count("places", distinct=True), started=Count("attempts", distinct=True)
    )
    alive = rows.filter(cancelled_at=None)
    return {
        "running": alive.filter(opens_at__lte=now, closes_at__gt=now).order_by("closes_at", "pk"),
        "coming": alive.filter(opens_at__gt=now).order_by("opens_at", "pk"),
        "past": rows.filter(Q(closes_at__lte=now) | Q(cancelled_at__isnull=False)).order_by("-opens_at", "-pk"),
    }


def board_of(session: ExamSession, *, now: datetime) -> Board:
    """Return every candidate of a session; the same number of queries for one and for a thousand."""
    places = session.places.select_related("person").order_by("person__staff_number")
    attempts = {row.entitlement_id: row for row in session.attempts.select_related("person").order_by("started_at")}
    answers = _answers(session)
    seats = []
    for place in places:
        attempt = attempts.get(place.pk)
        seats.append(_seat(place, attempt, answers, now) if attempt else Seat(place.person, place))
    return Board(session, now, seats, _events(session))


def messages_after(attempt: Attempt, number: int) -> list[dict[str, object]]:
    """Return the messages to a candidate that came after the one with this number."""
    rows = attempt.events.filter(kind=AttemptEvent.Kind.MESSAGE, pk__gt=number).order_by("pk")
    return [{"number": pk, "text": text} for pk, text in rows.values_list("pk", "text")]


def _seat(place: Entitlement, attempt: Attempt, answers: "_Answers", now: datetime) -> Seat:
    done, saved_at, total = answers.given[attempt.pk], answers.saved_at.get(attempt.pk), answers.total[attempt.pk]
    seen = max((one for one in (attempt.last_seen_at, saved_at, attempt.started_at) if one), default=None)
    events = answers.events[attempt.pk]
    parts = answers.parts[attempt.pk]
    part = next((one for one in parts if one.is_open), None)
    if part:
        part.attempt = attempt
    return Seat(
        person=place.person,
        place=place,
        attempt=attempt,
        answered=done,
        total=total,
        left=events.get(AttemptEvent.Kind.LEFT, 0),
        devices=events.get(AttemptEvent.Kind.TAKEN_OVER, 0),
        last_seen_at=seen,
        seconds_left=max(0, int((attempt.ends_at(now) - now).total_seconds())),
        state=_state(attempt, seen, now),
        part=parts.index(part) + 1 if part else 0,
        parts=len(parts),
        part_seconds_left=max(0, int((part.ends_at(now) - now).total_seconds())) if part else 0,
    )


def _state(attempt: Attempt, seen: datetime | None, now: datetime) -> str:
    if not attempt.is_open:
        return "done"
    if attempt.is_paused:
        return "paused"
    return "away" if seen and now - seen > AWAY else "sitting"


@dataclass(frozen=True, slots=True)
class _Answers:
    given: Mapping[int, int]
    total: Mapping[int, int]
    saved_at: Mapping[int, datetime]
    events: Mapping[int, Mapping[str, int]]
    parts: Mapping[int, list[AttemptPart]]


def _answers(session: ExamSession) -> _Answers:
    items = AttemptItem.objects.filter(attempt__session=session)
    rows = with_answers(items).order_by().values("attempt")
    counted = rows.annotate(given=Count("pk", filter=Q(answer__isnull=False)), total=Count("pk"), last=Max("saved_at"))
    given, total, saved = defaultdict[int, int](int), defaultdict[int, int](int), {}
    for attempt, done, number, last in counted.values_list("attempt", "given", "total", "last"):
        given[attempt], total[attempt], saved[attempt] = done, number, last
    events: defaultdict[int, dict[str, int]] = defaultdict(dict)
    noticed = AttemptEvent.objects.filter(attempt__session=session).order_by().values_list("attempt", "kind")
    for attempt, kind, number in noticed.annotate(number=Count("pk")):
        events[attempt][kind] = number
    parts: defaultdict[int, list[AttemptPart]] = defaultdict(list)
    for part in AttemptPart.objects.filter(attempt__session=session):
        parts[part.attempt_id].append(part)
    return _Answers(given, total, saved, events, parts)


def _events(session: ExamSession) -> list[AttemptEvent]:
    done = AttemptEvent.objects.filter(attempt__session=session).exclude(kind=AttemptEvent.Kind.LEFT)
    return list(done.select_related("attempt__person", "by").order_by("-at", "-pk")[:50])
