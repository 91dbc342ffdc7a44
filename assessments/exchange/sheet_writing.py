"""Writes items as rows of the template, in both languages; whoever calls makes the workbook of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assessments.rules import ItemDraft
from assessments.scoring.marking import ItemKind

from .building import true_false_options
from .canonical import number_text
from .report import Left, Told
from .sheet_columns import KINDS_SHOWN, LANGUAGES, LETTERS, LONGEST_CELL, TEMPLATE_OPTIONS, Column, template_columns
from .sheet_keys import gap_cell, number_cell, pairs_cell, words_cell
from .writing import CannotCarry, Carrier
from .xml_writing import fit

INVISIBLE = str.maketrans("", "", "\u200b\ufeff")
WITH_OPTIONS = (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDERING, ItemKind.MATCHING, ItemKind.DOCUMENTS)


def write_rows(drafts: Sequence[ItemDraft], *, language: str) -> tuple[list[Column], list[list[str]], tuple[Left, ...]]:
    """Return columns, rows and what they could not carry. `language` decides how kinds are called."""
    widest = max((len(draft.options) for draft in drafts), default=0)
    columns = template_columns(max(TEMPLATE_OPTIONS, widest))
    rows: list[list[str]] = []
    left: list[Left] = []
    for draft in drafts:
        carrier = Carrier(draft, language)
        carrier.notes.clear()  # a row holds both languages
        carrier.without_media()
        try:
            said = _said(carrier)
        except CannotCarry as reason:
            left.append(Left(draft.code, (*carrier.notes, reason.note), is_out=True))
            continue
        rows.append([said.get(column.field, "") for column in columns])
        left.extend(carrier.left())
    return columns, rows, tuple(left)


def _said(carrier: Carrier) -> dict[str, str]:
    draft = carrier.draft
    if draft.kind not in KINDS_SHOWN or len(draft.options) > len(LETTERS):
        raise CannotCarry(Told.KIND, kind=draft.kind.value)
    for code in draft.stem:
        if code not in LANGUAGES:
            carrier.tell(Told.LANGUAGE, language=code)
    said = {
        "code": draft.code,
        "kind": KINDS_SHOWN[draft.kind][0 if carrier.language == "zh-hans" else 1],
        "competency": draft.competency,
        "level": str(draft.level or ""),
        "judged": "" if draft.judged_p is None else number_text(draft.judged_p),
        "bar": "" if draft.bar == 1 else number_text(draft.bar),
        "minutes": str(draft.details.get("minutes") or ""),
        "cites": " ".join(draft.cites),
        "from": draft.valid_from.isoformat() if draft.valid_from else "",
        "until": draft.valid_until.isoformat() if draft.valid_until else "",
        **_texts("stem", draft.stem),
        **_texts("rationale", draft.rationale),
        **_texts("unit", draft.details.get("unit") or {}),  # type: ignore[arg-type]
        **_KEYS[draft.kind](carrier),
    }
    if draft.kind in WITH_OPTIONS:
        for name, option in zip(LETTERS, draft.options, strict=False):
            said |= _texts(f"option-{name}", option.text)
    return {field: _cell(carrier, text) for field, text in said.items() if text}


def _cell(carrier: Carrier, text: str) -> str:
    kept = fit(carrier, text)
    visible = kept.translate(INVISIBLE).strip()
    if len(visible) < len(kept):
        carrier.tell(Told.CONTROL, number=len(kept) - len(visible))
    if len(visible) > LONGEST_CELL:
        raise CannotCarry(Told.LONG_CELL, limit=LONGEST_CELL)
    return visible


def _texts(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}:{code}": text for code, text in texts.items() if code in LANGUAGES}


def _chosen(carrier: Carrier) -> dict[str, str]:
    return {"key": "".join(carrier.key).upper()}


def _truth(carrier: Carrier) -> dict[str, str]:
    said = {"key": "对" if carrier.key == ["true"] else "错"}
    if carrier.draft.options != true_false_options(sorted(carrier.draft.stem)):
        for name, option in zip(LETTERS, carrier.draft.options, strict=False):
            said |= _texts(f"option-{name}", option.text)
    return said


def _matched(carrier: Carrier) -> dict[str, str]:
    draft = carrier.draft
    said = {"key": pairs_cell(carrier.key, draft.kind)}
    for code in LANGUAGES:
        texts = [line.text.get(code, "") for line in draft.parts]
        if all(texts):
            said[f"lines:{code}"] = "\n".join(_flat(carrier, text) for text in texts)
    return said


def _number(carrier: Carrier) -> dict[str, str]:
    return {"key": number_cell(carrier.key["answers"])}


def _words(carrier: Carrier) -> dict[str, str]:
    return {"key": words_cell(carrier.key["answers"]), "by_case": "是" if carrier.key.get("match_case") else ""}


def _gaps(carrier: Carrier) -> dict[str, str]:
    for gap in carrier.draft.parts:
        key = carrier.key[gap.id]
        if isinstance(key, Mapping) and key.get("match_case"):
            carrier.tell(Told.MATCH_CASE)
        if gap.kind is ItemKind.SINGLE and len(carrier.draft.stem) > 1:
            raise CannotCarry(Told.LANGUAGE, language=next(c for c in carrier.draft.stem if c != carrier.language))
    return {"key": "\n".join(f"{gap.id}: {_flat(carrier, gap_cell(carrier, gap))}" for gap in carrier.draft.parts)}


def _judged(carrier: Carrier) -> dict[str, str]:
    said = {
        **_numbered(carrier, "guide", "points", carrier.key["criteria"]),
        **_numbered(carrier, "events", "minute", carrier.key.get("events") or []),
        **_texts("model", carrier.key.get("model_answer") or {}),
    }
    if any(name not in ("criteria", "events", "model_answer") for name in carrier.key):
        carrier.tell(Told.GUIDE, points=0)
    return said


def _numbered(carrier: Carrier, field: str, name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    said = {}
    for code in LANGUAGES:
        texts = [row["text"].get(code, "") for row in rows]
        if rows and all(texts):
            lines = (f"[{row[name]}] {_flat(carrier, text)}" for row, text in zip(rows, texts, strict=True))
            said[f"{field}:{code}"] = "\n".join(lines)
        elif any(texts):
            carrier.tell(Told.LANGUAGE, language=code)
    if rows and not said:
        raise CannotCarry(Told.GUIDE, points=0)
    return said


def _flat(carrier: Carrier, text: str) -> str:
    """Return a text on one line, where a line break means the next entry."""
    if "\n" in text:
        carrier.tell(Told.SPACES)
    return " ".join(text.split("\n"))


_KEYS: dict[ItemKind, Callable[[Carrier], dict[str, str]]] = {
    ItemKind.SINGLE: _chosen,
    ItemKind.MULTIPLE: _chosen,
    ItemKind.ORDERING: _chosen,
    ItemKind.TRUE_FALSE: _truth,
    ItemKind.MATCHING: _matched,
    ItemKind.DOCUMENTS: _matched,
    ItemKind.NUMERIC: _number,
    ItemKind.SHORT_TEXT: _words,
    ItemKind.CLOZE: _gaps,
    ItemKind.OPEN: _judged,
    ItemKind.SCENARIO: _judged,
}
