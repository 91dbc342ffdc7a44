"""An item as it is written or comes out of a file, and what is still wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assessments.scoring import marking
from assessments.scoring.marking import ItemKind

Texts = Mapping[str, str]

GAP = re.compile(r"\[\[([\w-]{1,20})\]\]")
MOST_OPTIONS = 26
MOST_PARTS = 26
MOST_MEDIA = 12
LONGEST_TEXT = 10_000
WITH_OPTIONS = frozenset({ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE, ItemKind.ORDERING})
WITH_LINES = frozenset({ItemKind.MATCHING, ItemKind.DOCUMENTS})
WITH_PARTS = frozenset({ItemKind.CLOZE, ItemKind.CASE})
# Where else than beside the question a medium may stand: in an option that is not chosen from a list, in a part.
SHOW_OPTIONS = frozenset({ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDERING})
SHOW_PARTS = frozenset({ItemKind.MATCHING, ItemKind.DOCUMENTS, ItemKind.CASE})


@dataclass(frozen=True, slots=True)
class Choice:
    """An option: its id within the item, and its words by language."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Line:
    """A part: a line of a matching, a document, a gap (no text of its own), a question of a case."""

    id: str
    text: Texts = field(default_factory=dict)
    kind: ItemKind | None = None
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a recording that is kept under `ref`; `place` as `ItemMedia` has it.

    `text` is what a picture shows, or the words of a recording; a decorative picture needs none.
    """

    ref: str
    is_picture: bool
    text: Texts = field(default_factory=dict)
    place: str = ""
    decorative: bool = False

    @property
    def needs_text(self) -> bool:
        return not (self.is_picture and self.decorative)


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """Everything an author says about an item; `key` has the form its kind asks for (`scoring.marking`).

    `details`: what candidates may see beside the stem: {"unit": Texts} of a number, {"minutes": 7} of a scenario.
    What they must not see (criteria, injected events, a model answer) is part of the key. `judged_p`: chance that
    somebody just at `level` reaches `bar`, the share of credit that counts as right. `code`, `competency` and `cites`
    are words from a file: the item's own name there, a competency's code, clauses as "policy/clause". `media`: None
    where nothing is said of pictures and recordings, so that those that are there stay.
    """

    kind: ItemKind
    stem: Texts
    key: object
    options: tuple[Choice, ...] = ()
    parts: tuple[Line, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    rationale: Texts = field(default_factory=dict)
    code: str = ""
    competency: str = ""
    level: int | None = None
    judged_p: float | None = None
    bar: float = 1.0
    valid_from: date | None = None
    valid_until: date | None = None
    cites: tuple[str, ...] = ()
    media: tuple[Medium, ...] | None = None


class ProblemCode(StrEnum):
    """What can be wrong with an item; the words for each stand in `assessments.services.items`."""

    NO_STEM = "no_stem"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    EMPTY_OPTION = "empty_option"
    SAME_OPTION = "same_option"
    EMPTY_PART = "empty_part"
    GAPS_DIFFER = "gaps_differ"
    TOO_MANY_MEDIA = "too_many_media"
    NO_ALT = "no_alt"
    NO_TRANSCRIPT = "no_transcript"
    BROKEN_KEY = "broken_key"
    LANGUAGE_INCOMPLETE = "language_incomplete"
    DATES_REVERSED = "dates_reversed"
    CHANCE = "chance"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `where` is the id of an option or part, a medium's ref or a language; `detail` for the log."""

    code: ProblemCode
    where: str = ""
    detail: str = ""


def shape_of(
    kind: str, options: Sequence[Mapping[str, object]], parts: Sequence[Mapping[str, object]] = ()
) -> marking.Shape:
    """Return the shape of an item as it is stored: options [{"id"}], parts [{"id", "kind"?, "options"?}]."""
    return marking.shape(
        kind,
        [str(option["id"]) for option in options],
        [
            marking.Part(
                str(part["id"]),
                ItemKind(str(part["kind"])) if part.get("kind") else None,
                tuple(str(option["id"]) for option in part.get("options") or ()),  # type: ignore[attr-defined]  # JSON
            )
            for part in parts
        ],
    )


def places_of(kind: str, options: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Return where media of an item may stand, given the ids of its options and parts; "" is beside the question."""
    own = [f"o:{ident}" for ident in options] if kind in SHOW_OPTIONS else []
    lines = [f"p:{ident}" for ident in parts] if kind in SHOW_PARTS else []
    return ["", *own, *lines]


def gaps_of(stem: str) -> list[str]:
    """Return the ids of the gaps of a cloze, written [[id]], in the order they stand."""
    return GAP.findall(stem)


def stem_pieces(stem: str) -> list[tuple[str, str]]:
    """Return the text of a cloze as (words, id of the gap that follows); the last piece has no gap: ""."""
    pieces = GAP.split(stem)
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def problems_of(draft: ItemDraft, source: str, languages: Sequence[str]) -> list[Problem]:
    """Return what keeps an item from being used, in the order an author would read it; empty: nothing.

    An item is whole in one language, its own; in another of `languages` it has all of its texts or none.
    """
    own = own_language(draft, source, languages)
    return [
        *_problems_of_texts(draft, own, languages),
        *_problems_of_media(draft, own),
        *_problems_of_numbers(draft),
        *_problems_of_key(draft),
    ]


def own_language(draft: ItemDraft, source: str, languages: Sequence[str]) -> str:
    """Return the language an item is written in: `source` where its question has a text in it, else the first of any.

    An office that writes in one language alone need not write in another; candidates read what there is.
    """
    return next((code for code in (source, *languages) if draft.stem.get(code, "").strip()), source)


def _problems_of_texts(draft: ItemDraft, source: str, languages: Sequence[str]) -> Iterator[Problem]:
    if not draft.stem.get(source, "").strip():
        yield Problem(ProblemCode.NO_STEM)
    if len(draft.options) > MOST_OPTIONS or len(draft.parts) > MOST_PARTS:
        yield Problem(ProblemCode.TOO_MANY)
    if any(len(text) > LONGEST_TEXT for texts in _all_texts(draft) for text in texts.values()):
        yield Problem(ProblemCode.TOO_LONG)
    yield from _problems_of_options(draft.options, source)
    for part in draft.parts:
        if draft.kind is not ItemKind.CLOZE and not part.text.get(source, "").strip():
            yield Problem(ProblemCode.EMPTY_PART, part.id)
        yield from _problems_of_options(part.options, source)
    for language in languages:
        text = draft.stem.get(language)
        if draft.kind is ItemKind.CLOZE and text and sorted(gaps_of(text)) != sorted(part.id for part in draft.parts):
            yield Problem(ProblemCode.GAPS_DIFFER, language)
        if language != source and draft.stem.get(language) and any(not t.get(language) for t in _needed_texts(draft)):
            yield Problem(ProblemCode.LANGUAGE_INCOMPLETE, language)


def _problems_of_media(draft: ItemDraft, source: str) -> Iterator[Problem]:
    if len(draft.media or ()) > MOST_MEDIA:
        yield Problem(ProblemCode.TOO_MANY_MEDIA)
    for medium in draft.media or ():
        if medium.needs_text and not medium.text.get(source, "").strip():
            yield Problem(ProblemCode.NO_ALT if medium.is_picture else ProblemCode.NO_TRANSCRIPT, medium.ref)


def _problems_of_options(options: Sequence[Choice], source: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for option in options:
        text = " ".join(option.text.get(source, "").split()).casefold()
        if not text:
            yield Problem(ProblemCode.EMPTY_OPTION, option.id)
        elif text in seen:
            yield Problem(ProblemCode.SAME_OPTION, option.id)
        seen.add(text)


def _problems_of_numbers(draft: ItemDraft) -> Iterator[Problem]:
    if draft.valid_from and draft.valid_until and draft.valid_from > draft.valid_until:
        yield Problem(ProblemCode.DATES_REVERSED)
    if draft.judged_p is not None and not 0.02 <= draft.judged_p <= 0.98:
        yield Problem(ProblemCode.CHANCE)
    if not 0 < draft.bar <= 1:
        yield Problem(ProblemCode.BAR)


def _problems_of_key(draft: ItemDraft) -> Iterator[Problem]:
    parts = tuple(marking.Part(part.id, part.kind, tuple(option.id for option in part.options)) for part in draft.parts)
    try:
        marking.check_key(marking.shape(draft.kind, [option.id for option in draft.options], parts), draft.key)
    except marking.MarkingError as error:
        yield Problem(ProblemCode.BROKEN_KEY, detail=str(error))


def _needed_texts(draft: ItemDraft) -> Iterator[Texts]:
    """Yield the texts a candidate reads, except those of gaps, which stand in the stem."""
    yield draft.stem
    for option in draft.options:
        yield option.text
    for part in draft.parts:
        if draft.kind is not ItemKind.CLOZE:
            yield part.text
        for option in part.options:
            yield option.text
    for medium in draft.media or ():
        if medium.needs_text:
            yield medium.text


def _all_texts(draft: ItemDraft) -> Iterator[Texts]:
    yield from _needed_texts(draft)
    yield draft.rationale
