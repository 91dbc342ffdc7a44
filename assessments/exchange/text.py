"""Reads questions as offices type them: numbered, options A to H, "答案：AB 解析：……", answers also at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assessments.scoring.marking import ItemKind
from training.lib.office import FileRefused

from .collecting import Collector
from .kind_names import kind_at_start
from .plain import decoded
from .report import MOST_ITEMS, Format, ReadFile, Told
from .text_items import Typed
from .text_lines import (
    Said,
    bracketed_answer,
    heading_of,
    numbered_answers,
    options_of,
    plain,
    question_of,
    said_in,
)

MOST_LINES = 30_000
LONGEST_LINE = 20_000


def read_text(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a text file whose words are in `language`. Raises FileRefused for what is no text or has no question."""
    lines = list(enumerate(decoded(data).split("\n"), start=1))
    return read_lines(lines, Collector(Format.TEXT, source, languages), language)


def is_text(text: str) -> bool:
    """Say whether a text looks like typed questions: a numbered line or a heading that names a kind."""
    return any(question_of(line) or heading_of(line) for line in text.split("\n"))


def read_lines(lines: Sequence[tuple[int, str]], collector: Collector, language: str) -> ReadFile:
    """Read numbered lines, as they come from a text or a Word file."""
    reader = _Reader(collector)
    if len(lines) > MOST_LINES:
        raise FileRefused(Told.TOO_MANY_LINES, limit=MOST_LINES)
    for number, line in lines:
        if len(line) > LONGEST_LINE:
            raise FileRefused(Told.LONG_LINE, line=number, limit=LONGEST_LINE)
        if line.strip():
            reader.take(number, line.strip(" \t\u3000"))
    for typed in reader.questions:
        collector.add(typed.builder(language), line=typed.line, name=typed.name, text=typed.stem)
    return collector.finish()


@dataclass
class _Reader:
    """Goes through the lines and knows what the next one may belong to."""

    collector: Collector
    questions: list[Typed] = field(default_factory=list)
    kind: ItemKind | None = None
    section: int = 0
    last_number: int = 0
    in_answers: bool = False
    answer_section: int | None = None
    by_number: dict[tuple[int, int], list[Typed]] = field(default_factory=dict)
    step: int = 0
    """The last of the numbered steps an open answer is written in."""
    part: str = ""
    """What a line that begins nothing belongs to: stem, options, answer, reason."""

    @property
    def current(self) -> Typed | None:
        return self.questions[-1] if self.questions else None

    def take(self, line: int, text: str) -> None:
        if heading := heading_of(text):
            self._heading(*heading)
        elif (self.in_answers or self._awaits_answers()) and self._listed(text):
            self.in_answers = True
        elif (said := said_in(text)) and self.current is not None:
            self._said(said)
        elif (found := question_of(text)) and self._begins(found[0]):
            self._question(line, *found)
        elif self.current is None:
            self.collector.tell(Told.FRAGMENT, text=text)
        elif self.part in ("stem", "options") and (options := options_of(text)):
            self.current.options.extend(options)
            self.part = "options"
        else:
            self.current.go_on(self.part, text)

    def _heading(self, kind: ItemKind, rest: str) -> None:
        listed = numbered_answers(rest) if self.in_answers else []
        if self.in_answers:
            sections = [typed.section for typed in self.questions if typed.kind is kind]
            self.answer_section = sections[0] if sections else None
            self._apply(listed)
            return
        self.kind, self.section, self.last_number = kind, self.section + 1, 0
        self.part = ""
        if rest:
            self.collector.tell(Told.FRAGMENT, text=rest)

    def _awaits_answers(self) -> bool:
        """Say whether the word for answers stood alone on the line before, and no prose is asked for."""
        current = self.current
        return current is not None and self.part == "answer" and not current.answer and not current.is_prose

    def _begins(self, number: int) -> bool:
        """Say whether a numbered line begins a question, and is no numbered step of an answer."""
        current = self.current
        in_prose = current is not None and self.part in ("answer", "reason") and current.is_prose
        if in_prose and self.step and number == self.step + 1:
            self.step = number
            return False
        if current is None or number == self.last_number + 1 or (not self.last_number and number == 1):
            return True
        return bool(current.answer) and not in_prose

    def _question(self, line: int, number: int, text: str) -> None:
        typed = Typed(line, str(number), self.section, self.kind)
        if found := _kind_in_brackets(text):
            typed.kind, text = found
        if inside := bracketed_answer(text, typed.kind):
            text, typed.answer = inside
        typed.stem = text
        self.questions.append(typed)
        self.by_number.setdefault((self.section, number), []).append(typed)
        if len(self.questions) > MOST_ITEMS:
            raise FileRefused(Told.TOO_MANY_ITEMS, limit=MOST_ITEMS)
        self.last_number, self.part, self.in_answers = number, "stem", False

    def _said(self, said: Sequence[Said]) -> None:
        current = self.current
        assert current is not None
        for one in said:
            if one.what == "answer" and self._is_list(one.text, current):
                continue
            self.part = one.what
            if one.what == "fact":
                current.facts.append(one.text)
                self.part = "reason"
            elif one.what == "reason":
                current.reason = one.text
            elif current.answer:
                current.more_answers.append(one.text)
            else:
                current.answer = one.text
            numbered = question_of(one.text)
            self.step = numbered[0] if numbered else 0

    def _is_list(self, text: str, current: Typed) -> bool:
        """Take a list of answers to a whole section, or the heading of one."""
        listed = numbered_answers(text)
        if len(listed) > 1:
            self.answer_section = current.section
            self._apply(listed)
            return True
        if text or not (self.in_answers or current.answer or any(not typed.answer for typed in self.questions[:-1])):
            return False
        if not self.in_answers:
            self.in_answers, self.answer_section = True, None
        return True

    def _listed(self, text: str) -> bool:
        """Take a line of the answers at the end."""
        if listed := numbered_answers(text):
            self._apply(listed)
            return True
        found = question_of(text)
        return bool(found) and self._apply([found])  # type: ignore[list-item]

    def _apply(self, listed: Sequence[tuple[int, str]]) -> bool:
        """Give questions their listed answers; an answer to none is told. Says whether any question got one."""
        first, last = self.questions[0].section, self.questions[-1].section
        section = self.answer_section if self.answer_section is not None else first if self.in_answers else last
        taken = False
        for number, answer in listed:
            asked = self.by_number.get((section, number), [])
            for typed in asked:
                if typed.answer:
                    typed.more_answers.append(answer)
                else:
                    typed.answer = answer
            if not asked:
                self.collector.tell(Told.FRAGMENT, text=f"{number} {answer}")
            taken = taken or bool(asked)
        return taken


def _kind_in_brackets(text: str) -> tuple[ItemKind, str] | None:
    """Return the kind that stands in brackets before a question, as in "（多选）……", and the question."""
    view = plain(text)
    if view[:1] not in ("(", "[", "【"):
        return None
    end = next((index for index, sign in enumerate(view[:16]) if sign in ")]】"), 0)
    found = kind_at_start(view[1:end].strip()) if end else None
    return (found[0], text[end + 1 :].strip()) if found and not found[1].strip() else None
