"""GIFT as characters: escapes, questions between blank lines, comments with ids and tags, titles, formats."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .losses import Losses
from .plain import from_html, looks_like_html, spoken
from .report import Told

ESCAPED = "~=#{}:\\n"
# Code points that are no characters stand for escaped signs while a question is cut into pieces.
STAND_INS = {sign: chr(0xFDD0 + index) for index, sign in enumerate(ESCAPED)}
BACK = str.maketrans({stand_in: "\n" if sign == "n" else sign for sign, stand_in in STAND_INS.items()})
NO_CHARACTERS = str.maketrans("", "", "".join(chr(code) for code in range(0xFDD0, 0xFDF0)))
FORMATS = ("html", "moodle", "plain", "markdown")
CATEGORY = "$CATEGORY:"
MOST_BLANK_LINES = 20
"""Within one question."""
MOST_TAGS = 100


@dataclass
class Block:
    """The text of one question with its escapes hidden, its first line, and what comments before it say."""

    line: int
    text: str = ""
    ident: str = ""
    tags: list[str] = field(default_factory=list)
    category: str = ""


def hidden(text: str) -> str:
    """Return a text whose escaped signs are hidden, so that the others can be searched for."""
    pieces = text.translate(NO_CHARACTERS).split("\\")
    found = [pieces[0]]
    index = 1
    while index < len(pieces):
        piece = pieces[index]
        if not piece and index + 1 < len(pieces):  # two backslashes: the next piece follows a literal one
            found.append(STAND_INS["\\"] + pieces[index + 1])
            index += 2
            continue
        found.append(STAND_INS[piece[0]] + piece[1:] if piece and piece[0] in ESCAPED else "\\" + piece)
        index += 1
    return "".join(found)


def shown(text: str) -> str:
    """Return a hidden text as it reads."""
    return text.translate(BACK)


def escaped(text: str) -> str:
    """Return a text as GIFT writes it, on one line."""
    return "".join("\\n" if sign == "\n" else f"\\{sign}" if sign in "~=#{}:\\" else sign for sign in text)


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions of a file; a blank line inside an answer does not end one, unless it never closes."""
    found = list(_between_blank_lines(text))
    index = 0
    while index < len(found):
        block = found[index]
        last = _closing(found, index) if _is_open(block.text) else index
        block.text = "\n".join(one.text for one in found[index : last + 1])
        index = last + 1
        yield block


def _between_blank_lines(text: str) -> Iterator[Block]:
    block: Block | None = None
    ident, tags = "", list[str]()
    category = ""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        start = line.lstrip()
        if start.startswith("//"):
            ident = next(_marked(line, "id"), ident)
            tags = [*tags, *_marked(line, "tag")][:MOST_TAGS]
        elif start.startswith(CATEGORY) and block is None:
            category = start[len(CATEGORY) :].strip()
        elif start:
            if block is None:
                block = Block(number, ident=ident, tags=tags, category=category)
                ident, tags = "", []
            lines.append(line)
        elif block is not None:
            block.text = hidden("\n".join(lines))
            yield block
            block, lines = None, []
    if block is not None:
        block.text = hidden("\n".join(lines))
        yield block


def _marked(line: str, name: str) -> Iterator[str]:
    """Yield what stands in [name:...] in a comment; a closing bracket in it is escaped."""
    rest = line.replace("\\]", "\ufdef").replace("\\\\", "\\")
    for piece in rest.split(f"[{name}:")[1:MOST_TAGS]:
        value, closed, _rest = piece.partition("]")
        if closed:
            yield value.replace("\ufdef", "]").strip()


def marked(name: str, value: str) -> str:
    """Return [name:value] as a comment holds it."""
    flat = " ".join(value.split()).replace("\\", "\\\\").replace("]", "\\]")
    return f"[{name}:{flat}]"


def _is_open(text: str) -> bool:
    return text.count("{") > text.count("}")


def _closing(found: list[Block], start: int) -> int:
    """Return which block closes the braces of the one at `start`; itself, where another question comes first."""
    for index in range(start + 1, min(start + MOST_BLANK_LINES, len(found))):
        closing, opening = found[index].text.find("}"), found[index].text.find("{")
        if opening >= 0 and (closing < 0 or opening < closing):
            break
        if closing >= 0:
            return index
    return start


@dataclass(frozen=True, slots=True)
class Style:
    """How the texts of a question are marked up."""

    format: str = "moodle"

    def read(self, text: str, losses: Losses) -> str:
        """Return a hidden text, which may name a format of its own, as plain text."""
        style, rest = style_of(text.strip(), self)
        plain = shown(rest)
        if style.format == "html" or (style.format == "moodle" and looks_like_html(plain)):
            return from_html(plain, losses)
        if style.format == "markdown" and any(sign in plain for sign in "*_`#[<"):
            losses.tell(Told.MARKDOWN)
        return spoken("\n".join(line.strip() for line in plain.split("\n")) if "\n" in rest else plain, losses)


def style_of(text: str, default: Style = Style()) -> tuple[Style, str]:
    """Return the format a text names at its beginning, and the text without it."""
    for name in FORMATS:
        if text.startswith(f"[{name}]"):
            return Style(name), text[len(name) + 2 :].lstrip()
    return default, text
