"""A clause as it is taken apart from a text: one row of an import, joined with the one before, parted, read anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .marks import BLANK, Mark, Style, mark_of

LONGEST_LABEL, LONGEST_HEADING, LONGEST_CHAPTER = 60, 200, 200
SHORT_HEADING = 30
LONG_HEADING = 90
IN_BRACKETS = re.compile(r"[【\[](?P<heading>[^】\]]{1,60})[】\]]\s*(?P<rest>.*)", re.DOTALL)
ENDS = "。；;：:，,！？!?"


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause as read: paragraphs of `text` are parted by an empty line, items follow line by line.

    `chapter` is the heading that stands before it. `continues` and `also` are the clauses of the policy it comes from
    (their ids): the one it goes on as, and others that went into it; neither is a new clause. `line` counts from 1.
    """

    label: str
    heading: str = ""
    text: str = ""
    chapter: str = ""
    line: int = 0
    continues: str = ""
    also: tuple[str, ...] = field(default=())


def paragraphs_of(row: ClauseRow) -> list[str]:
    """Return the paragraphs and items of a clause in order."""
    return [line for line in row.text.split("\n") if line.strip()]


def as_text(lines: Sequence[str]) -> str:
    """Return paragraphs as a clause's text: a new paragraph after an empty line, an item on the next one."""
    told = ""
    for line in lines:
        mark = mark_of(line)
        is_item = mark is not None and mark.style in (Style.ITEM, Style.DECIMAL, Style.ORDINAL_CN)
        told += ("" if not told else "\n" if is_item else "\n\n") + line
    return told


def begun(mark: Mark, line: int, chapter: str) -> ClauseRow:
    """Return the clause a mark begins, with what stands on its own line."""
    heading, text = _heading_in(mark)
    return ClauseRow(mark.label[:LONGEST_LABEL], heading, text, chapter, line)


def with_heading(row: ClauseRow) -> ClauseRow:
    """Return a clause that is whole: a first line of few words, with a paragraph after it, is its heading."""
    first, _break, rest = row.text.partition("\n")
    is_short = len(first) <= (SHORT_HEADING if not first.isascii() else LONG_HEADING)
    if row.heading or not rest.strip() or not is_short or mark_of(first) is not None:
        return row
    if first.endswith(tuple(ENDS)) or any(sign in first for sign in "。；;，") or _is_sentence(first):
        return row
    return replace(row, heading=first.strip(BLANK + "（）()"), text=rest.lstrip("\n"))


def joined(rows: Sequence[ClauseRow], place: int) -> list[ClauseRow]:
    """Return the rows with the one at `place` (from 1 up, counted from 0) put into the one before it.

    Its label and heading become words of the text; nothing is lost. Raises IndexError for the first one.
    """
    if not 0 < place < len(rows):
        raise IndexError(place)
    before, row = rows[place - 1], rows[place]
    opening = " ".join(filter(None, [row.label, row.heading]))
    lines = [*paragraphs_of(before), *([opening] if opening else []), *paragraphs_of(row)]
    origins = dict.fromkeys([*before.also, row.continues, *row.also])
    continues = before.continues or row.continues
    also = tuple(uid for uid in origins if uid and uid != continues)
    one = replace(before, text=as_text(lines), continues=continues, also=also)
    return [*rows[: place - 1], one, *rows[place + 1 :]]


def parted(rows: Sequence[ClauseRow], place: int, paragraph: int) -> list[ClauseRow]:
    """Return the rows with the one at `place` cut before its `paragraph` (from 1; the first cannot be cut off).

    A number at the start of the second part becomes its label; it comes from the same clause as the first.
    Raises IndexError when there is no such place.
    """
    row = rows[place]
    lines = paragraphs_of(row)
    if not 1 <= paragraph < len(lines):
        raise IndexError(paragraph)
    mark = mark_of(lines[paragraph])
    second = begun(mark, row.line, "") if mark else ClauseRow("", text=lines[paragraph], line=row.line)
    origin = (row.continues,) if row.continues else row.also
    text = as_text([*paragraphs_of(second), *lines[paragraph + 1 :]])
    first = replace(row, text=as_text(lines[:paragraph]))
    return [*rows[:place], first, with_heading(replace(second, text=text, also=origin)), *rows[place + 1 :]]


def _heading_in(mark: Mark) -> tuple[str, str]:
    """Return heading and text of what follows a number on its line: 第一条 【目的】为了…, Article 1 (Scope) This…"""
    rest = mark.rest
    if (found := IN_BRACKETS.match(rest)) is not None:
        return found["heading"].strip(BLANK), found["rest"]
    if rest[:1] in "（(" and rest and mark.style in (Style.ARTICLE_CN, Style.ARTICLE, Style.SECTION):
        inside, closed, after = rest[1:].replace("）", ")", 1).partition(")")
        if closed and after.strip() and len(inside) <= LONG_HEADING and not inside.isdigit():
            return inside.strip(BLANK), after.strip(BLANK)
    if mark.style in (Style.ANNEX, Style.PREAMBLE):
        return rest, ""
    return "", rest


def _is_sentence(text: str) -> bool:
    return text.isascii() and text.endswith(".")
