"""Writes Moodle XML in one language; facts other systems lack travel as tags."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from assessments.rules import ItemDraft, Line, stem_pieces
from assessments.scoring.marking import ItemKind

from .canonical import number_text
from .guides import guide_text
from .moodle_gaps import OPENING, escaped
from .plain import as_html
from .report import Left, Told, Written, snippet
from .tags import tags_of
from .writing import CannotCarry, Carrier, Files, Outgoing, percent
from .xml_writing import document, fit, put

PLAIN = "plain_text"


def write_moodle(drafts: Sequence[ItemDraft], *, language: str, files: Files | None = None) -> Written:
    """Return the items as Moodle XML in one language, with all that it could not carry; `files` are their media."""
    root = Element("quiz")
    left: list[Left] = []
    for draft in drafts:
        carrier = Carrier(draft, language, files=files or {})
        try:
            root.append(_question(carrier))
        except CannotCarry as reason:
            left.append(Left(draft.code, (*carrier.notes, reason.note), is_out=True))
            continue
        left.extend(carrier.left())
    return Written(document(root), tuple(left))


def _question(carrier: Carrier) -> Element:
    draft = carrier.draft
    if draft.kind not in _KINDS:
        raise CannotCarry(Told.KIND, kind=draft.kind.value)
    kind, body = _KINDS[draft.kind]
    element = Element("question", {"type": kind})
    stem = _with_gaps(carrier) if draft.kind is ItemKind.CLOZE else carrier.text(draft.stem)
    _text(carrier, put(element, "name"), draft.code or snippet(carrier.text(draft.stem), 40))
    _said(carrier, element, "questiontext", stem)
    if rationale := draft.rationale.get(carrier.language):
        _text(carrier, put(element, "generalfeedback", format=PLAIN), rationale)
    put(element, "defaultgrade", "1")
    if draft.code:
        put(element, "idnumber", fit(carrier, draft.code))
    body(carrier, element)
    if tags := tags_of(draft):
        holder = put(element, "tags")
        for tag in tags:
            _text(carrier, put(holder, "tag"), tag)
    return element


def _said(carrier: Carrier, parent: Element, name: str, text: str, place: str = "", **attributes: str) -> Element:
    """Add a text with what stands beside it: as plain text, or as HTML where there is something to show."""
    media = carrier.media(place)
    holder = put(parent, name, **attributes, format="html" if media else PLAIN)
    shown = "".join(f"\n<p>{_shown(one)}</p>" for one in media)
    _text(carrier, holder, as_html(text) + shown if media else text)
    for one in media:
        put(holder, "file", b64encode(one.data).decode(), path="/", encoding="base64").set("name", one.name)
    return holder


def _shown(one: Outgoing) -> str:
    source = f'src="@@PLUGINFILE@@/{one.name}"'
    if not one.is_picture:
        return f'<audio controls="true" {source} title={quoteattr(one.text)}></audio>'
    role = ' role="presentation"' if one.decorative else ""
    return f"<img {source} alt={quoteattr(one.text)}{role}>"


def _text(carrier: Carrier, holder: Element, text: str) -> None:
    put(holder, "text", fit(carrier, text))


def _answer(carrier: Carrier, element: Element, text: str, share: float, **attributes: str) -> Element:
    answer = put(element, "answer", fraction=percent(share), **attributes)
    _text(carrier, answer, text)
    return answer


def _choices(carrier: Carrier, element: Element) -> None:
    is_single = carrier.draft.kind is ItemKind.SINGLE
    put(element, "single", "true" if is_single else "false")
    put(element, "shuffleanswers", "true")
    for option in carrier.draft.options:
        sign = 1 if option.id in carrier.key else 0 if is_single else -1
        share = percent(sign / len(carrier.key))
        _said(carrier, element, "answer", carrier.text(option.text), f"o:{option.id}", fraction=share)


def _truth(carrier: Carrier, element: Element) -> None:
    for option in ("true", "false"):
        _answer(carrier, element, option, float([option] == carrier.key), format=PLAIN)


def _words(carrier: Carrier, element: Element) -> None:
    put(element, "usecase", "1" if carrier.key.get("match_case") else "0")
    for row in carrier.key["answers"]:
        _answer(carrier, element, row["text"], row["credit"], format=PLAIN)


def _numbers(carrier: Carrier, element: Element) -> None:
    for row in carrier.key["answers"]:
        middle, tolerance = _middle(row)
        put(_answer(carrier, element, middle, row["credit"], format=PLAIN), "tolerance", tolerance)


def _middle(row: dict[str, Any]) -> tuple[str, str]:
    """Return a range as its middle and how far it reaches to both sides."""
    low, high = Decimal(row["low"]), Decimal(row["high"])
    return number_text((low + high) / 2), number_text((high - low) / 2)


def _pairs(carrier: Carrier, element: Element) -> None:
    put(element, "shuffleanswers", "true")
    draft = carrier.draft
    texts = {option.id: carrier.text(option.text) for option in draft.options}
    pairs = [(carrier.text(line.text), texts[carrier.key[line.id]], f"p:{line.id}") for line in draft.parts]
    idle = [("", text, "p:") for ident, text in texts.items() if ident not in carrier.key.values()]
    for left, right, place in [*pairs, *idle]:
        line = _said(carrier, element, "subquestion", left, place)
        _text(carrier, put(line, "answer"), right)


def _order(carrier: Carrier, element: Element) -> None:
    put(element, "layouttype", "VERTICAL")
    put(element, "selecttype", "ALL")
    put(element, "gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST")
    for option in carrier.draft.options:
        _said(carrier, element, "answer", carrier.text(option.text), f"o:{option.id}", fraction="100")


def _essay(carrier: Carrier, element: Element) -> None:
    put(element, "responseformat", "plain")
    _text(carrier, put(element, "graderinfo", format=PLAIN), guide_text(carrier))


def _cloze(_carrier: Carrier, _element: Element) -> None:
    """Nothing stands beside the text of a cloze."""


def _with_gaps(carrier: Carrier) -> str:
    parts = {part.id: part for part in carrier.draft.parts}
    found = []
    for words, ident in stem_pieces(carrier.text(carrier.draft.stem)):
        if OPENING.search(words) or "\\" in words:
            raise CannotCarry(Told.FRAGMENT, text=words)
        found.append(words + (_embedded(carrier, parts[ident]) if ident in parts else ""))
    return "".join(found)


def _embedded(carrier: Carrier, gap: Line) -> str:
    key = carrier.key[gap.id]
    if gap.kind is ItemKind.SINGLE:
        texts = [f"{'=' if option.id in key else '%0%'}{escaped(carrier.text(option.text))}" for option in gap.options]
        return f"{{1:MULTICHOICE:{'~'.join(texts)}}}"
    if gap.kind is ItemKind.NUMERIC:
        rows = [f"%{percent(row['credit'])}%{':'.join(_middle(row))}" for row in key["answers"]]
        return f"{{1:NUMERICAL:{'~'.join(rows)}}}"
    type_ = "SHORTANSWER_C" if key.get("match_case") else "SHORTANSWER"
    rows = [f"%{percent(row['credit'])}%{escaped(row['text'])}" for row in key["answers"]]
    return f"{{1:{type_}:{'~'.join(rows)}}}"


_KINDS: dict[ItemKind, tuple[str, Callable[[Carrier, Element], None]]] = {
    ItemKind.SINGLE: ("multichoice", _choices),
    ItemKind.MULTIPLE: ("multichoice", _choices),
    ItemKind.TRUE_FALSE: ("truefalse", _truth),
    ItemKind.SHORT_TEXT: ("shortanswer", _words),
    ItemKind.NUMERIC: ("numerical", _numbers),
    ItemKind.MATCHING: ("matching", _pairs),
    ItemKind.ORDERING: ("ordering", _order),
    ItemKind.OPEN: ("essay", _essay),
    ItemKind.CLOZE: ("cloze", _cloze),
}
