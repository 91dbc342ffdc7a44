"""Writes GIFT: what it has no words for goes into tags, which stand in a comment before each question."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.rules import Choice, ItemDraft, Line, stem_pieces
from assessments.scoring.marking import ItemKind

from .gift import is_gap
from .gift_text import escaped, marked
from .report import Left, Told, Written
from .tags import tags_of
from .writing import CannotCarry, Carrier, percent


def write_gift(drafts: Sequence[ItemDraft], *, language: str) -> Written:
    """Return the items as GIFT in one language, with all that it could not carry."""
    found: list[str] = []
    left: list[Left] = []
    for draft in drafts:
        carrier = Carrier(draft, language)
        carrier.without_media()
        try:
            found.append(_question(carrier))
        except CannotCarry as reason:
            left.append(Left(draft.code, (*carrier.notes, reason.note), is_out=True))
            continue
        left.extend(carrier.left())
    return Written("\n\n".join([*found, ""]).encode(), tuple(left))


def _question(carrier: Carrier) -> str:
    draft = carrier.draft
    comment = "".join([marked("id", draft.code) if draft.code else "", *(marked("tag", tag) for tag in tags_of(draft))])
    before, gap, after = _round_the_answers(carrier)
    answers = _answers(carrier, gap)
    if rationale := draft.rationale.get(carrier.language):
        answers += f"####{_plain(rationale)}"
    title = f"::{escaped(' '.join(draft.code.split()))}::" if draft.code else ""
    lines = [f"// {comment}"] if comment else []
    return "\n".join([*lines, f"{title}[plain]{escaped(before)}{{{answers}}}{escaped(after)}"])


def _round_the_answers(carrier: Carrier) -> tuple[str, Line | None, str]:
    """Return the words before and after the answers, and the gap they fill in a cloze."""
    draft, stem = carrier.draft, carrier.text(carrier.draft.stem)
    if draft.kind is not ItemKind.CLOZE:
        return stem, None, ""
    pieces = stem_pieces(stem)
    if len(draft.parts) != 1 or len(pieces) != 2 or not is_gap(pieces[0][0], pieces[1][0]):
        raise CannotCarry(Told.GAPS)
    before, after = pieces[0][0], pieces[1][0]
    if _odd_edge(before[::-1]) or _odd_edge(after):
        carrier.tell(Told.SPACES)
    return before, draft.parts[0], after


def _odd_edge(text: str) -> bool:
    return len(text) - len(text.lstrip()) > 1 or text[:1] in ("\n", "\t")


def _answers(carrier: Carrier, gap: Line | None) -> str:
    draft = carrier.draft
    kind, key, options = draft.kind, carrier.key, draft.options
    if gap is not None:
        assert gap.kind is not None
        kind, key, options = gap.kind, carrier.key[gap.id], gap.options
    if kind is ItemKind.TRUE_FALSE:
        return "TRUE" if key == ["true"] else "FALSE"
    if kind in (ItemKind.SINGLE, ItemKind.MULTIPLE):
        return _choices(carrier, kind, key, options)
    if kind is ItemKind.MATCHING:
        return _pairs(carrier)
    if kind is ItemKind.NUMERIC:
        return "#" + " ".join(f"=%{_share(row)}%{row['low']}..{row['high']}" for row in key["answers"])
    if kind is ItemKind.SHORT_TEXT:
        return _words(carrier, key)
    if kind is ItemKind.OPEN:
        carrier.guide_without()
        return ""
    raise CannotCarry(Told.KIND, kind=draft.kind.value)


def _choices(carrier: Carrier, kind: ItemKind, key: Sequence[str], options: Sequence[Choice]) -> str:
    found = []
    for option in options:
        text, is_right = _plain(carrier.text(option.text)), option.id in key
        if kind is ItemKind.SINGLE:
            found.append(_weighed(text, is_right=is_right))
        else:
            found.append(f"~%{percent((1 if is_right else -1) / len(key))}%{text}")
    return " ".join(found)


def _weighed(text: str, *, is_right: bool) -> str:
    sign, share = ("=", "%100%") if is_right else ("~", "%0%")
    return f"{sign}{share}{text}" if text.startswith("%") else f"{sign}{text}"


def _pairs(carrier: Carrier) -> str:
    draft = carrier.draft
    texts = {option.id: carrier.text(option.text) for option in draft.options}
    pairs = [(carrier.text(line.text), texts[carrier.key[line.id]]) for line in draft.parts]
    pairs += [("", text) for ident, text in texts.items() if ident not in carrier.key.values()]
    if any("->" in left for left, _right in pairs):
        raise CannotCarry(Told.FRAGMENT, text="->")
    return " ".join(f"={_plain(left)} -> {_plain(right)}" for left, right in pairs)


def _words(carrier: Carrier, key: Mapping[str, Any]) -> str:
    if key.get("match_case"):
        carrier.tell(Told.MATCH_CASE)
    rows = [f"=%{_share(row)}%{_plain(str(row['text']))}" for row in key["answers"]]
    if all("->" in row for row in rows):
        raise CannotCarry(Told.FRAGMENT, text="->")
    return " ".join(rows)


def _share(row: Mapping[str, Any]) -> str:
    return percent(float(row["credit"]))


def _plain(text: str) -> str:
    """Return a text escaped, its format named where it would be taken to name one."""
    return escaped(f"[plain]{text}" if text.startswith("[") else text)
