"""The exams a person may sit, may not sit yet, and has sat."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments import rules
from assessments.models import Attempt, Entitlement, Exam, ExamPart, ExamSession
from assessments.permissions import (
    MustWait,
    NeedsLearning,
    PaperIncomplete,
    Refused,
    Taken,
    entitlement_to_use,
    extra_minutes,
    used_up,
    window_of,
)
from training.people.models import User

from .chosen import fixed_paper
from .drawing import asked_about, pilot_pool
from .practice import PracticeLine, practice_offered


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An exam as one person sees it in the list: `until` is the last moment to start it, `refusal` why it cannot be."""

    exam: Exam
    until: datetime | None = None
    attempts_left: int = 0
    refusal: Refused | None = None
    why: dict[str, str] = field(default_factory=dict)

    @property
    def is_resit(self) -> bool:
        """Whether what stands in the way is an attempt that did not pass."""
        return isinstance(self.refusal, MustWait | NeedsLearning)

    @property
    def reason(self) -> str:
        return str(self.refusal) if self.refusal else ""


@dataclass(frozen=True, slots=True)
class ExamList:
    """A person's exams by what can be done with them."""

    running: list[Attempt]
    open: list[ExamLine]
    blocked: list[ExamLine]
    waiting: list[Attempt]
    done: list[Attempt]
    practice: list[PracticeLine]


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the rules on the start page need; `deadline` is what it would be on starting now."""

    exam: Exam
    parts: list[ExamPart]
    why: dict[str, str]
    extra_minutes: int
    deadline: datetime
    attempts_left: int
    running: Attempt | None
    refusal: Refused | None
    closes_at: datetime | None
    session: ExamSession | None

    @property
    def questions(self) -> int:
        return sum(part.questions for part in self.parts)  # type: ignore[attr-defined]  # annotated below

    @property
    def in_order(self) -> bool:
        """Whether a part lets nobody go back to a question."""
        return any(part.order == ExamPart.Order.IN_ORDER for part in self.parts)


def exam_list(person: User, *, now: datetime) -> ExamList:
    """Return the person's exams: those they were given a place in, those open to others, and their results."""
    granted: dict[int, list[Entitlement]] = defaultdict(list)
    for entitlement in Entitlement.objects.filter(person=person).select_related("session"):
        granted[entitlement.exam_id].append(entitlement)
    taken: dict[int, list[Attempt]] = defaultdict(list)
    attempts = Attempt.objects.of(person).select_related("exam", "certificate").defer("exam__reference_form")
    for attempt in attempts.order_by("-started_at"):
        taken[attempt.exam_id].append(attempt)
    everything = [attempt for rows in taken.values() for attempt in rows]
    running = {attempt.exam_id: attempt for attempt in everything if attempt.is_open}
    offered = Exam.objects.filter(Q(is_open=True) | Q(pk__in=granted)).exclude(pk__in=running).order_by("code")
    offered = offered.exclude(mode=Exam.Mode.PRACTICE)
    lines = [exam_line(exam, granted[exam.pk], taken[exam.pk], now) for exam in offered]
    done = [attempt for attempt in everything if attempt.state == Attempt.State.SCORED]
    return ExamList(
        running=list(running.values()),
        open=[line for line in lines if not line.refusal],
        blocked=[line for line in lines if line.refusal and (line.is_resit or not taken[line.exam.pk])],
        waiting=[attempt for attempt in everything if attempt.waits],
        done=sorted(done, key=lambda attempt: attempt.started_at, reverse=True),
        practice=practice_offered(person, now=now),
    )


def exam_line(exam: Exam, granted: list[Entitlement], taken: Sequence[Taken], now: datetime) -> ExamLine:
    """Return the exam as somebody sees it who was granted these places and has taken these attempts."""
    try:
        place = entitlement_to_use(exam, granted, taken, now)
    except Refused as refusal:
        return ExamLine(exam, refusal=refusal)
    ends = [moment for moment in (place.until, window_of(exam, place)[1]) if moment]
    return ExamLine(exam, min(ends, default=None), _left(granted, used_up(taken), now), why=place.why)


def exam_for(person: User, code: str) -> Exam:
    """Return an exam with its framework.

    Raises Exam.DoesNotExist; so does one that is not open, for those who were never given a place in it.
    """
    mine = Entitlement.objects.filter(person=person, exam=OuterRef("pk"))
    return Exam.objects.filter(Q(is_open=True) | Exists(mine)).select_related("framework").get(code=code)


def start_page(person: User, exam: Exam, *, now: datetime) -> StartPage:
    """Return what the person must know before the clock starts; `exam` is one that `exam_for` returned."""
    granted = list(Entitlement.objects.filter(person=person, exam=exam).select_related("session"))
    taken = list(Attempt.objects.of(person).filter(exam=exam))
    used = used_up(taken)
    refusal: Refused | None = None
    place, today = None, timezone.localdate(now)
    try:
        place = entitlement_to_use(exam, granted, taken, now)
        if exam.is_fixed and not fixed_paper(exam, on=today, until=today).is_sound:
            refusal = PaperIncomplete()
    except Refused as error:
        refusal = error
    closes_at = window_of(exam, place)[1] if place else exam.closes_at
    extra = extra_minutes(granted, now)
    return StartPage(
        exam=exam,
        parts=_parts(exam, today),
        why=place.why if place else {},
        extra_minutes=extra,
        deadline=rules.deadline(now, exam.minutes, closes_at, extra),
        attempts_left=_left(granted, used, now),
        running=next((attempt for attempt in taken if attempt.is_open), None),
        refusal=refusal,
        closes_at=closes_at,
        session=place.session if place else None,
    )


def _parts(exam: Exam, today: date) -> list[ExamPart]:
    """Return the parts with how many `questions` each has on a paper, those tried out among them."""
    asked = Count("chosen") if exam.is_fixed else Coalesce(Sum("rows__count"), 0)
    parts = list(exam.parts.annotate(questions=asked))
    if exam.pilots:
        number = min(exam.pilots, len(pilot_pool(exam, asked_about(exam), on=today)))
        shares = rules.pilot_shares(number, {part.number: part.questions for part in parts})
        for part in parts:
            part.questions += shares.get(part.number, 0)
    return parts


def _left(granted: list[Entitlement], used: Mapping[int, int], now: datetime) -> int:
    return sum(row.attempts - used.get(row.pk, 0) for row in granted if row.until is None or now <= row.until)
