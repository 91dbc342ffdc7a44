"""Reads Word files: their paragraphs as lines, with the numbers Word counts by itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from training.lib.numerals import in_chinese

from .archives import Archive
from .bounds import Fault, FileRefused
from .trees import child, children, every, tree

DOCUMENT = "word/document.xml"
NUMBERING = "word/numbering.xml"
STYLES = "word/styles.xml"
RELATIONS = "word/_rels/document.xml.rels"
MOST_LEVELS = 9
MOST_BASES = 10
PICTURES = ("drawing", "pict", "object")
NOT_SHOWN = ("Fallback", "del", "moveFrom")
COUNTED_IN_CHINESE = ("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and which of the file it is, from 1; `row` counts table rows, None outside of tables.

    A line break inside is "\\n", a tab "\\t"; underlined blanks are a gap ("____"), a picture is `picture`.
    """

    number: int
    text: str
    row: int | None = None
    cell: int = 0


@dataclass(frozen=True, slots=True)
class WordFile:
    """What stands in a Word file."""

    paragraphs: tuple[Paragraph, ...]
    has_tables: bool
    pictures: tuple[str, ...] = ()
    """The parts that hold the pictures, in the order in which they stand; "" where there is none in the file."""


def read_paragraphs(data: bytes, *, picture: str = "") -> WordFile:
    """Read a .docx. Raises FileRefused for one that is hostile, broken, too large or no Word file."""
    archive = Archive(data)
    if DOCUMENT not in archive.names:
        raise FileRefused(Fault.WRONG_FORMAT)
    root = tree(archive.read(DOCUMENT))
    counters = _Counters(_lists(archive), _lists_of_styles(archive))
    targets = _targets(archive)
    pictures: list[str] = []

    def seen(element: Element) -> str:
        pictures.append(_source(element, targets))
        return picture

    found = []
    for number, (paragraph, row, cell) in enumerate(_placed(root), start=1):
        text = counters.before(paragraph) + _text(paragraph, seen)
        found.append(Paragraph(number, text, row, cell))
    return WordFile(tuple(found), next(every(root, "tbl"), None) is not None, tuple(pictures))


def _targets(archive: Archive) -> dict[str, str]:
    """Return the parts of the file that its document names, by the ids it names them with."""
    if RELATIONS not in archive.names:
        return {}
    found = {}
    for one in children(tree(archive.read(RELATIONS)), "Relationship"):
        target = one.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else f"word/{target}"
        if one.get("TargetMode") != "External" and path in archive.names:
            found[one.get("Id", "")] = path
    return found


def _source(element: Element, targets: Mapping[str, str]) -> str:
    """Return the part that holds the picture an element draws: the first one it names."""
    names = [one.get("embed") or one.get("id") or "" for one in every(element, "blip", "imagedata")]
    return next((targets[name] for name in names if name in targets), "")


def _placed(root: Element) -> Iterator[tuple[Element, int | None, int]]:
    """Yield every paragraph in document order, with the table row and the cell it stands in."""
    rows = 0
    waiting: list[tuple[Element, int | None, int]] = [(root, None, 0)]
    while waiting:
        element, row, cell = waiting.pop()
        if element.tag == "p":
            yield element, row, cell
        if element.tag == "tr":
            rows += 1
            row, cell = rows, 0
        below = []
        for one in element:
            if one.tag == "tc":
                cell += 1
            below.append((one, row, cell))
        waiting.extend(reversed(below))


def _text(paragraph: Element, picture: Callable[[Element], str]) -> str:
    """Return the words of a paragraph, without those of boxes inside it."""
    pieces: list[str] = []
    waiting = list(reversed(list(paragraph)))
    while waiting:
        element = waiting.pop()
        if element.tag in NOT_SHOWN or element.tag == "p":
            continue
        if element.tag == "r":
            pieces.append(_run(element, picture))
        elif element.tag not in PICTURES:
            waiting.extend(reversed(list(element)))
    return "".join(pieces)


def _run(run: Element, picture: Callable[[Element], str]) -> str:
    pieces = []
    for element in run:
        if element.tag == "t":
            pieces.append(element.text or "")
        elif element.tag == "tab":
            pieces.append("\t")
        elif element.tag in ("br", "cr"):
            pieces.append("\n")
        elif element.tag in PICTURES or element.tag == "AlternateContent":
            pieces.append(picture(element))
    text = "".join(pieces)
    is_underlined = child(run, "rPr", "u") is not None
    return "____" if is_underlined and text and not text.strip() and "\n" not in text else text


@dataclass(frozen=True)
class _Level:
    format: str
    pattern: str
    start: int


@dataclass(frozen=True)
class _List:
    """A list of the file; lists of one kind count on, except where one says that it starts anew."""

    kind: str
    levels: list[_Level]
    starts_anew: dict[int, int]


def _lists(archive: Archive) -> dict[str, _List]:
    """Return the lists of the file by their id."""
    if NUMBERING not in archive.names:
        return {}
    root = tree(archive.read(NUMBERING))
    kinds = {one.get("abstractNumId", ""): one for one in children(root, "abstractNum")}
    found = {}
    for one in children(root, "num"):
        kind = _value(child(one, "abstractNumId"))
        levels = [_level(level) for level in children(kinds.get(kind), "lvl")[:MOST_LEVELS]]
        anew = {
            _count(over.get("ilvl", ""), 0): _count(_value(child(over, "startOverride")), 1)
            for over in children(one, "lvlOverride")
            if child(over, "startOverride") is not None
        }
        found[one.get("numId", "")] = _List(kind, levels, anew)
    return found


def _level(level: Element) -> _Level:
    return _Level(
        _value(child(level, "numFmt")) or "decimal",
        _value(child(level, "lvlText")),
        _count(_value(child(level, "start")), 1),
    )


def _lists_of_styles(archive: Archive) -> dict[str, tuple[str, str]]:
    """Return the list and level of each paragraph style that numbers, its own or that of the style below it."""
    if STYLES not in archive.names:
        return {}
    root = tree(archive.read(STYLES))
    own, bases = {}, {}
    for style in children(root, "style"):
        name = style.get("styleId", "")
        bases[name] = _value(child(style, "basedOn"))
        number = child(style, "pPr", "numPr", "numId")
        if number is not None:
            own[name] = (_value(number), _value(child(style, "pPr", "numPr", "ilvl")) or "0")
    found = {}
    for name in bases:
        base = name
        for _step in range(MOST_BASES):
            if base in own:
                found[name] = own[base]
                break
            base = bases.get(base, "")
    return found


def _value(element: Element | None) -> str:
    return element.get("val", "") if element is not None else ""


def _count(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else default


@dataclass
class _Counters:
    """Counts as Word does: lists of one kind together, deeper levels anew under each item."""

    lists: dict[str, _List]
    styles: dict[str, tuple[str, str]]
    counts: dict[str, list[int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def before(self, paragraph: Element) -> str:
        """Return the number Word shows before a paragraph."""
        name, depth = self._place(paragraph)
        known = self.lists.get(name)
        if known is None or not (depth.isascii() and depth.isdigit() and int(depth[:2]) < len(known.levels)):
            return ""
        place, levels = int(depth), known.levels
        counts = self.counts.setdefault(known.kind, [])
        del counts[place + 1 :]
        while len(counts) <= place:
            counts.append(levels[len(counts)].start - 1)
        if place in known.starts_anew and (name, place) not in self.begun:
            counts[place] = known.starts_anew[place] - 1
        self.begun.add((name, place))
        counts[place] += 1
        shown = levels[place].pattern
        for index, count in enumerate(counts):
            shown = shown.replace(f"%{index + 1}", _numeral(count, levels[index].format))
        return f"{shown} " if levels[place].format != "bullet" and shown else ""

    def _place(self, paragraph: Element) -> tuple[str, str]:
        own = child(paragraph, "pPr", "numPr")
        styled = self.styles.get(_value(child(paragraph, "pPr", "pStyle")), ("", "0"))
        if own is None:
            return styled
        name = _value(child(own, "numId")) or styled[0]
        return name, _value(child(own, "ilvl")) or "0"


def _numeral(count: int, style: str) -> str:
    if style == "upperLetter" and 1 <= count <= 26:
        return chr(ord("A") + count - 1)
    if style == "lowerLetter" and 1 <= count <= 26:
        return chr(ord("a") + count - 1)
    if style in COUNTED_IN_CHINESE:
        return in_chinese(count)
    return str(count)
