"""Reads GIFT, Moodle's text format for questions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from assessments.rules import ItemDraft, Line, ProblemCode
from assessments.scoring.marking import ItemKind, as_number

from .building import MOST_ROWS, Weighed, accepted, guide, matching, one_of, ranges, some_of, true_false
from .collecting import Collector
from .gift_text import Block, Style, blocks, shown, style_of
from .losses import Losses
from .plain import decoded
from .report import Format, ReadFile, Refused, Told
from .tags import with_tags

TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
ENDS = tuple(".?!。？！:：")
GAP = "1"
FIRST_BLOCKS = 500


def read_gift(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a file whose texts are in `language`. Raises FileRefused for what is no text or holds no question."""
    collector = Collector(Format.GIFT, source, languages)
    for block in blocks(decoded(data)):
        if block.category:
            collector.tell(Told.CATEGORY, category=block.category)
        title, rest = _title(block.text)
        name = block.ident or shown(title).strip()
        reader = _Question(block, title, rest, language)
        collector.add(reader.draft, line=block.line, name=name, text=shown(rest))
    return collector.finish()


def is_gift(text: str) -> bool:
    """Say whether a text looks like GIFT: a block of answers in braces."""
    return any("{" in block.text and "}" in block.text for block in islice(blocks(text), FIRST_BLOCKS))


def _title(text: str) -> tuple[str, str]:
    text = text.strip()
    if text.startswith("::"):
        title, closed, rest = text[2:].partition("::")
        if closed:
            return title, rest.strip()
    return "", text


@dataclass
class _Answer:
    """One answer: its sign (= or ~), the share of credit it earns, its hidden text; feedback is told when cut off.

    `whole` is the text with the share in front of it.
    """

    sign: str
    share: float
    text: str
    whole: str


@dataclass
class _Question:
    block: Block
    title: str
    rest: str
    language: str

    def draft(self, losses: Losses) -> ItemDraft:
        style, text = style_of(self.rest)
        before, opened, rest = text.partition("{")
        if not opened:
            raise Refused(Told.DESCRIPTION)
        body, closed, after = rest.partition("}")
        if not closed:
            raise Refused(Told.UNCLOSED)
        if "{" in after:
            raise Refused(Told.GAPS)
        body, general, said = body.partition("####")
        draft = self._whole(style, before, body.strip(), after, losses)
        if general:
            draft = replace(draft, rationale={self.language: style.read(said, losses)})
        if self.title and self.block.ident and shown(self.title).strip() != self.block.ident:
            losses.tell(Told.TITLE, title=shown(self.title))
        draft = replace(draft, code=self.block.ident or shown(self.title).strip())
        return with_tags(draft, self.block.tags, losses)

    def _whole(self, style: Style, before: str, body: str, after: str, losses: Losses) -> ItemDraft:
        """Return the question; words after its answers make it a text with a gap."""
        first, second = style.read(before, losses), style.read(after, losses) if after.strip() else ""
        if not second or _is_stray(first, second):
            if second:
                losses.tell(Told.LAST_MARK, mark=second)
            return self._answered(first, body, style, losses)
        start, end = _edges(before, first, after, second)
        draft = self._answered(first, body, style, losses)
        if draft.kind not in (ItemKind.SINGLE, ItemKind.NUMERIC, ItemKind.SHORT_TEXT):
            return replace(draft, stem={self.language: f"{start}_____{end}"})
        gap = Line(GAP, kind=draft.kind, options=draft.options)
        return ItemDraft(ItemKind.CLOZE, {self.language: f"{start}[[{GAP}]]{end}"}, {GAP: draft.key}, parts=(gap,))

    def _answered(self, stem: str, body: str, style: Style, losses: Losses) -> ItemDraft:
        truth, mark, said = body.partition("#")
        if not body:
            return ItemDraft(ItemKind.OPEN, {self.language: stem}, guide(self.language, losses))
        if body.startswith("#"):
            return self._numeric(stem, body[1:].strip(), losses)
        if truth.strip().upper() in TRUTHS:
            _tell_feedback(mark + said, losses)
            return true_false(stem, self.language, right=TRUTHS[truth.strip().upper()])
        if body[0] not in "=~":
            raise Refused(Told.ANSWER_UNREADABLE, answer=shown(body))
        answers = list(_answers(body, losses))
        if any(answer.sign == "~" for answer in answers):
            return self._choice(stem, answers, style, losses)
        if all("->" in answer.text for answer in answers):
            return self._matching(stem, answers, style, losses)
        rows = [(style.read(answer.text, losses), answer.share) for answer in answers]
        return ItemDraft(ItemKind.SHORT_TEXT, {self.language: stem}, {"answers": accepted(rows)})

    def _choice(self, stem: str, answers: list[_Answer], style: Style, losses: Losses) -> ItemDraft:
        options = [Weighed(style.read(answer.text, losses), answer.share) for answer in answers]
        build = one_of if any(answer.sign == "=" for answer in answers) else some_of
        return build(stem, self.language, options, losses)

    def _matching(self, stem: str, answers: list[_Answer], style: Style, losses: Losses) -> ItemDraft:
        pairs = [answer.whole.partition("->") for answer in answers]  # a pair has no share: %5% is a word of it
        read = [(style.read(left, losses), style.read(right, losses)) for left, _arrow, right in pairs]
        return matching(stem, self.language, read)

    def _numeric(self, stem: str, body: str, losses: Losses) -> ItemDraft:
        answers = list(_answers(body, losses)) if body[:1] in ("=", "~") else list(_answers(f"={body}", losses))
        rows = [(*bounds(shown(answer.text)), answer.share) for answer in answers if answer.share > 0]
        return ItemDraft(ItemKind.NUMERIC, {self.language: stem}, ranges(rows))


def bounds(text: str) -> tuple[Decimal, Decimal]:
    """Return the range of "low..high", "number:tolerance" or a number. Raises Refused for anything else."""
    plain = text.strip()
    if ".." in plain:
        low, high = (as_number(piece) for piece in plain.split("..", 1))
    else:
        middle, _colon, tolerance = plain.partition(":")
        number, width = as_number(middle), as_number(tolerance or "0")
        if number is None or width is None:
            raise Refused(Told.ANSWER_UNREADABLE, answer=text)
        low, high = number - abs(width), number + abs(width)
    if low is None or high is None:
        raise Refused(Told.ANSWER_UNREADABLE, answer=text)
    return min(low, high), max(low, high)


def is_gap(before: str, after: str) -> bool:
    """Say whether a question with these words before and after its answers is read as a text with a gap."""
    return bool(after.strip()) and not _is_stray(before.strip(), after.strip())


def _is_stray(before: str, after: str) -> bool:
    """A full stop behind the answers of a question that has ended already."""
    return after in ENDS and before.endswith(ENDS)


def _edges(before: str, first: str, after: str, second: str) -> tuple[str, str]:
    """Return the words round a gap with the blank that stood next to it."""
    start = first + " " if before[-1:].isspace() and first else first
    return start, " " + second if after[:1].isspace() else second


def _answers(body: str, losses: Losses) -> Iterator[_Answer]:
    for count, (sign, text) in enumerate(_cut(body)):
        if count > MOST_ROWS:
            raise Refused(Told.PROBLEM, problem=ProblemCode.TOO_MANY.value)
        share = 1.0 if sign == "=" else 0.0
        whole, mark, said = text.strip().partition("#")
        text = whole
        if text.startswith("%"):
            percent, closed, rest = text[1:].partition("%")
            number = as_number(percent) if closed else None
            if number is not None:
                share, text = float(number) / 100, rest
        _tell_feedback(mark + said, losses)
        yield _Answer(sign, share, text, whole)


def _cut(body: str) -> Iterator[tuple[str, str]]:
    start = 0
    for index in range(1, len(body) + 1):
        if index == len(body) or body[index] in "=~":
            yield body[start], body[start + 1 : index]
            start = index


def _tell_feedback(feedback: str, losses: Losses) -> None:
    if text := shown(feedback.strip("# \n\t")).strip():
        losses.tell(Told.FEEDBACK, text=text)
