"""What stands at the start of a line of a policy: 第三条, 第一章, 一、, （二）, Article 3, (a), Annex 2."""

import re
from dataclasses import dataclass
from enum import Enum

from training.lib.numerals import of_chinese

BLANK = " \t\u3000\xa0"
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
DECIMALS = r"\d{1,4}(?:\.\d{1,3}){0,3}"
NUMERAL = "[〇零一二三四五六七八九十百千两0-9]{1,9}"


class Style(Enum):
    """How a line is numbered; `ITEM` never begins a clause of its own."""

    CHAPTER = "chapter"  # 第一编, 第一章, 第一节, Chapter 1, Part II
    ARTICLE_CN = "article_cn"  # 第一条
    ARTICLE = "article"  # Article 1
    SECTION = "section"  # Section 2.1, § 4
    ORDINAL_CN = "ordinal_cn"  # 一、
    DECIMAL = "decimal"  # 1. or 1.2
    ITEM = "item"  # （一）, (1), (a), ①
    ANNEX = "annex"  # 附件1, Annex A
    PREAMBLE = "preamble"  # 序言, Preamble


@dataclass(frozen=True, slots=True)
class Mark:
    """The number at the start of a line: its style, as it is written, its parts, what follows, and the gap between."""

    style: Style
    label: str
    number: tuple[int, ...]
    rest: str
    is_apart: bool


WAYS: tuple[tuple[Style, re.Pattern[str]], ...] = tuple(
    (style, re.compile(rf"(?P<label>{pattern})(?P<gap>[\s:：.．、\-–—]*)(?P<rest>.*)", re.DOTALL | flags))
    for style, pattern, flags in (
        (Style.CHAPTER, rf"第(?P<number>{NUMERAL})(?:分?编|章|节|部分)", 0),
        (Style.ARTICLE_CN, rf"第[{BLANK}]?(?P<number>{NUMERAL})[{BLANK}]?条(?:之(?P<more>{NUMERAL}))?", 0),
        (Style.ANNEX, r"附件[ ]?(?P<number>[一二三四五六七八九十0-9]{0,3})", 0),
        (Style.PREAMBLE, rf"序[{BLANK}]*言|前[{BLANK}]*言|Preamble", re.IGNORECASE),
        (Style.CHAPTER, r"(?:Chapter|Part|Title)\s+(?P<number>\d{1,4}|[IVXLC]{1,7})\b", re.IGNORECASE),
        (Style.ANNEX, r"(?:Annex|Appendix|Schedule)\s*(?P<number>\d{1,3}|[A-Z]\b)?", re.IGNORECASE),
        (Style.ARTICLE, rf"(?:Article|Art\.)\s*(?P<number>{DECIMALS}|[IVXLC]{{1,7}})\b", re.IGNORECASE),
        (Style.SECTION, rf"(?:Section|Sec\.|Clause|Rule|§)\s*(?P<number>{DECIMALS}|[IVXLC]{{1,7}})\b", re.IGNORECASE),
        (Style.ORDINAL_CN, r"(?P<number>[一二三四五六七八九十百]{1,5})、", 0),
        (Style.ITEM, rf"[（(](?P<number>{NUMERAL}|[a-zA-Z]|[ivx]{{1,5}})[)）]|[①-⑳]|[a-z][.)](?=\s)", 0),
        (Style.DECIMAL, r"(?P<number>\d{1,3}(?:[.．]\d{1,3}){1,3})(?=[.．]?\s)|(?P<whole>\d{1,3})[.．、)）](?!\d)", 0),
    )
)


def mark_of(line: str) -> Mark | None:
    """Return the number a line begins with; None for plain words."""
    text = line.strip(BLANK + "\r\n")
    for style, way in WAYS:
        if (found := way.match(text)) is None:
            continue
        parts = found.groupdict()
        said = parts.get("number") or parts.get("whole") or ""
        number = _numbers(said)
        if style in (Style.ANNEX, Style.PREAMBLE) and not _is_heading(found, style):
            return None
        if parts.get("more"):
            number = (*number, *_numbers(parts["more"]))
        label = found["label"].strip(BLANK).replace("\u3000", "")
        return Mark(style, label, number, found["rest"].strip(BLANK), bool(found["gap"]) or not found["rest"])
    return None


def number_of(label: str) -> tuple[int, ...] | None:
    """Return what a label counts as in any language: 第十条之一 (10, 1), Article 3 (3,), 序言 (0,), 附件2 (-1, 2)."""
    mark = mark_of(label)
    if mark is None:
        return None
    if mark.style is Style.PREAMBLE:
        return (0,)
    return (-1, *mark.number) if mark.style is Style.ANNEX else mark.number


def _is_heading(found: re.Match[str], style: Style) -> bool:
    """Tell 附件2：收费标准 and a lone 序言 from sentences that begin with the same words."""
    rest = found["rest"]
    if style is Style.PREAMBLE:
        return not rest
    return (bool(found["gap"]) or not rest) and len(rest) <= 60 and not rest.endswith(("。", ".", "；", ";"))


def _numbers(said: str) -> tuple[int, ...]:
    if not said:
        return ()
    parts = said.replace("．", ".").split(".")
    numbers = [of_chinese(part) for part in parts]
    if all(one is not None for one in numbers):
        return tuple(one for one in numbers if one is not None)
    roman = said.lower()
    if set(roman) <= ROMAN.keys():
        values = [ROMAN[sign] for sign in roman]
        return (sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True)),)
    return (ord(roman[0]) - 96,) if len(roman) == 1 and "a" <= roman <= "z" else ()
