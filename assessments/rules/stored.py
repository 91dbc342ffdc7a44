"""The texts and parts of an item between a draft and the columns they are stored in."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.scoring.marking import ItemKind

from .drafts import Choice, ItemDraft, Line, Texts

STORED = (
    "kind", "stem", "options", "parts", "details", "key", "rationale", "level", "judged_p", "bar", "valid_from",
    "valid_until",
)  # fmt: skip


def stored(draft: ItemDraft) -> dict[str, Any]:
    """Return what of a draft stands in the columns of a version of the same names."""
    return {
        "kind": str(draft.kind),
        "stem": spoken(draft.stem),
        "options": [_choice_row(choice) for choice in draft.options],
        "parts": [_line_row(line) for line in draft.parts],
        "details": dict(draft.details),
        "key": draft.key,
        "rationale": spoken(draft.rationale),
        "level": draft.level,
        "judged_p": draft.judged_p,
        "bar": draft.bar,
        "valid_from": draft.valid_from,
        "valid_until": draft.valid_until,
        "words": words_of(draft),
    }


def words_of(draft: ItemDraft) -> str:
    """Return every text candidates may read, in all languages, as `plain` gives it: what a search looks through."""
    texts = [draft.stem, *(choice.text for choice in draft.options)]
    for line in draft.parts:
        texts += [line.text, *(choice.text for choice in line.options)]
    texts += [medium.text for medium in draft.media or ()]
    return plain("\n".join(text for one in texts for text in one.values()))


def plain(text: str) -> str:
    """Return a text as searches compare it: full-width and half-width, capital and small letters alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def choices_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """Return the options that stand in a column."""
    return tuple(Choice(str(row["id"]), row.get("text") or {}) for row in rows)


def lines_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Return the parts that stand in a column."""
    return tuple(
        Line(
            str(row["id"]),
            row.get("text") or {},
            ItemKind(row["kind"]) if row.get("kind") else None,
            choices_of(row.get("options") or ()),
        )
        for row in rows
    )


def spoken(texts: Texts) -> dict[str, str]:
    """Return the texts without languages that say nothing."""
    return {language: text for language, text in texts.items() if text}


def _choice_row(choice: Choice) -> dict[str, Any]:
    return {"id": choice.id, "text": spoken(choice.text)}


def _line_row(line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {"id": line.id}
    if line.text:
        row["text"] = spoken(line.text)
    if line.kind is not None:
        row |= {"kind": str(line.kind), "options": [_choice_row(choice) for choice in line.options]}
    return row
