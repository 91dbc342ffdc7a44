"""Reads the QTI 1.2 that Canvas exports."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from assessments.rules import ItemDraft, Line
from assessments.scoring.marking import ItemKind, as_number
from training.lib.office.trees import LINE, child, children, every, words

from .building import Weighed, accepted, bounded, choices, guide, matching, one_of, ranges, some_of, true_false
from .canonical import letter
from .canvas_scoring import Conditions
from .collecting import Collector
from .losses import Losses
from .plain import from_html, looks_like_html, spoken
from .report import Format, ReadFile, Refused, Told
from .trees import tree

TRUE_FEEDBACK = "general_fb"
RESULTS = ("correct_fb", "general_incorrect_fb")


def read_canvas(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a file whose texts are in `language`. Raises FileRefused for what is no XML or holds no item."""
    collector = Collector(Format.CANVAS, source, languages)
    collect_canvas(collector, tree(data), language)
    return collector.finish()


def collect_canvas(collector: Collector, root: Element, language: str) -> None:
    """Take the items of a tree, whatever sections they stand in."""
    for element in every(root, "item"):
        name = element.get("title", "") or element.get("ident", "")
        text = words(child(element, "presentation", "material")).strip()
        question = _Question(element, language)
        collector.add(question.draft, line=int(element.get(LINE, "0")) or None, name=name, text=text)


def is_canvas(root: Element) -> bool:
    """Say whether an XML file is QTI 1.2."""
    return root.tag == "questestinterop"


@dataclass
class _Question:
    element: Element
    language: str

    def draft(self, losses: Losses) -> ItemDraft:
        fields = {
            words(child(field, "fieldlabel")).strip(): words(child(field, "fieldentry")).strip()
            for field in every(self.element, "qtimetadatafield")
        }
        self.responses = [*every(self.element, "response_lid"), *every(self.element, "response_str")]
        bounded(self.responses)
        self.conditions = Conditions(self.element)
        kind = fields.get("question_type") or self._guessed(losses)
        read = _KINDS.get(kind)
        if read is None:
            raise Refused(_REFUSED.get(kind, Told.UNKNOWN_KIND), kind=kind)
        if fields.get("points_possible", "1").rstrip("0").rstrip(".") not in ("1", ""):
            losses.tell(Told.POINTS, points=fields["points_possible"])
        draft = read(self, losses)
        rationale = self._feedback(losses)
        code = self.element.get("ident", "")
        if title := self.element.get("title", "").strip():
            losses.tell(Told.TITLE, title=title)
        return replace(draft, rationale={self.language: rationale}, code=code)

    def _guessed(self, losses: Losses) -> str:
        """Return the type of a question that names none, from what it asks for."""
        kind = "text_only_question"
        if self.element.find(".//calculated") is not None:
            kind = "calculated_question"
        elif any(child(one, "material") is not None for one in self.responses):
            stem = words(child(self.element, "presentation", "material"))
            named = all(f"[{_name(one)}]" in stem for one in self.responses)
            kind = "fill_in_multiple_blanks_question" if named else "matching_question"
            if named and not any(self._has_spellings(one) for one in self.responses):
                kind = "multiple_dropdowns_question"
        elif self.responses and self.responses[0].tag == "response_lid":
            several = self.responses[0].get("rcardinality") == "Multiple"
            kind = "multiple_answers_question" if several else "multiple_choice_question"
        elif self.responses:
            decimal = self.element.find(".//render_fib[@fibtype='Decimal']") is not None
            kind = "numerical_question" if decimal else "short_answer_question"
            if not decimal and not self.conditions.words(self.responses[0].get("ident", "")):
                kind = "essay_question"
        losses.tell(Told.KIND_TAKEN, kind=kind)
        return kind

    @staticmethod
    def _has_spellings(response: Element) -> bool:
        """Say whether a list holds one word in two spellings, as it does where words are typed and not chosen."""
        texts = [words(label).strip().casefold() for label in every(response, "response_label")]
        return len(set(texts)) < len(texts)

    def text(self, holder: Element | None, losses: Losses) -> str:
        material = child(holder, "material", "mattext")
        if material is None:
            return ""
        text = words(material)
        if material.get("texttype") == "text/html" or (not material.get("texttype") and looks_like_html(text)):
            return from_html(text, losses)
        return spoken(text, losses)

    def stem(self, losses: Losses) -> str:
        return self.text(child(self.element, "presentation"), losses)

    def only(self) -> Element:
        if len(self.responses) != 1:
            raise Refused(Told.INTERACTIONS)
        return self.responses[0]

    def options(self, response: Element, losses: Losses) -> list[tuple[str, str]]:
        """Return ident and text of each option; one without words is left out and told, unless it is right."""
        labels = list(every(response, "response_label"))
        bounded(labels)
        right = self.conditions.right(response.get("ident", ""))
        found = []
        for label in labels:
            ident, text = label.get("ident", ""), self.text(label, losses)
            if text or ident in right:
                found.append((ident, text))
            else:
                losses.tell(Told.EMPTY_OPTION, option=ident)
        return found

    def single(self, losses: Losses) -> ItemDraft:
        response = self.only()
        shares = self.conditions.shares(response.get("ident", ""))
        options = [Weighed(text, shares.get(ident, 0.0)) for ident, text in self.options(response, losses)]
        return one_of(self.stem(losses), self.language, options, losses)

    def truth(self, losses: Losses) -> ItemDraft:
        draft = self.single(losses)
        texts = {option.id: option.text[self.language].casefold() for option in draft.options}
        if set(texts.values()) != {"true", "false"}:
            return draft
        right = texts[str(next(iter(draft.key)))]  # type: ignore[call-overload]
        return true_false(draft.stem[self.language], self.language, right=right == "true")

    def several(self, losses: Losses) -> ItemDraft:
        response = self.only()
        right = self.conditions.right(response.get("ident", ""))
        each = 1 / max(1, len(right))
        options = [Weighed(text, each if ident in right else -each) for ident, text in self.options(response, losses)]
        return some_of(self.stem(losses), self.language, options, losses)

    def short(self, losses: Losses) -> ItemDraft:
        found = self.conditions.words(self.only().get("ident", ""))
        return ItemDraft(ItemKind.SHORT_TEXT, {self.language: self.stem(losses)}, _typed(found, losses))

    def number(self, losses: Losses) -> ItemDraft:
        rows = self.conditions.ranges(self.only().get("ident", ""), losses)
        return ItemDraft(ItemKind.NUMERIC, {self.language: self.stem(losses)}, ranges(rows))

    def essay(self, losses: Losses) -> ItemDraft:
        return ItemDraft(ItemKind.OPEN, {self.language: self.stem(losses)}, guide(self.language, losses))

    def pairs(self, losses: Losses) -> ItemDraft:
        found: list[tuple[str, str]] = []
        texts = dict[str, str]()
        for response in self.responses:
            texts.update(self.options(response, losses))
            right = self.conditions.right(response.get("ident", ""))
            left = self.text(response, losses)
            if len(right) != 1 or right[0] not in texts:
                raise Refused(Told.NO_ANSWER if not right else Told.SEVERAL_RIGHT, number=len(right))
            if not left:
                losses.tell(Told.EMPTY_LINE)
                continue
            found.append((left, texts[right[0]]))
        used = {right for _left, right in found}
        rest = [("", text) for text in dict.fromkeys(texts.values()) if text and text not in used]
        return matching(self.stem(losses), self.language, found + rest)

    def gaps(self, losses: Losses) -> ItemDraft:
        """Read a text whose blanks stand as [name]: what is typed there earns as much as the next."""
        return self._cloze(losses, is_typed=True)

    def lists(self, losses: Losses) -> ItemDraft:
        """Read a text whose blanks are lists to choose from."""
        return self._cloze(losses, is_typed=False)

    def _cloze(self, losses: Losses, *, is_typed: bool) -> ItemDraft:
        stem = self.stem(losses)
        parts, key = list[Line](), dict[str, object]()
        for number, response in enumerate(self.responses, start=1):
            blank = f"[{_name(response)}]"
            if stem.count(blank) != 1:
                raise Refused(Told.GAPS)
            stem = stem.replace(blank, f"[[{number}]]")
            options = self.options(response, losses)
            if is_typed:  # Canvas takes any of the texts listed, whatever the score of the first says
                key[str(number)] = _typed([(text, 1.0) for _ident, text in options], losses)
                parts.append(Line(str(number), kind=ItemKind.SHORT_TEXT))
                continue
            right = self.conditions.right(response.get("ident", ""))
            places = [index for index, (ident, _text) in enumerate(options) if ident in right]
            if len(places) != 1:
                raise Refused(Told.SEVERAL_RIGHT if places else Told.NO_ANSWER, number=len(places))
            key[str(number)] = [letter(places[0])]
            texts = [text for _ident, text in options]
            parts.append(Line(str(number), kind=ItemKind.SINGLE, options=choices(texts, self.language)))
        return ItemDraft(ItemKind.CLOZE, {self.language: stem}, key, parts=tuple(parts))

    def constant(self, losses: Losses) -> ItemDraft:
        """Read a formula whose answer is the same for all its numbers and whose text shows none of them."""
        names = [variable.get("name", "") for variable in every(self.element, "var")]
        answers = {words(answer).strip() for answer in every(self.element, "answer")}
        stem = self.stem(losses)
        number = as_number(next(iter(answers), ""))
        if len(answers) != 1 or number is None or any(f"[{name}]" in stem for name in names):
            raise Refused(Told.CALCULATED)
        return ItemDraft(ItemKind.NUMERIC, {self.language: stem}, ranges([(number, number, 1.0)]))

    def _feedback(self, losses: Losses) -> str:
        rationale = ""
        for feedback in children(self.element, "itemfeedback"):
            flow = child(feedback, "flow_mat")
            text = self.text(feedback if flow is None else flow, losses)
            ident = feedback.get("ident", "")
            if ident == TRUE_FEEDBACK:
                rationale = text
            elif text:
                losses.tell(Told.RESULT_FEEDBACK if ident in RESULTS else Told.FEEDBACK, text=text)
        return rationale


def _typed(found: list[tuple[str, float]], losses: Losses) -> dict[str, object]:
    if any("*" in text for text, _share in found):
        losses.tell(Told.LITERAL_STAR)
    return {"answers": accepted(found)}


def _name(response: Element) -> str:
    """Return the name of a blank: what stands beside its list."""
    return words(child(response, "material", "mattext")).strip() or response.get("ident", "").removeprefix("response_")


_KINDS: dict[str, Callable[[_Question, Losses], ItemDraft]] = {
    "multiple_choice_question": _Question.single,
    "true_false_question": _Question.truth,
    "multiple_answers_question": _Question.several,
    "short_answer_question": _Question.short,
    "numerical_question": _Question.number,
    "essay_question": _Question.essay,
    "matching_question": _Question.pairs,
    "fill_in_multiple_blanks_question": _Question.gaps,
    "multiple_dropdowns_question": _Question.lists,
    "calculated_question": _Question.constant,
}
_REFUSED = {"text_only_question": Told.DESCRIPTION, "file_upload_question": Told.BY_MEDIA}
