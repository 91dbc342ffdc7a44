"""What each interaction of QTI 2 comes to as a kind of item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from assessments.rules import Choice, ItemDraft, Line
from assessments.scoring.marking import SOUND, ItemKind
from training.lib.office.trees import child, children, every, inner_html

from .building import Weighed, accepted, bounded, choices, matching, one_of, ranges, some_of, true_false_options
from .canonical import letter
from .gift import bounds
from .guides import read_guide
from .losses import Losses
from .plain import from_html
from .qti2_scoring import Declared, declarations, is_summed, ranges_of, template_of
from .report import Refused, Told

INLINE = frozenset(["inlineChoiceInteraction", "textEntryInteraction"])
CHOOSING = frozenset(["choiceInteraction", "orderInteraction", "inlineChoiceInteraction"])
MATCHING = frozenset(["matchInteraction", "associateInteraction"])
INTERACTIONS = INLINE | CHOOSING | MATCHING | {"extendedTextInteraction"}
CHOICE_TAGS = ("simpleChoice", "inlineChoice", "simpleAssociableChoice")
QUESTION = "question"
"""The class by which our own files mark the questions of a case."""
NUMBERS = ("float", "integer")
FIRST_MARK = 0xFDD0
MOST_INTERACTIONS = 26
TRUTHS = {"true": "true", "false": "false", "t": "true", "f": "false"}


@dataclass
class Item:
    """One item: its element, the body without what is no part of the question, its interactions, its guide."""

    element: Element
    body: Element
    interactions: list[Element]
    language: str
    guide: str

    def draft(self, losses: Losses) -> ItemDraft:
        if len(self.interactions) > MOST_INTERACTIONS:
            raise Refused(Told.INTERACTIONS)
        self.declared = declarations(self.element)
        if not is_summed(self.element):
            losses.tell(Told.OWN_SCORING)
        if len(self.interactions) == 1 and self.interactions[0].tag not in INLINE:
            return self._single(self.interactions[0], losses)
        if all(one.tag in INLINE for one in self.interactions) and not self._is_case():
            return self._gaps(losses)
        return self._case(losses)

    def _is_case(self) -> bool:
        return any(one.get("class") == QUESTION for one in self.body)

    def _single(self, interaction: Element, losses: Losses) -> ItemDraft:
        prompt = self._prompt(interaction, losses)
        build = self._contents(interaction, losses)
        stem = "\n".join(text for text in (self._words_round([interaction], losses), prompt) if text)
        return ItemDraft(build.kind, {self.language: stem}, build.key, build.options, build.parts)

    def _contents(self, interaction: Element, losses: Losses) -> ItemDraft:
        """Return what an interaction asks, with no stem."""
        if interaction.tag in MATCHING:
            return self._pairs(interaction, losses)
        if interaction.tag == "extendedTextInteraction":
            return ItemDraft(ItemKind.OPEN, {}, read_guide(self.guide, self.language, losses))
        if interaction.tag == "textEntryInteraction":
            return self._typed(interaction, losses)
        return self._chosen(interaction, losses)

    def _declaration(self, interaction: Element) -> Declared:
        found = self.declared.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise Refused(Told.MISSING_PART, part=interaction.get("responseIdentifier", "responseDeclaration"))
        return found

    def _chosen(self, interaction: Element, losses: Losses) -> ItemDraft:
        declared = self._declaration(interaction)
        found = list(every(interaction, *CHOICE_TAGS))
        bounded(found)
        if interaction.get("shuffle", "").casefold() != "true" and interaction.tag == "choiceInteraction":
            losses.tell(Told.FIXED_ORDER)
        texts = {one.get("identifier", ""): from_html(inner_html(one), losses) for one in found}
        if declared.cardinality == "ordered":
            return self._ordered(texts, declared, losses)
        shares = declared.shares()
        self._known(shares, texts)
        weighed = [Weighed(text, shares.get(ident, 0.0)) for ident, text in texts.items()]
        if declared.cardinality == "multiple":
            if template_of(self.element) == "match_correct":
                losses.tell(Told.OWN_SCORING)
                weighed = [Weighed(one.text, one.share or -1 / max(1, len(declared.correct))) for one in weighed]
            return some_of("", self.language, weighed, losses)
        draft = one_of("", self.language, weighed, losses)
        truths = [TRUTHS.get(ident.casefold()) for ident in texts]
        if sorted(filter(None, truths)) == ["false", "true"] and len(texts) == 2:
            return self._truth(draft, truths)
        return draft

    def _truth(self, draft: ItemDraft, truths: Sequence[str | None]) -> ItemDraft:
        key = [option.id for option in draft.options]
        right = truths[key.index(str(next(iter(draft.key))))]  # type: ignore[call-overload]
        by_id = dict(zip(truths, draft.options, strict=True))
        options = tuple(Choice(option.id, by_id[option.id].text) for option in true_false_options([self.language]))
        return ItemDraft(ItemKind.TRUE_FALSE, {}, [right], options)

    def _ordered(self, texts: Mapping[str, str], declared: Declared, losses: Losses) -> ItemDraft:
        self._known(declared.correct, texts)
        if len(declared.correct) != len(texts):
            raise Refused(Told.NO_ANSWER)
        losses.tell(Told.OWN_SCORING)
        options = choices([texts[ident] for ident in declared.correct], self.language)
        return ItemDraft(ItemKind.ORDERING, {}, [option.id for option in options], options)

    @staticmethod
    def _known(idents: Any, texts: Mapping[str, str]) -> None:
        if strange := [ident for ident in idents if ident not in texts]:
            raise Refused(Told.NOT_AN_OPTION, answer=strange[0])
        if not list(idents):
            raise Refused(Told.NO_ANSWER)

    def _typed(self, interaction: Element, losses: Losses) -> ItemDraft:
        declared = self._declaration(interaction)
        if declared.base in NUMBERS:
            rows = ranges_of(self.element, declared.identifier, losses) or [
                (*bounds(value), share) for value, share in declared.shares().items()
            ]
            return ItemDraft(ItemKind.NUMERIC, {}, ranges(rows))
        shares = declared.shares()
        if not declared.mapped and len(declared.correct) > 1:
            raise Refused(Told.SEVERAL_RIGHT, number=len(declared.correct))
        if any("*" in text for text in shares):
            losses.tell(Told.LITERAL_STAR)
        by_case = declared.by_case if declared.mapped else True
        key = {"answers": accepted(list(shares.items())), "match_case": by_case}
        return ItemDraft(ItemKind.SHORT_TEXT, {}, key)

    def _pairs(self, interaction: Element, losses: Losses) -> ItemDraft:
        declared = self._declaration(interaction)
        values = declared.correct or [key for key, value in declared.mapped if value > 0]
        pairs = [tuple(value.split()[:2]) for value in values if len(value.split()) == 2]
        if template_of(self.element) == "match_correct":
            losses.tell(Told.OWN_SCORING)
        sets = children(interaction, "simpleMatchSet")
        if interaction.tag == "associateInteraction":
            losses.tell(Told.ASSOCIATION)
            return self._associated(self._texts(interaction, losses), pairs)
        if len(sets) != 2:
            raise Refused(Told.MISSING_PART, part="simpleMatchSet")
        lines, options = (self._texts(one, losses) for one in sets)
        answers = {pair[0]: pair[1] for pair in pairs}
        if len(answers) != len(pairs) or answers.keys() != lines.keys() or not set(answers.values()) <= options.keys():
            raise Refused(Told.INTERACTIONS)
        return self._matched(lines, options, answers)

    def _matched(self, lines: Mapping[str, str], options: Mapping[str, str], answers: Mapping[str, str]) -> ItemDraft:
        reasons = [ident for ident in options if ident != SOUND]
        ids = {ident: letter(index) for index, ident in enumerate(reasons)} | {SOUND: SOUND}
        return ItemDraft(
            ItemKind.DOCUMENTS if SOUND in options else ItemKind.MATCHING,
            {},
            {str(number): ids[answers[ident]] for number, ident in enumerate(lines, start=1)},
            choices([options[ident] for ident in reasons], self.language),
            tuple(Line(str(number), {self.language: text}) for number, text in enumerate(lines.values(), start=1)),
        )

    def _associated(self, texts: Mapping[str, str], pairs: Sequence[tuple[str, ...]]) -> ItemDraft:
        used = [ident for pair in pairs for ident in pair]
        if len(set(used)) != len(used) or not set(used) <= texts.keys():
            raise Refused(Told.INTERACTIONS)
        rest = [("", text) for ident, text in texts.items() if ident not in used]
        return matching("", self.language, [(texts[one], texts[other]) for one, other in pairs] + rest)

    def _texts(self, holder: Element, losses: Losses) -> dict[str, str]:
        found = list(every(holder, "simpleAssociableChoice"))
        bounded(found)
        return {one.get("identifier", ""): from_html(inner_html(one), losses) for one in found}

    def _prompt(self, interaction: Element, losses: Losses) -> str:
        prompt = child(interaction, "prompt")
        return from_html(inner_html(prompt), losses) if prompt is not None else ""

    def _gaps(self, losses: Losses) -> ItemDraft:
        """Return a text with gaps, or a typed item when its one gap stands behind all words."""
        built = [self._contents(one, losses) for one in self.interactions]
        stem = self._words_round(self.interactions, losses)
        if len(built) == 1 and stem.endswith(chr(FIRST_MARK)):
            only = built[0]
            return ItemDraft(only.kind, {self.language: stem[:-1].rstrip()}, only.key, only.options)
        for index in range(len(built)):
            stem = stem.replace(chr(FIRST_MARK + index), f"[[{index + 1}]]")
        named = enumerate(built, start=1)
        parts = tuple(Line(str(number), kind=one.kind, options=one.options) for number, one in named)
        return ItemDraft(
            ItemKind.CLOZE,
            {self.language: stem},
            {part.id: one.key for part, one in zip(parts, built, strict=True)},
            parts=parts,
        )

    def _case(self, losses: Losses) -> ItemDraft:
        """Return a case: each part of the body that holds one interaction is a question, the rest is the story."""
        parts, key = list[Line](), dict[str, object]()
        for block in list(self.body):
            inside = [one for one in self.interactions if one is block or one in list(block.iter())]
            if not inside:
                continue
            if len(inside) > 1 or inside[0].tag in MATCHING or inside[0].tag == "extendedTextInteraction":
                raise Refused(Told.INTERACTIONS)
            ident, built = str(len(parts) + 1), self._contents(inside[0], losses)
            text = self._question(block, inside[0], losses)
            parts.append(Line(ident, {self.language: text}, built.kind, built.options))
            key[ident] = built.key
            self.body.remove(block)
        return ItemDraft(ItemKind.CASE, {self.language: self._words_round([], losses)}, key, parts=tuple(parts))

    def _question(self, block: Element, interaction: Element, losses: Losses) -> str:
        prompt = self._prompt(interaction, losses)
        if block is interaction:
            return prompt
        _hollow(interaction, "")
        return "\n".join(text for text in (from_html(inner_html(block), losses), prompt) if text)

    def _words_round(self, interactions: Sequence[Element], losses: Losses) -> str:
        """Return the words of the body; inline interactions leave a mark where they stood."""
        for index, one in enumerate(interactions):
            _hollow(one, chr(FIRST_MARK + index) if one.tag in INLINE else "")
        return from_html(inner_html(self.body), losses)


def _hollow(interaction: Element, mark: str) -> None:
    """Leave nothing of an interaction but a mark, and the text behind it."""
    tail = interaction.tail
    is_inline = interaction.tag in INLINE
    interaction.clear()
    interaction.tag, interaction.text, interaction.tail = ("span" if is_inline else "div"), mark, tail
