"""A paper as its candidate sees it: no key, no rationale and no id of an option is ever read here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Attempt, AttemptItem, ItemVersion, Numbers, Response
from training.lib.texts import Texts
from training.people.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is really in, which may not be the one asked for."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option under the number this candidate sees it by; `place` is where an ordering has it now, from 1."""

    number: int
    said: Said
    chosen: bool
    place: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answer that stands."""

    position: int
    kind: str
    stem: Said
    choices: list[Choice]
    value: Numbers
    revision: int
    saved_at: datetime | None
    flagged: bool
    seen: bool

    @property
    def answered(self) -> bool:
        return self.value is not None

    @property
    def input_type(self) -> str:
        return "checkbox" if self.kind == ItemVersion.Kind.MULTIPLE else "radio"

    @property
    def is_ordering(self) -> bool:
        return self.kind == ItemVersion.Kind.ORDERING

    @property
    def is_multiple(self) -> bool:
        return self.kind == ItemVersion.Kind.MULTIPLE

    @property
    def ordered(self) -> list[Choice]:
        """The steps of an ordering in the order they stand now."""
        return sorted(self.choices, key=lambda choice: choice.place)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the navigator."""

    position: int
    answered: bool
    seen: bool
    flagged: bool
    saved_at: datetime | None

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
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def not_answered(self) -> int:
        return self.total - self.answered

    @property
    def seen_not_answered(self) -> int:
        return sum(line.state == "seen" for line in self.lines)

    @property
    def not_seen(self) -> int:
        return sum(line.state == "unseen" for line in self.lines)

    @property
    def flagged(self) -> int:
        return sum(line.flagged for line in self.lines)

    @property
    def last_saved_at(self) -> datetime | None:
        return max((line.saved_at for line in self.lines if line.saved_at), default=None)

    @property
    def first_open(self) -> int:
        """Where to go on: the first question without an answer, else the first."""
        return next((line.position for line in self.lines if not line.answered), 1)


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
        .values_list("position", "answer", "seen_at", "flagged", "saved_at")
    )
    return Sitting(
        attempt,
        [
            Line(position, answer is not None, seen_at is not None, flagged, saved_at)
            for position, answer, seen_at, flagged, saved_at in rows
        ],
    )


def questions_of(attempt: Attempt, *positions: int) -> list[Question]:
    """Return the questions at `positions` (default: all), in the language of the paper."""
    items = (
        with_answers(attempt.items.all())
        .select_related("item_version")
        .only(
            "attempt", "position", "option_order", "flagged", "seen_at",
            "item_version__kind", "item_version__stem", "item_version__options",
        )
        .order_by("position")
    )  # fmt: skip
    if positions:
        items = items.filter(position__in=positions)
    return [_question(item, attempt.language) for item in items]


def said(texts: Texts, language: str) -> Said:
    """Return the text in `language`, else in the source language, else in any, together with its language."""
    for code in (language, settings.LANGUAGE_CODE, *texts):
        if texts.get(code):
            return Said(texts[code], code)
    return Said("", language)


def _question(item: AttemptItem, language: str) -> Question:
    value = item.numbers(item.answer)
    return Question(
        position=item.position,
        kind=item.item_version.kind,
        stem=said(item.item_version.stem, language),
        choices=list(_choices(item, value, language)),
        value=value,
        revision=item.revision,
        saved_at=item.saved_at,
        flagged=item.flagged,
        seen=item.seen_at is not None,
    )


def _choices(item: AttemptItem, value: Numbers, language: str) -> Iterator[Choice]:
    texts = {option["id"]: option["text"] for option in item.item_version.options}
    chosen: Sequence[int] = [] if value is None else [value] if isinstance(value, int) else value
    order = chosen if item.item_version.kind == ItemVersion.Kind.ORDERING and chosen else range(1, len(texts) + 1)
    place = {number: index for index, number in enumerate(order, start=1)}
    for number, option in enumerate(item.option_order, start=1):
        yield Choice(number, said(texts[option], language), number in chosen, place.get(number, 0))
