"""The XML parts of an XLSX file, read as streams of elements with every kind of growth bounded."""

import re
from typing import IO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import sax as safe_sax
from openpyxl.styles.numbers import BUILTIN_FORMATS

from .table import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS

CHUNK_BYTES = 64 * 1024
MAX_SILENT_BYTES = 1024 * 1024
"""One tag may not be longer than this."""
MAX_DEPTH = 32
MAX_NAMES = 500
MAX_ELEMENTS = 3_000_000
MAX_CAPTURED = 8 * MAX_CELL_CHARACTERS
# Dates in Chinese, Japanese and Korean editions, which openpyxl does not know.
EAST_ASIAN_DATES = frozenset((*range(27, 37), *range(50, 59)))
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Part(ContentHandler):
    """Hands local names to `start` and `end`; raises `ValueError` for depth, names or numbers no table needs."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0
        self.elements = 0
        self.depth = 0
        self.names: set[str] = set()

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it so
        self.events += 1
        self.elements += 1
        self.depth += 1
        self.names.add(name)
        self.names.update(attrs.getNames())
        # the parser keeps each name and each open element for as long as it lives
        if self.depth > MAX_DEPTH or len(self.names) > MAX_NAMES or self.elements > MAX_ELEMENTS:
            raise ValueError("more structure than a table has")
        self.start(local(name), attrs)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX calls it so
        self.events += 1
        self.depth -= 1
        self.end(local(name))

    def characters(self, content: str) -> None:
        self.events += 1


def local(name: str) -> str:
    return name.rpartition(":")[2]


def parse(stream: IO[bytes], part: Part) -> None:
    """Raise `SAXException` for broken XML, `DefusedXmlException` for a DTD, `ValueError` past a bound."""
    parser = safe_sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(part)
    silent = 0
    while chunk := stream.read(CHUNK_BYTES):
        before = part.events
        parser.feed(chunk)
        silent = silent + len(chunk) if part.events == before else 0
        if silent > MAX_SILENT_BYTES:
            raise ValueError("a tag without end")
    parser.close()


class Relations(Part):
    """Which part plays which role: `by_id` and `by_role` give the target's path as written."""

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, str] = {}
        self.by_role: dict[str, str] = {}

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        if tag == "Relationship":
            self.by_id[attributes["Id"]] = attributes["Target"]
            self.by_role.setdefault(attributes["Type"].rpartition("/")[2], attributes["Target"])


class Workbook(Part):
    """The relations of the visible sheets, and whether days are counted from 1904."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        """Title and relation of each."""
        self.from_1904 = False

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        if tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next(attributes[name] for name in attributes.getNames() if name.endswith(":id"))
            self.sheets.append((attributes["name"], relation))


def built_in_format(number: int) -> str:
    return "yyyy-mm-dd" if number in EAST_ASIAN_DATES else BUILTIN_FORMATS.get(number, "General")


class Styles(Part):
    """The code of the number format of each cell style, by the style's index."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self.inside = False

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        if tag == "numFmt":
            self.codes[attributes["numFmtId"]] = attributes["formatCode"]
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            number = attributes.get("numFmtId", "0")
            self.formats.append(self.codes.get(number) or built_in_format(int(number)))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False


class TextPart(Part):
    """Gathers the text of values (`v`) and runs (`t`), without the reading aids (`rPh`) beside East Asian text."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.length = 0
        self.hearing = False
        self.aside = False

    def start(self, tag: str, attributes: AttributesImpl) -> None:
        if tag == "rPh":
            self.aside = True
        elif tag in ("t", "v"):
            self.hearing = not self.aside

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.aside = False
        elif tag in ("t", "v"):
            self.hearing = False

    def characters(self, content: str) -> None:
        self.events += 1
        if self.hearing and self.length < MAX_CAPTURED:
            self.pieces.append(content)
            self.length += len(content)

    def take(self) -> str:
        """The text since the last call; characters that XML cannot hold come as _xHHHH_ and are put back."""
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SharedTexts(TextPart):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == "si":
            self.texts.append(self.take())
            if len(self.texts) > MAX_ROWS * MAX_COLUMNS:
                raise ValueError("more texts than a table has")
