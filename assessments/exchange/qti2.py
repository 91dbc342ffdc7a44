"""Reads QTI 2.1 and 2.2 items."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from xml.etree.ElementTree import Element

from assessments.rules import ItemDraft
from training.lib.office.trees import LINE, child, children, every, inner_html, words

from .collecting import Collector
from .losses import Losses
from .plain import from_html
from .qti2_interactions import INTERACTIONS, Item
from .report import Format, ReadFile, Refused, Told
from .tags import with_tags
from .trees import tree

GENERATED = ("templateDeclaration", "templateProcessing")
ASIDE = frozenset(["feedbackInline", "feedbackBlock", "templateBlock", "templateInline"])
RATIONALE = "rationale"


def read_qti2(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read one XML file of items in `language`. Raises FileRefused for what is no XML or holds no item."""
    collector = Collector(Format.QTI2, source, languages)
    collect(collector, tree(data), language, ())
    return collector.finish()


def collect(collector: Collector, root: Element, language: str, tags: Iterable[str]) -> None:
    """Take the items of a tree; `tags` are what a manifest says of them."""
    for element in every(root, "assessmentItem"):
        name = element.get("label", "") or element.get("identifier", "")
        text = words(child(element, "itemBody")).strip() or element.get("title", "")
        line = int(element.get(LINE, "0")) or None
        collector.add(_builder(element, language, tuple(tags)), line=line, name=name, text=text)


def is_qti2(root: Element) -> bool:
    """Say whether an XML file holds QTI 2 items."""
    return next(every(root, "assessmentItem"), None) is not None


def _builder(element: Element, language: str, tags: tuple[str, ...]) -> Callable[[Losses], ItemDraft]:
    def build(losses: Losses) -> ItemDraft:
        if any(child(element, name) is not None for name in GENERATED):
            raise Refused(Told.CALCULATED)
        body = child(element, "itemBody")
        if body is None:
            raise Refused(Told.MISSING_PART, part="itemBody")
        rationale = _feedback(element, losses)
        guide = _rubrics(body, losses)
        _without_asides(body, losses)
        found = [one for one in body.iter() if one.tag.endswith("Interaction")]
        if not found:
            raise Refused(Told.DESCRIPTION)
        if strange := next((one.tag for one in found if one.tag not in INTERACTIONS), None):
            on_picture = "raphic" in strange or "spot" in strange
            raise Refused(Told.BY_MEDIA if on_picture else Told.UNKNOWN_KIND, kind=strange)
        draft = Item(element, body, found, language, guide).draft(losses)
        draft = replace(draft, rationale={language: rationale}, code=_code(element, losses))
        return with_tags(draft, tags[:100], losses)

    return build


def _code(element: Element, losses: Losses) -> str:
    code = element.get("label", "") or element.get("identifier", "")
    title = element.get("title", "").strip()
    if title and title not in (code, element.get("identifier")):
        losses.tell(Told.TITLE, title=title)
    return code


def _feedback(element: Element, losses: Losses) -> str:
    rationale = ""
    for feedback in children(element, "modalFeedback"):
        text = from_html(inner_html(feedback), losses)
        if feedback.get("identifier") == RATIONALE:
            rationale = text
        elif text:
            losses.tell(Told.FEEDBACK, text=text)
    return rationale


def _rubrics(body: Element, losses: Losses) -> str:
    """Take out what is said to markers, and return it; what is said to others is told."""
    guide = ""
    for parent in list(body.iter()):
        for rubric in children(parent, "rubricBlock"):
            text = from_html(inner_html(rubric), losses)
            if "scorer" in rubric.get("view", "").split():
                guide = text
            elif text:
                losses.tell(Told.RESULT_FEEDBACK, text=text)
            _take_out(parent, rubric)
    return guide


def _without_asides(body: Element, losses: Losses) -> None:
    for parent in list(body.iter()):
        for aside in [one for one in parent if one.tag in ASIDE]:
            if text := words(aside).strip():
                losses.tell(Told.FEEDBACK, text=text)
            _take_out(parent, aside)
        if child(parent, "printedVariable") is not None:
            raise Refused(Told.CALCULATED)


def _take_out(parent: Element, element: Element) -> None:
    """Remove an element but not the text behind it."""
    place = list(parent).index(element)
    if element.tail:
        if place:
            parent[place - 1].tail = (parent[place - 1].tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
