"""What items have and other systems have not, as tags: "level:3". Formats with tags or keywords carry them so."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from assessments.rules import ItemDraft

from .canonical import number_text
from .losses import Losses
from .report import Told

UNIT = "unit"
LONGEST_PLAY = 240


def tags_of(draft: ItemDraft) -> list[str]:
    """Return the tags that carry an item's facts, its code and its texts aside."""
    facts: list[tuple[str, object]] = [
        ("competency", draft.competency),
        ("level", draft.level),
        ("judged", None if draft.judged_p is None else number_text(draft.judged_p)),
        ("bar", None if draft.bar == 1 else number_text(draft.bar)),
        ("from", draft.valid_from),
        ("until", draft.valid_until),
        ("minutes", draft.details.get("minutes")),
        *(("cites", cited) for cited in draft.cites),
        *((f"{UNIT}-{code}", text) for code, text in _unit(draft).items()),
    ]
    return [f"{name}:{value}" for name, value in facts if value not in (None, "")]


def with_tags(draft: ItemDraft, tags: Iterable[str], losses: Losses) -> ItemDraft:
    """Return the item with the facts its tags say; a tag that says none is told."""
    for tag in tags:
        name, colon, value = (piece.strip() for piece in tag.partition(":"))
        read = _READ.get(name) if colon and value else None
        if name.startswith(f"{UNIT}-") and value:
            draft = replace(draft, details={**draft.details, UNIT: {**_unit(draft), name[len(UNIT) + 1 :]: value}})
            continue
        try:
            if read is None:
                raise ValueError(tag)
            draft = read(draft, value)
        except (ValueError, OverflowError):
            losses.tell(Told.TAG, tag=tag)
    return draft


def _unit(draft: ItemDraft) -> dict[str, Any]:
    unit = draft.details.get(UNIT)
    return dict(unit) if isinstance(unit, dict) else {}


def _level(draft: ItemDraft, value: str) -> ItemDraft:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 9):
        raise ValueError(value)
    return replace(draft, level=int(value))


def _minutes(draft: ItemDraft, value: str) -> ItemDraft:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= LONGEST_PLAY):
        raise ValueError(value)
    return replace(draft, details={**draft.details, "minutes": int(value[:4])})


_READ = {
    "competency": lambda draft, value: replace(draft, competency=value),
    "level": _level,
    "judged": lambda draft, value: replace(draft, judged_p=float(value)),
    "bar": lambda draft, value: replace(draft, bar=float(value)),
    "from": lambda draft, value: replace(draft, valid_from=date.fromisoformat(value)),
    "until": lambda draft, value: replace(draft, valid_until=date.fromisoformat(value)),
    "minutes": _minutes,
    "cites": lambda draft, value: replace(draft, cites=(*draft.cites, value)),
}
