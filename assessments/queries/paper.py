"""How far a sitting is: each question of a paper, whether it was seen, answered, flagged."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Attempt, AttemptItem, ItemVersion, Response
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

    @property
    def state(self) -> str:
        return "answered" if self.answered else "seen" if self.seen else "unseen"


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt and the state of all its questions."""

    attempt: Attempt
    lines: list[Line]

    @property
    def total(self) -> int:
        return len(self.lines)

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
        """Where to go on: the first question without an answer, else the first."""
        return next((line.position for line in self.lines if not line.answered and not line.played), 1)


def with_answers(questions: QuerySet[AttemptItem]) -> QuerySet[AttemptItem]:
    """Add the latest response to each question: `answer` (option ids or None), `revision` (0: none), `saved_at`."""
    latest = Response.objects.filter(attempt_item=OuterRef("pk")).order_by("-revision")
    return questions.annotate(
        answer=Subquery(latest.values("value")[:1], output_field=JSONField()),
        revision=Coalesce(Subquery(latest.values("revision")[:1]), 0),
        saved_at=Subquery(latest.values("saved_at")[:1]),
    )


def sitting_of(person: User, attempt_id: int) -> Sitting:
    """Return the person's attempt with its navigator. Raises Attempt.DoesNotExist for another's."""
    attempt = Attempt.objects.of(person).select_related("exam").defer("exam__reference_form").get(pk=attempt_id)
    rows = (
        with_answers(attempt.items.all())
        .order_by("position")
        .values_list("position", "answer", "seen_at", "flagged", "saved_at", "item_version__kind")
    )
    return Sitting(
        attempt,
        [
            Line(
                position, answer is not None, seen_at is not None, flagged, saved_at, kind == ItemVersion.Kind.SCENARIO
            )
            for position, answer, seen_at, flagged, saved_at, kind in rows
        ],
    )
