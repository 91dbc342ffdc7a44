"""Reads Aiken: a question, options "A. ..." or "A) ...", a line "ANSWER: B"."""

from dataclasses import dataclass, field

from assessments.rules import ItemDraft

from .building import Weighed, one_of
from .collecting import Collector
from .losses import Losses
from .plain import decoded, spoken
from .report import Format, ReadFile, Refused, Told
from .text_items import longer

ANSWER = "ANSWER:"


@dataclass
class _Block:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


def read_aiken(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a file whose texts are in `language`. Raises FileRefused for what is no text or holds no question."""
    collector = Collector(Format.AIKEN, source, languages)
    block: _Block | None = None
    for number, raw in enumerate(decoded(data).split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        block = block or _Block(number)
        if line.upper().startswith(ANSWER):
            _add(collector, block, line[len(ANSWER) :].strip().upper(), language)
            block = None
        elif option := option_of(line):
            block.options.append(option)
        elif block.options:
            block.options[-1] = (block.options[-1][0], longer(block.options[-1][1], line))
        else:
            block.stem.append(line)
    if block is not None:
        _add(collector, block, "", language)
    return collector.finish()


def is_aiken(text: str) -> bool:
    """Say whether a text looks like Aiken: an answer line after an option."""
    lines = [line.strip() for line in text.split("\n")]
    answers = [line[len(ANSWER) :].strip() for line in lines if line.upper().startswith(ANSWER)]
    return any(len(answer) == 1 and answer.isascii() for answer in answers) and any(map(option_of, lines))


def option_of(line: str) -> tuple[str, str] | None:
    """Return letter and text of an option line; None for another line."""
    if len(line) > 2 and line[0].isascii() and line[0].isupper() and line[1] in ".)" and line[2].isspace():
        return line[0], line[2:].strip()
    return None


def _add(collector: Collector, block: _Block, answer: str, language: str) -> None:
    def build(losses: Losses) -> ItemDraft:
        if not answer:
            raise Refused(Told.NO_ANSWER)
        if answer not in [letter for letter, _text in block.options]:
            raise Refused(Told.NOT_AN_OPTION, answer=answer)
        options = [Weighed(spoken(text, losses), float(letter == answer)) for letter, text in block.options]
        return one_of(spoken("\n".join(block.stem), losses), language, options, losses)

    stem = " ".join(block.stem)
    collector.add(build, line=block.line, name="", text=stem)
