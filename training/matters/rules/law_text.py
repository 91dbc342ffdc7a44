"""Takes the whole text of a policy apart into clauses, and says by line what it was not sure of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .clause_rows import LONGEST_CHAPTER, ClauseRow, as_text, begun, with_heading
from .marks import BLANK, Mark, Style, mark_of

MOST_LINES = 20_000
MOST_CLAUSES = 600
LONGEST_TITLE = 120
SNIPPET = 80
NUMBER_OF_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{1,15}[〔\[［(（]\d{4}[〕\]］)）]\s?第?\d{1,5}号")
CONTENTS = ("目录", "目次", "contents", "tableofcontents")
DAY = re.compile(r"(?:\d{4}|[〇零一二三四五六七八九]{4})年.{1,3}月.{1,3}日|\d{1,2} \w{3,9} \d{4}|\d{4}-\d\d-\d\d")
REFERS = ("第", "、", "的", "规定", "所称", "所列", "和第", "及第", "或第", "至第", "to ", "and ", "or ", "of ")
BEFORE_NUMBERING = (Style.ARTICLE_CN, Style.ARTICLE, Style.SECTION, Style.ORDINAL_CN, Style.DECIMAL)


class Told(StrEnum):
    """What is told of a line; the words for each stand with the screens."""

    TABLE = "table"
    REFERENCE = "reference"
    JUMP = "jump"
    REPEATED = "repeated"
    EMPTY = "empty"
    NO_LABEL = "no_label"
    CONTENTS = "contents"
    SIGNATURE = "signature"
    NO_NUMBERING = "no_numbering"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, counted from 1, and whether it stood in a table: its cells are parted by " | " then."""

    number: int
    text: str
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a line to look at before the clauses are taken."""

    line: int
    code: Told
    text: str


@dataclass(frozen=True, slots=True)
class LawText:
    """A whole text: its title, its number as a document, the clauses in order, what to look at."""

    title: str
    document_number: str
    clauses: tuple[ClauseRow, ...]
    remarks: tuple[Remark, ...]


@dataclass
class _Reading:
    """Where the reading of a text is."""

    style: Style | None
    chapters: Style | None = None
    title: str = ""
    document_number: str = ""
    chapter: str = ""
    last: int = 0
    in_annex: bool = False
    is_open: bool = False
    rows: list[ClauseRow] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def tell(self, line: int, code: Told, text: str = "") -> None:
        self.remarks.append(Remark(line, code, text[:SNIPPET]))

    def close(self) -> None:
        """End the clause that is being read."""
        if self.is_open:
            self.rows[-1] = with_heading(replace(self.rows[-1], text=as_text(self.paragraphs)))
            if not self.rows[-1].text and not self.rows[-1].heading:
                self.tell(self.rows[-1].line, Told.EMPTY, self.rows[-1].label or self.rows[-1].chapter)
        self.is_open, self.paragraphs = False, []

    def begin(self, mark: Mark, line: Line) -> None:
        self.close()
        row = begun(mark, line.number, self.chapter)
        self.open(replace(row, text=""))
        self.paragraphs = [row.text] if row.text else []

    def open(self, row: ClauseRow) -> None:
        self.rows.append(row)
        self.chapter, self.is_open = "", True


def read_law(lines: Sequence[Line], *, preamble: str) -> LawText:
    """Return a text as clauses; what stands before the first goes into one labelled `preamble`.

    The clause is the highest numbering that runs through the text: 第…条, else Article or Section, else 一、, else 1.;
    lower numbers stay inside as items. Nothing that was read is left out, but a list of contents and the title.
    """
    kept = [replace(line, text=line.text.strip(BLANK + "\r\n")) for line in lines[:MOST_LINES]]
    kept = [line for line in kept if line.text]
    reading = _Reading(*_numbering(kept))
    for line in _without_contents(kept, reading):
        _take(line, reading)
    reading.close()
    if reading.chapter:  # a heading with nothing under it
        reading.open(ClauseRow("", chapter=reading.chapter, line=kept[-1].number))
        reading.close()
    if len(reading.rows) > MOST_CLAUSES or len(lines) > MOST_LINES:
        reading.tell(lines[-1].number, Told.TOO_MANY)
    _open(reading, preamble)
    _look_at_the_end(reading)
    rows = reading.rows[:MOST_CLAUSES]
    remarks = sorted(reading.remarks, key=lambda remark: remark.line)
    return LawText(reading.title, reading.document_number, tuple(rows), tuple(remarks))


def _numbering(lines: Sequence[Line]) -> tuple[Style | None, Style | None]:
    """Return how clauses are numbered, and which other style stands above them as chapters do."""
    marks = [mark for line in lines if not line.in_table and (mark := mark_of(line.text)) is not None]
    used = {mark.style for mark in marks}
    if Style.ARTICLE_CN in used:
        return Style.ARTICLE_CN, None
    if {Style.ARTICLE, Style.SECTION} <= used:
        is_below = any(mark.style is Style.SECTION and len(mark.number) > 1 for mark in marks)
        return (Style.SECTION, Style.ARTICLE) if is_below else (Style.ARTICLE, Style.SECTION)
    return next((style for style in BEFORE_NUMBERING if style in used), None), None


def _without_contents(lines: Sequence[Line], reading: _Reading) -> list[Line]:
    """Return the lines without a list of contents: what follows 目录 until its first entry comes again."""
    place = next((n for n, line in enumerate(lines[:50]) if _squeezed(line.text) in CONTENTS), None)
    if place is None or place + 1 >= len(lines):
        return list(lines)
    first = _entry(lines[place + 1].text)
    again = next((n for n in range(place + 2, len(lines)) if _entry(lines[n].text) == first), None)
    if again is None:
        return list(lines)
    reading.tell(lines[place].number, Told.CONTENTS, lines[place].text)
    return [*lines[:place], *lines[again:]]


def _entry(text: str) -> str:
    return _squeezed(text).rstrip("0123456789.…·")


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()


def _take(line: Line, reading: _Reading) -> None:
    mark = None if line.in_table else mark_of(line.text)
    if mark is not None and not reading.in_annex and _is_chapter(mark, reading):
        reading.close()
        reading.chapter = "　".join(filter(None, [reading.chapter, line.text]))[:LONGEST_CHAPTER]
        return
    if mark is not None and _begins(mark, line, reading):
        reading.begin(mark, line)
        return
    if line.in_table:
        reading.tell(line.number, Told.TABLE, line.text)
    if not reading.rows and not reading.chapter:
        reading.before.append(line)
        return
    if not reading.is_open:
        reading.tell(line.number, Told.NO_LABEL, line.text)
        reading.open(ClauseRow("", chapter=reading.chapter, line=line.number))
    reading.paragraphs.append(line.text)


def _is_chapter(mark: Mark, reading: _Reading) -> bool:
    if mark.style not in (Style.CHAPTER, reading.chapters):
        return False
    return len(mark.rest) <= 60 and not mark.rest.endswith(("。", ".", "；", ";")) and not mark.rest.startswith(REFERS)


def _begins(mark: Mark, line: Line, reading: _Reading) -> bool:
    """Tell whether a mark begins a clause, or a sentence only begins with a reference such as 第三条规定的."""
    if mark.style in (Style.ANNEX, Style.PREAMBLE):
        reading.in_annex = mark.style is Style.ANNEX
        return True
    if reading.in_annex or mark.style is not reading.style or not mark.number:
        return False
    number = mark.number[0]
    if mark.style is Style.DECIMAL and len(mark.number) > 1:
        return False
    refers = mark.rest.startswith(REFERS) if not mark.is_apart or mark.rest.isascii() else False
    refers = refers or (mark.style in (Style.ARTICLE, Style.SECTION) and mark.rest[:1].islower())
    if refers or (not mark.is_apart and number != reading.last + 1):
        reading.tell(line.number, Told.REFERENCE, line.text)
        return False
    if mark.style is Style.DECIMAL and number != reading.last + 1:
        return False
    is_after = len(mark.number) > 1
    if number <= reading.last and not is_after:
        reading.tell(line.number, Told.REPEATED, line.text)
    elif number > reading.last + 1:
        reading.tell(line.number, Told.JUMP, line.text)
    reading.last = max(reading.last, number)
    return True


def _open(reading: _Reading, preamble: str) -> None:
    """Read what stands before the first clause: title, number of the document, preamble."""
    before = list(reading.before)
    if before and len(before[0].text) <= LONGEST_TITLE and not before[0].text.endswith(("。", "；", ";")):
        reading.title = before.pop(0).text
        if NUMBER_OF_DOCUMENT.fullmatch(reading.title) and before:
            reading.document_number, reading.title = reading.title, before.pop(0).text
    for line in before:
        if found := NUMBER_OF_DOCUMENT.search(line.text):
            reading.document_number = reading.document_number or found[0]
    before = [line for line in before if line.text.strip("（）()") != reading.document_number]
    if not before:
        return
    if not reading.rows:
        reading.tell(before[0].number, Told.NO_NUMBERING, before[0].text)
    text = as_text([line.text for line in before])
    reading.rows.insert(0, ClauseRow(preamble, text=text, line=before[0].number))


def _look_at_the_end(reading: _Reading) -> None:
    """Tell of a date alone at the end of the last clause: who signed and when belongs to no clause."""
    if reading.rows:
        last = reading.rows[-1].text.rsplit("\n", 1)[-1].strip()
        if last and DAY.fullmatch(last):
            reading.tell(reading.rows[-1].line, Told.SIGNATURE, last)
