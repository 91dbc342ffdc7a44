"""Cuts HTML into tags and words, once from left to right, whatever the HTML is like.

The parser of the standard library looks again and again for the end of what never ends, so that a page made for it
takes minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

VERBATIM = ("script", "style", "title", "textarea")
MOST_ATTRIBUTES = 30
SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Capitals to small letters, one for one, so that places stay the same."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The start of an element, or its end."""

    name: str
    attributes: dict[str, str]
    is_end: bool = False
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Text between tags, its references resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment or another thing that is never shown."""


Piece = Tag | Words | Aside


def pieces_of(html: str) -> Iterator[Piece]:
    """Yield tags, words and comments in order; what never ends is taken as words."""
    place, length = 0, len(html)
    plain = html.translate(SMALL)
    while place < length:
        start = _next_tag(html, place)
        if start > place:
            yield Words(unescape(html[place:start]))
        if start >= length:
            return
        closing = "-->" if html.startswith("<!--", start) else ">"
        end = html.find(closing, start) if closing == "-->" else _tag_end(html, start)
        if end < 0:
            yield Words(unescape(html[start:]))
            return
        place = end + len(closing)
        if html[start + 1] in "!?":
            yield Aside()
            continue
        tag = _tag(html[start + 1 : end])
        yield tag
        if tag.name in VERBATIM and not tag.is_end and not tag.is_empty:
            close = plain.find(f"</{tag.name}", place)
            yield Words(html[place : close if close >= 0 else length])
            if close < 0:
                return
            place = close


def _next_tag(html: str, place: int) -> int:
    """Return where the next "<" stands that can begin a tag."""
    while (start := html.find("<", place)) >= 0:
        after = html[start + 1 : start + 2]
        if after in ("/", "!", "?") or (after.isascii() and after.isalpha()):
            return start
        place = start + 1
    return len(html)


def _tag_end(html: str, start: int) -> int:
    """Return where a tag ends: at the first ">" outside quotation marks, or at the first one at all."""
    first = html.find(">", start)
    if first < 0:
        return -1
    head = html[start:first]
    for quote in "\"'":
        if head.count(quote) % 2:
            close = html.find(quote, first)
            end = html.find(">", close) if close >= 0 else -1
            return end if end >= 0 else first
    return first


def _tag(inside: str) -> Tag:
    is_end = inside.startswith("/")
    is_empty = inside.endswith("/")
    name, _blank, rest = inside.strip("/").replace("\n", " ").replace("\t", " ").partition(" ")
    return Tag(name.casefold(), {} if is_end else _attributes(rest), is_end, is_empty)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = text.strip()
    while rest and len(found) < MOST_ATTRIBUTES:
        name, equals, after = rest.partition("=")
        words = name.split()
        if not equals or not words:
            found.update(dict.fromkeys((word.casefold() for word in words[:MOST_ATTRIBUTES]), ""))
            break
        after = after.lstrip()
        quote = after[:1]
        if quote in ('"', "'") and quote:
            value, _closed, rest = after[1:].partition(quote)
        else:
            value, _blank, rest = after.partition(" ")
        found[words[-1].casefold()] = unescape(value)
        rest = rest.lstrip()
    return found
