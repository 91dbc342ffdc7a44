"""Makes an item of what was gathered of a typed question."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assessments.rules import ItemDraft, Line
from assessments.rules.drafts import LONGEST_TEXT
from assessments.scoring.marking import ItemKind

from .building import Weighed, accepted, bounded, choices, guide, one_of, ranges, some_of, true_false
from .canonical import letter
from .gift import bounds
from .losses import Losses
from .plain import spoken
from .report import Refused, Told
from .text_lines import blanks_in, letters_of, plain, truth_of

PICTURE = "\ufdd0"
"""Stands in a line where a Word file has a picture; its number follows as one character of private use."""
FIRST_PICTURE, MOST_PICTURES = 0xE000, 6_000
PROSE = frozenset([ItemKind.OPEN, ItemKind.SCENARIO])
BETWEEN_GAPS = ";；\n"


@dataclass
class Typed:
    """One question as it was typed."""

    line: int
    name: str
    section: int
    kind: ItemKind | None
    stem: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""
    more_answers: list[str] = field(default_factory=list)
    reason: str = ""
    facts: list[str] = field(default_factory=list)

    @property
    def is_prose(self) -> bool:
        """Whether its answer may have numbered steps."""
        return self.kind in PROSE or (self.kind is None and not self.options)

    def go_on(self, part: str, text: str) -> None:
        """Add a line to what stood before it."""
        if part == "answer":
            self.answer = longer(self.answer, text)
        elif part == "reason":
            self.reason = longer(self.reason, text)
        elif part == "options" and self.options:
            name, words = self.options[-1]
            self.options[-1] = (name, longer(words, text))
        else:
            self.stem = longer(self.stem, text)

    def builder(self, language: str) -> Callable[[Losses], ItemDraft]:
        return lambda losses: _Builder(self, language, losses).draft()


def longer(text: str, line: str) -> str:
    """Return a text with one more line; what is too long for any item already grows no further."""
    return f"{text}\n{line}".strip() if len(text) <= 2 * LONGEST_TEXT else text


@dataclass
class _Builder:
    typed: Typed
    language: str
    losses: Losses

    def draft(self) -> ItemDraft:
        typed = self.typed
        bounded(typed.options)
        if self.typed.more_answers:
            raise Refused(Told.ANSWERED_TWICE, answer=typed.answer, other=typed.more_answers[0])
        for fact in typed.facts:
            self.losses.tell(Told.TAG, tag=fact)
        names = [name for name, _text in typed.options]
        if names != [letter(index).upper() for index in range(len(names))]:
            raise Refused(Told.NOT_AN_OPTION, answer="".join(names))
        kind = typed.kind or self._kind_taken()
        if not typed.answer.strip():
            raise Refused(Told.NO_ANSWER)
        draft = _KINDS[kind](self)
        return replace(draft, rationale={self.language: self.said(typed.reason)})

    def said(self, text: str) -> str:
        words, *pictures = text.split(PICTURE)
        for piece in pictures:
            mark = self.losses.bring(str(ord(piece[0]) - FIRST_PICTURE), "") if piece else ""
            if not mark:
                self.losses.tell(Told.IMAGE, name="")
            words += mark + piece[1:]
        return spoken(words, self.losses)

    @property
    def stem(self) -> str:
        return self.said(self.typed.stem)

    def _kind_taken(self) -> ItemKind:
        """Return the kind the answer speaks for, where no heading names one; told."""
        answer = self.typed.answer
        right = letters_of(answer)
        if self.typed.options and right:
            kind = ItemKind.MULTIPLE if len(right) > 1 else ItemKind.SINGLE
        elif truth_of(answer) is not None:
            kind = ItemKind.TRUE_FALSE
        elif blanks_in(self.typed.stem):
            kind = ItemKind.CLOZE
        else:
            kind = ItemKind.OPEN
        if not answer.strip():
            raise Refused(Told.NO_ANSWER)
        self.losses.tell(Told.KIND_TAKEN, kind=kind.value)
        return kind

    def _letters(self) -> list[str]:
        right = letters_of(self.typed.answer)
        if right is None:
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.typed.answer)
        if not self.typed.options:
            raise Refused(Told.MISSING_PART, part="A")
        names = [name for name, _text in self.typed.options]
        if strange := next((name for name in right if name not in names), None):
            raise Refused(Told.NOT_AN_OPTION, answer=strange)
        if len(set(right)) < len(right):
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.typed.answer)
        return right

    def single(self) -> ItemDraft:
        right = self._letters()
        options = [Weighed(self.said(text), float(name in right)) for name, text in self.typed.options]
        return one_of(self.stem, self.language, options, self.losses)

    def several(self) -> ItemDraft:
        right = self._letters()
        share = 1 / len(right)
        weighed = [Weighed(self.said(text), share if name in right else -share) for name, text in self.typed.options]
        return some_of(self.stem, self.language, weighed, self.losses)

    def truth(self) -> ItemDraft:
        right = truth_of(self.typed.answer)
        by_letter = letters_of(self.typed.answer)
        if self.typed.options and by_letter and len(by_letter) == 1:  # A. 正确 B. 错误
            words = dict(self.typed.options).get(by_letter[0], "")
            right = truth_of(words)
        elif self.typed.options:
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.typed.answer)
        if right is None:
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.typed.answer)
        return true_false(self.stem, self.language, right=right)

    def order(self) -> ItemDraft:
        right = self._letters()
        if len(right) != len(self.typed.options):
            raise Refused(Told.ANSWER_UNREADABLE, answer=self.typed.answer)
        texts = dict(self.typed.options)
        options = choices([self.said(texts[name]) for name in right], self.language)
        return ItemDraft(ItemKind.ORDERING, {self.language: self.stem}, [one.id for one in options], options)

    def number(self) -> ItemDraft:
        span = plain(self.typed.answer).replace("±", ":").replace("~", "..").replace("-", "-")
        key = ranges([(*bounds(span), 1.0)])
        return ItemDraft(ItemKind.NUMERIC, {self.language: self.stem}, key)

    def gaps(self) -> ItemDraft:
        """Fill the blanks of a text in their order; a text without a blank is answered as a whole."""
        stem = self.stem
        blanks = blanks_in(stem)
        if not blanks:
            return ItemDraft(ItemKind.SHORT_TEXT, {self.language: stem}, self._words(self.typed.answer))
        answers = [self.typed.answer]
        for sign in BETWEEN_GAPS:
            answers = [piece for answer in answers for piece in answer.split(sign)] if len(blanks) > 1 else answers
        answers = [answer for answer in answers if answer.strip()]
        bounded(blanks)
        if len(answers) != len(blanks):
            raise Refused(Told.GAPS)
        pieces, at = list[str](), 0
        for number, (start, end) in enumerate(blanks, start=1):
            pieces.append(f"{stem[at:start]}[[{number}]]")
            at = end
        parts = tuple(Line(str(number), kind=ItemKind.SHORT_TEXT) for number in range(1, len(blanks) + 1))
        key = {part.id: self._words(answer) for part, answer in zip(parts, answers, strict=True)}
        return ItemDraft(ItemKind.CLOZE, {self.language: "".join(pieces) + stem[at:]}, key, parts=parts)

    def _words(self, answer: str) -> dict[str, object]:
        """Return the key of words; several that count stand between | signs."""
        if "*" in answer:
            self.losses.tell(Told.LITERAL_STAR)
        texts = [self.said(piece) for piece in answer.replace("｜", "|").split("|")]
        return {"answers": accepted([(text, 1.0) for text in texts if text])}

    def prose(self) -> ItemDraft:
        key = guide(self.language, self.losses)
        key["model_answer"] = {self.language: self.said(self.typed.answer)}
        return ItemDraft(ItemKind.OPEN, {self.language: self.stem}, key)

    def not_in_text(self) -> ItemDraft:
        assert self.typed.kind is not None
        raise Refused(Told.UNKNOWN_KIND, kind=self.typed.kind.value)


_KINDS: dict[ItemKind, Callable[[_Builder], ItemDraft]] = {
    ItemKind.SINGLE: _Builder.single,
    ItemKind.MULTIPLE: _Builder.several,
    ItemKind.TRUE_FALSE: _Builder.truth,
    ItemKind.ORDERING: _Builder.order,
    ItemKind.NUMERIC: _Builder.number,
    ItemKind.CLOZE: _Builder.gaps,
    ItemKind.SHORT_TEXT: _Builder.gaps,
    ItemKind.OPEN: _Builder.prose,
    ItemKind.MATCHING: _Builder.not_in_text,
    ItemKind.DOCUMENTS: _Builder.not_in_text,
    ItemKind.CASE: _Builder.not_in_text,
    ItemKind.SCENARIO: _Builder.not_in_text,
}
