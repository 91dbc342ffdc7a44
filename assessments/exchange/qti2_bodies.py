"""One item as QTI 2.2 XML: declarations, body and how it is scored."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from assessments.rules import Choice, Line, stem_pieces
from assessments.scoring.marking import SOUND, ItemKind

from .canonical import number_text
from .guides import guide_text
from .report import Told
from .writing import CannotCarry, Carrier
from .xml_writing import fit, put

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p2"
TEMPLATES = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"
SOUND_WORDS = {"en": "Nothing is wrong with it", "zh-hans": "无误"}
WITH_CHOICES = frozenset([ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE, ItemKind.ORDERING])
TYPED = frozenset([ItemKind.NUMERIC, ItemKind.SHORT_TEXT])


def item_of(carrier: Carrier, identifier: str) -> tuple[Element, list[tuple[str, bytes]]]:
    """Return the item, and the files it shows by name. Raises CannotCarry for a kind QTI has no interaction for."""
    draft = carrier.draft
    if draft.kind is ItemKind.SCENARIO:
        raise CannotCarry(Told.KIND, kind=draft.kind.value)
    code = fit(carrier, draft.code)
    attributes = {"xmlns": NAMESPACE, "identifier": identifier, "title": code or identifier}
    attributes |= {"label": code} if code else {}
    item = Element("assessmentItem", {**attributes, "adaptive": "false", "timeDependent": "false"})
    writer = _Writer(carrier, item, identifier)
    body = Element("itemBody")
    writer.body(body)
    score = put(item, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    put(put(score, "defaultValue"), "value", "0")
    item.append(body)
    writer.processing()
    if rationale := draft.rationale.get(carrier.language):
        feedback = put(item, "modalFeedback", outcomeIdentifier="SHOWN", identifier="rationale", showHide="show")
        writer.paragraphs(feedback, rationale)
    return item, writer.media


class _Writer:
    """Puts the responses of one item into its body and remembers how each is scored."""

    def __init__(self, carrier: Carrier, item: Element, identifier: str) -> None:
        self.carrier = carrier
        self.item = item
        self.identifier = identifier
        self.media: list[tuple[str, bytes]] = []
        self.responses: list[tuple[str, ItemKind, Any]] = []

    def body(self, body: Element) -> None:
        draft, carrier = self.carrier.draft, self.carrier
        if draft.kind is ItemKind.CLOZE:
            self._show(body, "", "p")
            self._cloze(body)
            return
        self.paragraphs(body, carrier.text(draft.stem))
        self._show(body, "", "p")
        if draft.kind is ItemKind.CASE:
            for part in draft.parts:
                assert part.kind is not None
                block = put(body, "div", **{"class": "question"})
                self.paragraphs(block, carrier.text(part.text))
                self._show(block, f"p:{part.id}", "p")
                self._ask(block, part.kind, carrier.key[part.id], part.options, f"R{part.id}")
        elif draft.kind in (ItemKind.MATCHING, ItemKind.DOCUMENTS):
            self._match(body)
        elif draft.kind is ItemKind.OPEN:
            self._open(body)
        else:
            self._ask(body, draft.kind, carrier.key, draft.options, "RESPONSE")

    def paragraphs(self, holder: Element, text: str) -> None:
        """Write a text with one paragraph for each line."""
        for line in self._said(text).split("\n"):
            put(holder, "p", line)

    def _show(self, holder: Element, place: str, around: str = "") -> None:
        """Show what stands at a place, each in an element of its own where one is named."""
        for one in self.carrier.media(place):
            name = f"{self.identifier}-{one.name}"
            self.media.append((name, one.data))
            inside = put(holder, around) if around else holder
            if one.is_picture:
                role = {"role": "presentation"} if one.decorative else {}
                put(inside, "img", src=name, alt=fit(self.carrier, one.text), **role)
            else:
                put(inside, "object", data=name, type=one.content_type, label=fit(self.carrier, one.text))

    def _said(self, text: str) -> str:
        """Return a text as it comes back from XHTML, where several blanks are one."""
        lines = [" ".join(line.split()) for line in fit(self.carrier, text).split("\n")]
        said = "\n".join(line for line in lines if line)
        if said != text.strip():
            self.carrier.tell(Told.SPACES)
        return said

    def _choice(self, holder: Element, name: str, option: Choice, place: str = "-", **attributes: str) -> None:
        first, *rest = self._said(self.carrier.text(option.text)).split("\n")
        element = put(holder, name, first, identifier=option.id, **attributes)
        for line in rest:
            SubElement(element, "br").tail = line
        self._show(element, place)

    def _declare(self, response: str, cardinality: str, base: str, correct: Sequence[str]) -> Element:
        element = put(self.item, "responseDeclaration", identifier=response, cardinality=cardinality, baseType=base)
        holder = put(element, "correctResponse")
        for value in correct:
            put(holder, "value", fit(self.carrier, value))
        return element

    def _map(self, declaration: Element, entries: Mapping[str, float], **attributes: str) -> None:
        mapping = put(declaration, "mapping", lowerBound="0", defaultValue="0")
        for key, value in entries.items():
            put(mapping, "mapEntry", mapKey=fit(self.carrier, key), mappedValue=f"{value:g}", **attributes)

    def _ask(self, holder: Element, kind: ItemKind, key: Any, options: Sequence[Choice], response: str) -> None:
        self.responses.append((response, kind, key))
        if kind in TYPED:
            self._typed(put(holder, "p"), kind, key, response)
            return
        several = kind is ItemKind.MULTIPLE
        cardinality = "ordered" if kind is ItemKind.ORDERING else "multiple" if several else "single"
        declaration = self._declare(response, cardinality, "identifier", key)
        if several:
            self._map(declaration, {one.id: (1 if one.id in key else -1) / len(key) for one in options})
        if kind is ItemKind.ORDERING:
            self.carrier.tell(Told.SCORING)
            interaction = put(holder, "orderInteraction", responseIdentifier=response, shuffle="true")
        else:
            most = "0" if several else "1"
            interaction = put(holder, "choiceInteraction", responseIdentifier=response, shuffle="true", maxChoices=most)
        for option in options:
            self._choice(interaction, "simpleChoice", option, f"o:{option.id}")

    def _typed(self, holder: Element, kind: ItemKind, key: Any, response: str) -> Element:
        rows = key["answers"]
        if kind is ItemKind.NUMERIC:
            best = next(row for row in rows if row["credit"] == 1)
            self._declare(response, "single", "float", [best["low"]])
        else:
            if any("*" in row["text"] for row in rows):
                self.carrier.tell(Told.WILDCARD)
            best = next(row for row in rows if row["credit"] == 1)
            declaration = self._declare(response, "single", "string", [best["text"]])
            by_case = "true" if key.get("match_case") else "false"
            self._map(declaration, {row["text"]: row["credit"] for row in rows}, caseSensitive=by_case)
        return put(holder, "textEntryInteraction", responseIdentifier=response)

    def _cloze(self, body: Element) -> None:
        parts = {part.id: part for part in self.carrier.draft.parts}
        stem = self._said(self.carrier.text(self.carrier.draft.stem))
        if len(parts) == 1 and stem.endswith("]]") and parts["1"].kind in TYPED:
            raise CannotCarry(Told.GAPS)  # it would come back as a question with one answer behind it
        paragraph, last = put(body, "p"), None
        for words, ident in stem_pieces(stem):
            first, *rest = words.split("\n")
            _append(paragraph, last, first)
            for line in rest:
                paragraph, last = put(body, "p", line), None
            if ident in parts:
                last = self._gap(paragraph, parts[ident])

    def _gap(self, holder: Element, gap: Line) -> Element:
        response, key = f"R{gap.id}", self.carrier.key[gap.id]
        assert gap.kind is not None
        self.responses.append((response, gap.kind, key))
        if gap.kind in TYPED:
            return self._typed(holder, gap.kind, key, response)
        self._declare(response, "single", "identifier", key)
        interaction = put(holder, "inlineChoiceInteraction", responseIdentifier=response, shuffle="true")
        for option in gap.options:
            self._choice(interaction, "inlineChoice", option)
        return interaction

    def _match(self, body: Element) -> None:
        carrier, draft = self.carrier, self.carrier.draft
        options = list(draft.options)
        if draft.kind is ItemKind.DOCUMENTS:
            carrier.tell(Told.SCORING)
            options.append(Choice(SOUND, {carrier.language: SOUND_WORDS.get(carrier.language, SOUND_WORDS["en"])}))
        pairs = [f"p{line.id} {carrier.key[line.id]}" for line in draft.parts]
        declaration = self._declare("RESPONSE", "multiple", "directedPair", pairs)
        self._map(declaration, dict.fromkeys(pairs, 1 / len(pairs)))
        self.responses.append(("RESPONSE", draft.kind, draft.key))
        interaction = put(
            body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true", maxAssociations=str(len(pairs))
        )
        lines = put(interaction, "simpleMatchSet")
        for line in draft.parts:
            option = Choice(f"p{line.id}", line.text)
            self._choice(lines, "simpleAssociableChoice", option, f"p:{line.id}", matchMax="1")
        rights = put(interaction, "simpleMatchSet")
        for option in options:
            self._choice(rights, "simpleAssociableChoice", option, matchMax=str(len(pairs)))

    def _open(self, body: Element) -> None:
        self._declare("RESPONSE", "single", "string", [])
        put(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
        rubric = put(body, "rubricBlock", view="scorer")
        self.paragraphs(rubric, guide_text(self.carrier))

    def processing(self) -> None:
        """Say how the responses add up, by a standard template where one says it."""
        kind = self.carrier.draft.kind
        if kind is ItemKind.OPEN:
            return
        if len(self.responses) == 1 and kind is not ItemKind.NUMERIC and kind is not ItemKind.CLOZE:
            name = "match_correct" if kind in WITH_CHOICES - {ItemKind.MULTIPLE} else "map_response"
            put(self.item, "responseProcessing", template=f"{TEMPLATES}{name}")
            return
        processing = put(self.item, "responseProcessing")
        for response, part, key in self.responses:
            share = 1 / len(self.responses)
            if part is ItemKind.NUMERIC:
                _ranges(processing, response, key["answers"], share)
            elif part in (ItemKind.MULTIPLE, ItemKind.SHORT_TEXT):
                _add(processing, share, response, "mapResponse")
            else:
                _add_if_right(processing, share, response)


def _append(paragraph: Element, last: Element | None, text: str) -> None:
    if last is None:
        paragraph.text = (paragraph.text or "") + text
    else:
        last.tail = text


def _add(holder: Element, share: float, response: str = "", name: str = "") -> None:
    total = put(put(holder, "setOutcomeValue", identifier="SCORE"), "sum")
    put(total, "variable", identifier="SCORE")
    term = put(total, "product") if response else total
    if response:
        put(term, name, identifier=response)
    put(term, "baseValue", f"{share:g}", baseType="float")


def _add_if_right(processing: Element, share: float, response: str) -> None:
    branch = put(put(processing, "responseCondition"), "responseIf")
    match = put(branch, "match")
    put(match, "variable", identifier=response)
    put(match, "correct", identifier=response)
    _add(branch, share)


def _ranges(processing: Element, response: str, rows: Sequence[Mapping[str, Any]], share: float) -> None:
    """Write one branch for each range, the one that earns most first, as the first that fits counts."""
    condition = put(processing, "responseCondition")
    for number, row in enumerate(sorted(rows, key=lambda row: -row["credit"])):
        branch = put(condition, "responseElseIf" if number else "responseIf")
        both = put(branch, "and")
        for name, bound in (("gte", row["low"]), ("lte", row["high"])):
            comparison = put(both, name)
            put(comparison, "variable", identifier=response)
            put(comparison, "baseValue", number_text(bound), baseType="float")
        _add(branch, share * row["credit"])
