"""How far a sitting is: each question of a paper, whether it was seen, answered, flagged; and the part it is at."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import AdaptivePlan, Attempt, AttemptItem, AttemptPart, ItemVersion, Response
from training.people.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the navigator."""

    position: int
    answered: bool
    seen: bool
    flagged: bool
    saved_at: datetime | None
    played: bool = False  # before an observer: there is nothing to answer
    part: int = 1
    locked: bool = False  # in a part kept in order: left, or not reached yet

    @property
    def state(self) -> str:
        return "answered" if self.answered else "seen" if self.seen else "unseen"


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt and the state of its questions: those of the part that is open, or of the whole paper."""

    attempt: Attempt
    paper: list[Line]
    parts: list[AttemptPart]
    part: AttemptPart | None
    adaptive: AdaptivePlan | None = None

    @property
    def whole(self) -> "Sitting":
        """The same with all questions, whatever part is open."""
        return replace(self, part=None)

    @property
    def lines(self) -> list[Line]:
        return [line for line in self.paper if self.part is None or line.part == self.part.number]

    @property
    def total(self) -> int:
        """How many questions the whole paper has, an adaptive one at most; they are numbered through all parts."""
        return self.adaptive.longest if self.adaptive else len(self.paper)

    @property
    def is_through(self) -> bool:
        """Whether an adaptive test has asked all it asks."""
        return self.adaptive is not None and bool(self.adaptive.stop)

    @property
    def still_least(self) -> int:
        """How many questions handing in an adaptive test now would add, all counted as wrong."""
        if self.adaptive is None or self.adaptive.stop:
            return 0
        return max(0, self.adaptive.shortest - len(self.paper))

    @property
    def several(self) -> bool:
        """Whether there is more than one part, so that the screen speaks of parts."""
        return len(self.parts) > 1

    @property
    def next_part(self) -> AttemptPart | None:
        return next((part for part in self.parts if part.opened_at is None), None)

    @property
    def next_size(self) -> int:
        """How many questions the next part has."""
        return sum(line.part == self.next_part.number for line in self.paper) if self.next_part else 0

    @property
    def first(self) -> int:
        """The first place of what is open."""
        return min((line.position for line in self.lines), default=1)

    @property
    def last(self) -> int:
        """The last place of what is open; of an adaptive test the one that is still to be chosen."""
        last = max((line.position for line in self.lines), default=1)
        return last + 1 if self.adaptive and not self.adaptive.stop else last

    @property
    def in_order(self) -> bool:
        return self.part is not None and self.part.in_order

    @property
    def readable(self) -> list[int]:
        """The places whose questions may be shown now."""
        return [line.position for line in self.lines if not line.locked]

    @property
    def number_of_part(self) -> int:
        """The place of the open part among all, from 1."""
        return next((place for place, part in enumerate(self.parts, start=1) if part == self.part), 0)

    @property
    def to_answer(self) -> int:
        """How many questions can be answered on the screen."""
        return sum(not line.played for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def not_answered(self) -> int:
        return self.to_answer - self.answered

    @property
    def seen_not_answered(self) -> int:
        return sum(line.state == "seen" and not line.played for line in self.lines)

    @property
    def not_seen(self) -> int:
        return sum(line.state == "unseen" and not line.played for line in self.lines)

    @property
    def flagged(self) -> int:
        return sum(line.flagged for line in self.lines)

    @property
    def last_saved_at(self) -> datetime | None:
        return max((line.saved_at for line in self.lines if line.saved_at), default=None)

    @property
    def first_open(self) -> int:
        """Where to go on: the first question that may be shown and has no answer, else the first of those."""
        shown = [line for line in self.lines if not line.locked]
        waiting = (line.position for line in shown if not line.answered and not line.played)
        return next(waiting, shown[0].position if shown else 1)


def with_answers(questions: QuerySet[AttemptItem]) -> QuerySet[AttemptItem]:
    """Add the latest response to each question: `answer` (option ids or None), `revision` (0: none), `saved_at`."""
    latest = Response.objects.filter(attempt_item=OuterRef("pk")).order_by("-revision")
    return questions.annotate(
        answer=Subquery(latest.values("value")[:1], output_field=JSONField()),
        revision=Coalesce(Subquery(latest.values("revision")[:1]), 0),
        saved_at=Subquery(latest.values("saved_at")[:1]),
    )


def latest_first(question: QuerySet[AttemptItem]) -> QuerySet[AttemptItem]:
    """Add the same to one question, which then comes once for each response, the latest first.

    A save reads one question and nothing else; joined, its responses cost a third less than three questions for them.
    """
    given = {"answer": F("responses__value"), "saved_at": F("responses__saved_at")}
    return question.annotate(**given, revision=Coalesce("responses__revision", 0)).order_by("-revision")


def readable_items() -> QuerySet[AttemptItem]:
    """Return the questions of parts that are open; in order, the one reached."""
    is_open = AttemptItem.objects.filter(part__opened_at__isnull=False, part__closed_at=None)
    return is_open.filter(Q(part__reached=None) | Q(part__reached=F("position")))


def sitting_of(person: User, attempt_id: int) -> Sitting:
    """Return the person's attempt with its navigator: of the open part, or once handed in of the whole paper.

    Raises Attempt.DoesNotExist for another's.
    """
    attempt, parts = _attempt_in_parts(person, attempt_id)
    rows = (
        with_answers(attempt.items.all())
        .order_by("position")
        .values_list("position", "answer", "seen_at", "flagged", "saved_at", "item_version__kind", "part")
    )
    paper = [
        Line(
            position,
            answered=answer is not None,
            seen=seen_at is not None,
            flagged=flagged,
            saved_at=saved_at,
            played=kind == ItemVersion.Kind.SCENARIO,
            part=parts[part].number,
            locked=parts[part].reached not in (None, position),
        )
        for position, answer, seen_at, flagged, saved_at, kind, part in rows
    ]
    is_open = (part for part in parts.values() if part.is_open)
    part = next(is_open, None) if attempt.is_open else None
    plan = attempt.adaptive if attempt.exam.is_adaptive else None
    return Sitting(attempt, paper, list(parts.values()), part, plan)


def _attempt_in_parts(person: User, attempt_id: int) -> tuple[Attempt, dict[int, AttemptPart]]:
    """Return the attempt and its parts by key, in their order, from one query: every attempt has a part."""
    rows = AttemptPart.objects.filter(attempt=attempt_id, attempt__person=person).select_related(
        "attempt__exam", "attempt__adaptive"
    )
    heavy = ("exam__reference_form", "exam__exposure", "adaptive__pool")
    parts = list(rows.defer(*(f"attempt__{field}" for field in heavy)).order_by("number"))
    if not parts:
        raise Attempt.DoesNotExist
    attempt = parts[0].attempt
    for part in parts:
        part.attempt = attempt
    return attempt, {part.pk: part for part in parts}
