"""XML read into a small tree, with everything that makes XML dangerous refused and every growth bounded."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from .bounds import MOST_BYTES, Fault, FileRefused

MOST_ELEMENTS = 250_000
MOST_DEPTH = 60
MOST_ATTRIBUTES = 50
CHUNK_BYTES = 64 * 1024
LINE = "@line"
"""The attribute under which marked elements say where they began; no file can write it."""


class PastBoundError(Exception):
    """A tree deeper or larger than any file of ours."""


class _Bounded(TreeBuilder):
    """Builds elements under their local names; a comment or instruction is read past."""

    def __init__(self, marked: frozenset[str]) -> None:
        super().__init__()
        self.marked = marked
        self.depth = 0
        self.count = 0
        self.expat: Any = None

    def start(self, tag: Any, attrs: dict[Any, Any]) -> Any:
        self.depth += 1
        self.count += 1
        if self.depth > MOST_DEPTH or self.count > MOST_ELEMENTS or len(attrs) > MOST_ATTRIBUTES:
            raise PastBoundError
        found = {local(name): value for name, value in attrs.items()}
        if local(tag) in self.marked and self.expat is not None:
            found[LINE] = str(self.expat.CurrentLineNumber)
        return super().start(local(tag), found)

    def end(self, tag: Any) -> Any:
        self.depth -= 1
        return super().end(local(tag))


def tree(data: bytes, *, marked: frozenset[str] = frozenset()) -> Element:
    """Return the root of an XML file; `marked` elements say where they began, as `LINE`.

    Raises FileRefused for entities, broken XML and whatever passes a bound. A document
    type that only names a DTD is allowed, since older exports carry one; nothing is ever fetched.
    """
    if len(data) > MOST_BYTES:
        raise FileRefused(Fault.TOO_LARGE, limit=MOST_BYTES >> 20)
    if data.count(b"<") - data.count(b"</") > MOST_ELEMENTS:  # counted before anything is built
        raise FileRefused(Fault.XML_HOSTILE)
    builder = _Bounded(marked)
    parser = XMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    builder.expat = parser.parser
    try:
        for start in range(0, len(data), CHUNK_BYTES):
            parser.feed(data[start : start + CHUNK_BYTES])
        root = parser.close()
    except (DefusedXmlException, PastBoundError) as error:
        raise FileRefused(Fault.XML_HOSTILE) from error
    except ParseError as error:
        line, column = error.position
        raise FileRefused(Fault.XML_BROKEN, line=line, column=column) from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows, or one of several bytes
        raise FileRefused(Fault.XML_BROKEN, line=1, column=0) from error
    if not isinstance(root, Element):
        raise FileRefused(Fault.XML_BROKEN, line=1, column=0)
    return root


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else name


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along the path of names."""
    for name in path:
        element = next((one for one in element if one.tag == name), None) if element is not None else None
    return element


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children of that name."""
    return [one for one in element if one.tag == name] if element is not None else []


def words(element: Element | None) -> str:
    """Return all text below an element."""
    return "".join(element.itertext()) if element is not None else ""


def every(element: Element, *names: str) -> Iterator[Element]:
    """Yield the descendants of these names in document order."""
    return (one for one in element.iter() if one.tag in names)


def inner_html(element: Element) -> str:
    """Return what stands inside an element as markup, without the texts after it."""
    pieces = [escape(element.text or "")]
    pieces.extend(tostring(one, encoding="unicode", method="html") for one in element)
    return "".join(pieces)
