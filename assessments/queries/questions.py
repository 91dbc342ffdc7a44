"""Questions as their candidate sees them: no key, no rationale and no id of an option or part is ever read here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from assessments import rules
from assessments.models import Attempt, AttemptItem, ItemVersion
from assessments.scoring import marking

from .paper import Sitting, with_answers
from .saying import Said, said
from .showing import Shown, shown_by_place

Kind = ItemVersion.Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """An option under the number this candidate sees it by; `place` is where an ordering has it now, from 1."""

    number: int
    said: Said
    chosen: bool
    place: int
    media: list[Shown]


@dataclass(frozen=True, slots=True)
class Field:
    """What is answered at once: the whole of a simple question, or one part of it under its number, from "1".

    `kind` says how it is answered; a line of a matching or a document check is a "pick" from the choices of all.
    """

    number: str
    kind: str
    said: Said
    choices: list[Choice]
    value: marking.Seen
    media: list[Shown]

    @property
    def prefix(self) -> str:
        """What the names of its controls begin with."""
        return f"{self.number}-" if self.number else ""

    @property
    def answered(self) -> bool:
        return self.value is not None

    @property
    def is_multiple(self) -> bool:
        return self.kind == Kind.MULTIPLE

    @property
    def is_ordering(self) -> bool:
        return self.kind == Kind.ORDERING

    @property
    def is_typed(self) -> bool:
        return self.kind in (Kind.NUMERIC, Kind.SHORT_TEXT, Kind.OPEN)

    @property
    def is_pick(self) -> bool:
        return self.kind == PICK

    @property
    def input_type(self) -> str:
        return "checkbox" if self.is_multiple else "radio"

    @property
    def ordered(self) -> list[Choice]:
        """The steps of an ordering in the order they stand now."""
        return sorted(self.choices, key=lambda choice: choice.place)


PICK = "pick"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text with gaps, and the gap that follows them."""

    words: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answer that stands."""

    position: int
    kind: str
    stem: Said
    fields: list[Field]
    value: marking.Seen
    revision: int
    saved_at: datetime | None
    flagged: bool
    seen: bool
    pieces: list[Piece] = field(default_factory=list)
    unit: Said | None = None
    media: list[Shown] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The text as a list has it: a gap is drawn as a line, its id stays here."""
        return "____".join(piece.words for piece in self.pieces) if self.pieces else self.stem.text

    @property
    def answered(self) -> bool:
        return self.value is not None

    @property
    def partly(self) -> bool:
        """Whether some of its parts are answered and others are not."""
        return self.answered and not all(field.answered for field in self.fields)

    @property
    def is_whole(self) -> bool:
        """Whether it is answered at once, not in parts."""
        return len(self.fields) == 1 and not self.fields[0].number

    @property
    def is_documents(self) -> bool:
        return self.kind == Kind.DOCUMENTS

    @property
    def is_played(self) -> bool:
        """Whether it is done before an observer, with nothing to answer on the screen."""
        return self.kind == Kind.SCENARIO


def questions_of(attempt: Attempt, *positions: int) -> list[Question]:
    """Return the questions at `positions` (default: all), in the language of the paper."""
    return _questions(attempt, attempt.items.filter(position__in=positions) if positions else attempt.items.all())


def questions_shown(sitting: Sitting) -> list[Question]:
    """Return the questions of a sitting that may be read now."""
    return _questions(sitting.attempt, sitting.attempt.items.filter(position__in=sitting.readable))


def _questions(attempt: Attempt, rows: QuerySet[AttemptItem]) -> list[Question]:
    items = (
        with_answers(rows)
        .select_related("item_version")
        .prefetch_related("item_version__media__file")
        .only(
            "attempt", "position", "option_order", "flagged", "seen_at", "item_version__kind", "item_version__stem",
            "item_version__options", "item_version__parts", "item_version__details",
        )
        .order_by("position")
    )  # fmt: skip
    return [
        question_as_seen(
            item.item_version,
            item.option_order,
            item.as_seen(item.answer),
            attempt.language,
            position=item.position,
            revision=item.revision,
            saved_at=item.saved_at,
            flagged=item.flagged,
            seen=item.seen_at is not None,
        )
        for item in items
    ]


def question_as_seen(
    version: ItemVersion, order: marking.Order, value: marking.Seen, language: str, **facts: Any
) -> Question:
    """Return a question as one candidate sees it, given the order of their options and their answer."""
    stem = said(version.stem, language)
    media = shown_by_place(version, language)
    fields = list(_fields(version, order, value, language, media))
    by_id = {part["id"]: one for part, one in zip(version.parts, fields, strict=False)}
    pieces = rules.stem_pieces(stem.text) if version.kind == Kind.CLOZE else []
    return Question(
        kind=version.kind,
        stem=stem,
        fields=fields,
        value=value,
        pieces=[Piece(words, by_id.get(gap)) for words, gap in pieces],
        unit=said(version.details["unit"], language) if version.details.get("unit") else None,
        media=media.get("", []),
        **facts,
    )


def _fields(
    version: ItemVersion, order: marking.Order, value: marking.Seen, language: str, media: Mapping[str, list[Shown]]
) -> Iterator[Field]:
    if version.kind == Kind.SCENARIO:
        return
    if not version.parts:
        choices = _choices(version.kind, version.options, order, value, language, media)
        yield Field("", version.kind, Said("", language), choices, value, [])
        return
    values: Mapping[str, marking.Seen] = value if isinstance(value, Mapping) else {}
    for number, part in enumerate(version.parts, start=1):
        given = values.get(str(number))
        own = order[part["id"]] if isinstance(order, Mapping) else order
        kind, options = part.get("kind") or PICK, part.get("options") or version.options
        choices = _choices(kind, options if own else [], own, given, language, {})
        words, beside = said(part.get("text") or {}, language), media.get(f"p:{part['id']}", [])
        yield Field(str(number), kind, words, choices, given, beside)


def _choices(
    kind: str,
    options: Sequence[Mapping[str, Any]],
    order: marking.Order,
    value: marking.Seen,
    language: str,
    media: Mapping[str, list[Shown]],
) -> list[Choice]:
    assert not isinstance(order, Mapping)
    texts = {option["id"]: option["text"] for option in options}
    chosen = [value] if isinstance(value, int) else value if isinstance(value, list) else []
    places = {
        number: index
        for index, number in enumerate(
            chosen if kind == Kind.ORDERING and chosen else range(1, len(order) + 1), start=1
        )
    }
    return [
        Choice(
            number, said(texts[option], language), number in chosen, places.get(number, 0), media.get(f"o:{option}", [])
        )
        for number, option in enumerate(order, start=1)
    ]
