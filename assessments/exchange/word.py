"""Reads Word files: their paragraphs as lines, with the numbers Word counts by itself."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .archives import Archive
from .collecting import Collector
from .report import FileRefused, Format, ReadFile, Told
from .text import read_lines
from .text_items import PICTURE
from .trees import child, children, every, tree

DOCUMENT = "word/document.xml"
NUMBERING = "word/numbering.xml"
CHINESE = "一二三四五六七八九十"
MOST_LEVELS = 9
PICTURES = ("drawing", "pict", "object")
NOT_SHOWN = ("Fallback", "del", "moveFrom")


def read_word(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a .docx whose words are in `language`. Raises FileRefused for a hostile or broken file or one of nothing."""
    archive = Archive(data)
    if DOCUMENT not in archive.names:
        raise FileRefused(Told.WRONG_FORMAT)
    root = tree(archive.read(DOCUMENT))
    counters = _Counters(_levels(archive))
    collector = Collector(Format.WORD, source, languages)
    if next(every(root, "tbl"), None) is not None:
        collector.tell(Told.TABLE)
    lines: list[tuple[int, str]] = []
    for number, paragraph in enumerate(every(root, "p"), start=1):
        text = counters.before(paragraph) + _text(paragraph)
        lines.extend((number, line) for line in text.split("\n"))
    return read_lines(lines, collector, language)


def _text(paragraph: Element) -> str:
    """Return the words of a paragraph; underlined blanks are a gap, a picture leaves its mark."""
    pieces: list[str] = []
    waiting = list(reversed(list(paragraph)))
    while waiting:
        element = waiting.pop()
        if element.tag in NOT_SHOWN or element.tag == "p":
            continue
        if element.tag == "r":
            pieces.append(_run(element))
        elif element.tag not in PICTURES:
            waiting.extend(reversed(list(element)))
    return "".join(pieces)


def _run(run: Element) -> str:
    pieces = []
    for element in run:
        if element.tag == "t":
            pieces.append(element.text or "")
        elif element.tag == "tab":
            pieces.append("\t")
        elif element.tag in ("br", "cr"):
            pieces.append("\n")
        elif element.tag in PICTURES or element.tag == "AlternateContent":
            pieces.append(PICTURE)
    text = "".join(pieces)
    is_underlined = child(run, "rPr", "u") is not None
    return "____" if is_underlined and text and not text.strip() and "\n" not in text else text


@dataclass(frozen=True)
class _Level:
    format: str
    pattern: str
    start: int


def _levels(archive: Archive) -> dict[str, list[_Level]]:
    """Return how each list of the file numbers its levels."""
    if NUMBERING not in archive.names:
        return {}
    root = tree(archive.read(NUMBERING))
    kinds = {one.get("abstractNumId", ""): one for one in children(root, "abstractNum")}
    found = {}
    for one in children(root, "num"):
        kind = kinds.get(_value(child(one, "abstractNumId")))
        found[one.get("numId", "")] = [_level(level) for level in children(kind, "lvl")[:MOST_LEVELS]]
    return found


def _level(level: Element) -> _Level:
    start = _value(child(level, "start"))
    return _Level(
        _value(child(level, "numFmt")) or "decimal",
        _value(child(level, "lvlText")),
        int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1,
    )


def _value(element: Element | None) -> str:
    return element.get("val", "") if element is not None else ""


@dataclass
class _Counters:
    """Counts as Word does: each list by itself, deeper levels anew under each item."""

    levels: dict[str, list[_Level]]
    counts: dict[str, list[int]] = field(default_factory=dict)

    def before(self, paragraph: Element) -> str:
        """Return the number Word shows before a paragraph."""
        name = _value(child(paragraph, "pPr", "numPr", "numId"))
        depth = _value(child(paragraph, "pPr", "numPr", "ilvl")) or "0"
        levels = self.levels.get(name, [])
        if not (depth.isascii() and depth.isdigit() and len(depth) == 1 and int(depth) < len(levels)):
            return ""
        place = int(depth)
        counts = self.counts.setdefault(name, [])
        del counts[place + 1 :]
        while len(counts) <= place:
            counts.append(levels[len(counts)].start - 1)
        counts[place] += 1
        shown = levels[place].pattern
        for index, count in enumerate(counts):
            shown = shown.replace(f"%{index + 1}", _numeral(count, levels[index].format))
        return f"{shown} " if levels[place].format != "bullet" else ""


def _numeral(count: int, style: str) -> str:
    if style == "upperLetter" and 1 <= count <= 26:
        return chr(ord("A") + count - 1)
    if style == "lowerLetter" and 1 <= count <= 26:
        return chr(ord("a") + count - 1)
    if "hinese" in style and 1 <= count <= 10:
        return CHINESE[count - 1]
    return str(count)
