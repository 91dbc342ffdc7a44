"""One form for each item, whatever its ids were: what a file cannot say differently is not different here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assessments.rules import Choice, ItemDraft, Line, Medium
from assessments.rules.drafts import GAP
from assessments.scoring.marking import SOUND, TRUE_FALSE_OPTIONS, ItemKind, as_number

Ids = Mapping[str, str]


def letter(index: int) -> str:
    """Return the id of an option by its place: a, b, ... z, then o26."""
    return chr(ord("a") + index) if index < 26 else f"o{index}"


def canonical(draft: ItemDraft) -> ItemDraft:
    """Return the item with ids by place (options a, b; parts 1, 2), without empty texts, numbers in one spelling.

    The options of an ordering stand in their right order, those of a true/false item as true, false, those of a
    matching as its lines need them: candidates see them shuffled anyway. A key that does
    not fit the item stays as it is, for `problems_of` to name.
    """
    try:
        return _canonical(draft)
    except (AttributeError, KeyError, TypeError, ValueError):
        return draft


def _canonical(draft: ItemDraft) -> ItemDraft:
    options = _in_order(draft.kind, draft.options, draft.key, draft.parts)
    option_ids = _option_ids(draft.kind, options)
    parts = {part.id: str(number) for number, part in enumerate(draft.parts, start=1)}
    stem = cleaned(draft.stem)
    if draft.kind is ItemKind.CLOZE:
        if {gap for text in stem.values() for gap in GAP.findall(text)} != parts.keys():
            raise ValueError("gaps and parts differ")
        stem = {code: GAP.sub(lambda gap: f"[[{parts.get(gap[1], gap[1])}]]", text) for code, text in stem.items()}
    return replace(
        draft,
        stem=stem,
        options=_renamed(options, option_ids),
        parts=tuple(_part(part, parts[part.id], draft.key) for part in draft.parts),
        key=_key(draft, option_ids, parts),
        rationale=cleaned(draft.rationale),
        details=_details(draft.details),
        bar=float(draft.bar),
        media=_media(draft.media, option_ids, parts),
    )


def _media(media: Sequence[Medium] | None, options: Ids, parts: Ids) -> tuple[Medium, ...] | None:
    if media is None:
        return None
    places = {f"o:{old}": f"o:{new}" for old, new in options.items()} | {f"p:{o}": f"p:{n}" for o, n in parts.items()}
    return tuple(replace(one, place=places.get(one.place, ""), text=cleaned(one.text)) for one in media)


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts without outer white space, empty ones left out."""
    return {code: text.strip() for code, text in sorted(texts.items()) if text and text.strip()}


def number_text(text: object) -> str:
    """Return a number in its one spelling; what is none stays."""
    number = as_number(str(text))
    if number is None:
        return str(text)
    plain = format(number.normalize(), "f")
    return "0" if plain in ("-0", "") else plain


def _in_order(kind: ItemKind, options: Sequence[Choice], key: object, lines: Sequence[Line] = ()) -> list[Choice]:
    if kind is ItemKind.TRUE_FALSE:
        return sorted(options, key=lambda option: TRUE_FALSE_OPTIONS.index(option.id))
    if kind is ItemKind.ORDERING and isinstance(key, list | tuple):
        return sorted(options, key=lambda option: list(key).index(option.id))
    if kind in (ItemKind.MATCHING, ItemKind.DOCUMENTS) and isinstance(key, Mapping):
        used = [key[line.id] for line in lines]
        return sorted(options, key=lambda option: used.index(option.id) if option.id in used else len(used))
    return list(options)


def _option_ids(kind: ItemKind | None, options: Sequence[Choice]) -> Ids:
    if kind is ItemKind.TRUE_FALSE:
        return {option.id: option.id for option in options}
    return {option.id: letter(index) for index, option in enumerate(options)}


def _renamed(options: Sequence[Choice], ids: Ids) -> tuple[Choice, ...]:
    return tuple(Choice(ids[option.id], cleaned(option.text)) for option in options)


def _part(part: Line, ident: str, key: Any) -> Line:
    options = part.options
    if part.kind and options:
        options = tuple(_in_order(part.kind, options, key[part.id]))
    return replace(part, id=ident, text=cleaned(part.text), options=_renamed(options, _option_ids(part.kind, options)))


def _key(draft: ItemDraft, options: Ids, parts: Ids) -> object:
    key: Any = draft.key
    if draft.kind in (ItemKind.MATCHING, ItemKind.DOCUMENTS):
        return {parts[line]: SOUND if to == SOUND else options[to] for line, to in sorted_by(key, parts)}
    if draft.kind in (ItemKind.CLOZE, ItemKind.CASE):
        by_id = {part.id: part for part in draft.parts}
        return {parts[ident]: _part_key(by_id[ident], value) for ident, value in sorted_by(key, parts)}
    return _simple_key(draft.kind, options, key)


def sorted_by(key: Mapping[str, Any], parts: Ids) -> list[tuple[str, Any]]:
    """Return the pairs of a key in the order of the parts."""
    order = list(parts)
    return sorted(key.items(), key=lambda pair: order.index(pair[0]))


def _part_key(part: Line, key: Any) -> object:
    assert part.kind is not None
    options = _in_order(part.kind, part.options, key)
    return _simple_key(part.kind, _option_ids(part.kind, options), key)


def _simple_key(kind: ItemKind, options: Ids, key: Any) -> object:
    if kind is ItemKind.NUMERIC:
        return {"answers": [_number(row) for row in key["answers"]]}
    if kind is ItemKind.SHORT_TEXT:
        rows = [{"text": row["text"].strip(), "credit": _share(row["credit"])} for row in key["answers"]]
        return {"answers": rows, **({"match_case": True} if key.get("match_case") else {})}
    if kind in (ItemKind.OPEN, ItemKind.SCENARIO):
        return _guide(key)
    renamed = [options[ident] for ident in key]
    return renamed if kind is ItemKind.ORDERING else sorted(renamed)


def _number(row: Mapping[str, Any]) -> dict[str, object]:
    return {"low": number_text(row["low"]), "high": number_text(row["high"]), "credit": _share(row["credit"])}


def _share(credit: float) -> float:
    return round(float(credit), 5)


def _guide(key: Mapping[str, Any]) -> dict[str, object]:
    guide: dict[str, object] = {name: value for name, value in key.items() if value}
    guide["criteria"] = [
        {"id": str(number), "text": cleaned(row.get("text") or {}), "points": row["points"]}
        for number, row in enumerate(key["criteria"], start=1)
    ]
    if key.get("events"):
        guide["events"] = [
            {"id": str(number), "minute": row["minute"], "text": cleaned(row.get("text") or {})}
            for number, row in enumerate(key["events"], start=1)
        ]
    if key.get("model_answer"):
        guide["model_answer"] = cleaned(key["model_answer"])
    return guide


def _details(details: Mapping[str, Any]) -> dict[str, object]:
    found = {name: cleaned(value) if name == "unit" else value for name, value in details.items()}
    return {name: value for name, value in found.items() if value}
