"""Reads Moodle XML, question by question."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from assessments.rules import ItemDraft, Line
from assessments.scoring.marking import ItemKind, as_number
from training.lib.office.trees import LINE, child, children, words

from .building import Weighed, accepted, bounded, choices, matching, one_of, ranges, some_of, true_false
from .canonical import letter
from .collecting import Collector
from .gift import bounds
from .guides import read_guide
from .losses import Losses
from .moodle_gaps import gap, pieces
from .plain import from_html, looks_like_html, spoken
from .report import Format, ReadFile, Refused, Told, snippet
from .tags import with_tags
from .trees import tree

GENERATED = ("calculated", "calculatedmulti", "calculatedsimple", "random", "randomsamatch")
ON_PICTURES = ("ddimageortext", "ddmarker")
OWN_NAME = 40
"""Moodle wants a name; where none was given it is the beginning of the question."""
OUR_ORDERING = ("", "RELATIVE_NEXT_EXCLUDE_LAST")
DELIVERY = ("penalty", "answernumbering", "hidden", "showstandardinstruction")


def read_moodle(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a file whose texts are in `language`. Raises FileRefused for what is no XML or holds no question."""
    root = tree(data)
    collector = Collector(Format.MOODLE, source, languages)
    for element in [root] if root.tag == "question" else children(root, "question"):
        kind = element.get("type", "")
        if kind == "category":
            collector.tell(Told.CATEGORY, category=words(child(element, "category", "text")).strip())
            continue
        if any(child(element, name) is not None for name in DELIVERY):
            collector.tell(Told.SETTING)
        name = words(child(element, "idnumber")).strip() or words(child(element, "name", "text")).strip()
        question = _Question(element, kind, language)
        stem = words(child(element, "questiontext", "text"))
        collector.add(question.draft, line=int(element.get(LINE, "0")) or None, name=name, text=stem)
    return collector.finish()


@dataclass
class _Question:
    element: Element
    kind: str
    language: str

    def draft(self, losses: Losses) -> ItemDraft:
        if self.kind == "description":
            raise Refused(Told.DESCRIPTION)
        if self.kind in GENERATED:
            raise Refused(Told.RANDOM if self.kind.startswith("random") else Told.CALCULATED)
        if self.kind in ON_PICTURES:
            raise Refused(Told.BY_MEDIA)
        read = _KINDS.get(self.kind)
        if read is None:
            raise Refused(Told.UNKNOWN_KIND, kind=self.kind)
        self._tell_what_stays(losses)
        draft = read(self, losses)
        rationale = self.text(child(self.element, "generalfeedback"), losses)
        draft = replace(draft, rationale={self.language: rationale}, code=self._code(draft, losses))
        tags = [words(tag).strip() for tag in children(child(self.element, "tags"), "tag")]
        return with_tags(draft, tags[:100], losses)

    def text(self, holder: Element | None, losses: Losses) -> str:
        """Return the text an element holds, as its format says it is to be read."""
        if holder is None:
            return ""
        files = {file.get("name", ""): words(file) for file in children(holder, "file")}
        begun = len(losses.media)
        losses.files = lambda name: _unpacked(name.rpartition("/")[2], files)
        text = self._words(holder, losses)
        losses.files = None
        for name in files.keys() - {one.name for one in losses.media[begun:]}:
            losses.tell(Told.FILE, name=name)
        return text

    @staticmethod
    def _words(holder: Element, losses: Losses) -> str:
        inner = child(holder, "text")
        text = words(inner if inner is not None else holder)
        style = holder.get("format") or "moodle_auto_format"
        if style == "html" or (style == "moodle_auto_format" and looks_like_html(text)):
            return from_html(text, losses)
        if style == "markdown":
            losses.tell(Told.MARKDOWN)
        return spoken(text, losses)

    def stem(self, losses: Losses) -> dict[str, str]:
        return {self.language: self.text(child(self.element, "questiontext"), losses)}

    def weighed(self, losses: Losses) -> list[Weighed]:
        answers = children(self.element, "answer")
        bounded(answers)
        return [Weighed(self._answer(answer, losses), _fraction(answer)) for answer in answers]

    def choice(self, losses: Losses) -> ItemDraft:
        is_single = words(child(self.element, "single")).strip() in ("true", "1")
        if words(child(self.element, "shuffleanswers")).strip() in ("false", "0"):
            losses.tell(Told.FIXED_ORDER)
        stem = self.text(child(self.element, "questiontext"), losses)
        return (one_of if is_single else some_of)(stem, self.language, self.weighed(losses), losses)

    def truth(self, losses: Losses) -> ItemDraft:
        right = [option.text.casefold() for option in self.weighed(losses) if option.share >= 1]
        if len(right) != 1 or right[0] not in ("true", "false"):
            raise Refused(Told.NO_ANSWER)
        return true_false(self.stem(losses)[self.language], self.language, right=right[0] == "true")

    def short(self, losses: Losses) -> ItemDraft:
        key = {"answers": accepted([(option.text, option.share) for option in self.weighed(losses)])}
        by_case = words(child(self.element, "usecase")).strip() in ("1", "true")
        return ItemDraft(ItemKind.SHORT_TEXT, self.stem(losses), {**key, "match_case": by_case})

    def number(self, losses: Losses) -> ItemDraft:
        rows = []
        for answer, option in zip(children(self.element, "answer"), self.weighed(losses), strict=True):
            if option.share > 0:
                tolerance = words(child(answer, "tolerance")).strip() or "0"
                rows.append((*bounds(f"{option.text}:{tolerance}"), option.share))
        if children(child(self.element, "units"), "unit"):
            losses.tell(Told.UNIT)
        return ItemDraft(ItemKind.NUMERIC, self.stem(losses), ranges(rows))

    def pairs(self, losses: Losses) -> ItemDraft:
        found = children(self.element, "subquestion")
        bounded(found)
        read = [(self.text(one, losses), self.text(child(one, "answer"), losses)) for one in found]
        return matching(self.stem(losses)[self.language], self.language, read)

    def essay(self, losses: Losses) -> ItemDraft:
        if words(child(self.element, "responsetemplate")).strip():
            losses.tell(Told.FRAGMENT, text=words(child(self.element, "responsetemplate")).strip())
        key = read_guide(self.text(child(self.element, "graderinfo"), losses), self.language, losses)
        return ItemDraft(ItemKind.OPEN, self.stem(losses), key)

    def order(self, losses: Losses) -> ItemDraft:
        if words(child(self.element, "gradingtype")).strip().upper() not in OUR_ORDERING:
            losses.tell(Told.OWN_SCORING)
        options = choices([option.text for option in self.weighed(losses)], self.language)
        key = [option.id for option in options]
        return ItemDraft(ItemKind.ORDERING, self.stem(losses), key, options)

    def cloze(self, losses: Losses) -> ItemDraft:
        stem, embedded = pieces(self.stem(losses)[self.language])
        bounded(embedded)
        found = [gap(one, str(number), self.language, losses) for number, one in enumerate(embedded, start=1)]
        key = {line.id: key for line, key in found}
        return ItemDraft(ItemKind.CLOZE, {self.language: stem}, key, parts=tuple(line for line, _key in found))

    def words_to_place(self, losses: Losses) -> ItemDraft:
        """Read gaps [[2]] that are filled with the second of the words given, each from its own group."""
        words_ = [*children(self.element, "selectoption"), *children(self.element, "dragbox")]
        bounded(words_)
        options = [(self.text(one, losses), words(child(one, "group")).strip()) for one in words_]
        stem, numbers = _numbered_gaps(self.stem(losses)[self.language], len(options))
        parts, key = [], {}
        for ident, right in enumerate(numbers, start=1):
            group = [text for text, name in options if name == options[right][1]]
            parts.append(Line(str(ident), kind=ItemKind.SINGLE, options=choices(group, self.language)))
            key[str(ident)] = [letter(group.index(options[right][0]))]
        return ItemDraft(ItemKind.CLOZE, {self.language: stem}, key, parts=tuple(parts))

    def _answer(self, answer: Element, losses: Losses) -> str:
        if said := self.text(child(answer, "feedback"), Losses()):
            losses.tell(Told.FEEDBACK, text=said)
        return self.text(answer, losses)

    def _tell_what_stays(self, losses: Losses) -> None:
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            if said := words(child(self.element, name)).strip():
                losses.tell(Told.RESULT_FEEDBACK, text=from_html(said, Losses()))
        for hint in children(self.element, "hint"):
            if said := words(child(hint, "text")).strip():
                losses.tell(Told.HINT, text=from_html(said, Losses()))
        grade = words(child(self.element, "defaultgrade")).strip()
        if grade and grade.rstrip("0").rstrip(".") != "1":
            losses.tell(Told.POINTS, points=grade.rstrip("0").rstrip(".") if "." in grade else grade)

    def _code(self, draft: ItemDraft, losses: Losses) -> str:
        ident = words(child(self.element, "idnumber")).strip()
        name = words(child(self.element, "name", "text")).strip()
        begins = snippet(draft.stem[self.language]).startswith(name.rstrip("….")[:OWN_NAME])
        if ident and name != ident and not begins:
            losses.tell(Told.TITLE, title=name)
        return ident or ("" if begins else name)


_KINDS: dict[str, Callable[[_Question, Losses], ItemDraft]] = {
    "multichoice": _Question.choice,
    "truefalse": _Question.truth,
    "shortanswer": _Question.short,
    "numerical": _Question.number,
    "matching": _Question.pairs,
    "ddmatch": _Question.pairs,
    "essay": _Question.essay,
    "ordering": _Question.order,
    "cloze": _Question.cloze,
    "multianswer": _Question.cloze,
    "gapselect": _Question.words_to_place,
    "ddwtos": _Question.words_to_place,
}


def is_moodle(root: Element) -> bool:
    """Say whether an XML file is Moodle's."""
    return root.tag == "quiz" or (root.tag == "question" and bool(root.get("type")))


def _unpacked(name: str, files: Mapping[str, str]) -> tuple[str, bytes] | None:
    try:
        return name, b64decode("".join(files.get(name, "").split()), validate=True)
    except ValueError:
        return None


def _fraction(answer: Element) -> float:
    percent = as_number(answer.get("fraction", "") or "0")
    if percent is None:
        raise Refused(Told.ANSWER_UNREADABLE, answer=answer.get("fraction", ""))
    return float(percent) / 100


def _numbered_gaps(text: str, most: int) -> tuple[str, list[int]]:
    """Return the text with its gaps numbered as they come, and which word, from 0, belongs into each."""
    first, *rest = text.split("[[")
    found, numbers = [first], []
    for piece in rest:
        number, closed, after = piece.partition("]]")
        if not (closed and number.isascii() and number.isdigit() and len(number) < 4):
            found.append(f"[[{piece}")
            continue
        if not 1 <= int(number) <= most:
            raise Refused(Told.GAPS)
        numbers.append(int(number) - 1)
        found.append(f"[[{len(numbers)}]]{after}")
    bounded(numbers)
    return "".join(found), numbers
