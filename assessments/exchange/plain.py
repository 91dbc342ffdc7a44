"""Texts out of files: bytes to characters, HTML to plain text, and what of it was lost."""

import unicodedata
from html import escape

from assessments.rules import ProblemCode
from training.lib.office import MOST_BYTES, FileRefused

from .losses import Losses
from .markup import Aside, Piece, Tag, Words, pieces_of
from .report import Refused, Told

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ul", "ol", "li", "dl", "dt", "dd", "tr", "table")
BLOCKS = frozenset((*HEADINGS, *LISTS, "p", "div", "br", "blockquote", "pre", "section", "article", "hr"))
HARMLESS = frozenset(["p", "div", "br", "span", "prompt"])
UNSPOKEN = frozenset(
    ("script", "style", "head", "title", "template", "noscript", "object", "applet", "iframe", "svg", "math")
)
MEDIA = {"audio": Told.FILE, "video": Told.FILE, "object": Told.FILE, "embed": Told.FILE, "iframe": Told.FILE}
MEDIA |= {"img": Told.IMAGE, "svg": Told.IMAGE, "source": Told.FILE, "math": Told.MARKUP}
MOST_MARKUP = 100_000
MOST_LINES = 100_000
MARKUP_SIGNS = ("</", "/>", "<br", "<p", "<img", "<b>", "<i>", "<div", "<span", "<script", "<!--", "<ul", "<table")


def decoded(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else UTF-8, else GB18030, of which GBK is a part.

    Raises FileRefused for no text, none of these, or one with NUL in it.
    """
    if len(data) > MOST_BYTES:
        raise FileRefused(Told.TOO_LARGE, limit=MOST_BYTES >> 20)
    if not data.strip():
        raise FileRefused(Told.EMPTY)
    encodings = ["utf-16"] if data.startswith(UTF_16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if text.count("\n") > MOST_LINES:
            raise FileRefused(Told.TOO_MANY_LINES, limit=MOST_LINES)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    raise FileRefused(Told.NOT_TEXT)


def spoken(text: str, losses: Losses) -> str:
    """Return a text without what no database or screen can hold, and without marks that turn its direction."""
    if len(text) > MOST_MARKUP:
        raise Refused(Told.PROBLEM, problem=ProblemCode.TOO_LONG.value)
    kept = "".join(character for character in text if _is_kept(character))
    if len(kept) < len(text):
        losses.tell(Told.CONTROL, number=len(text) - len(kept))
    return kept.strip()


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character in "\n\t" or " " <= character < "\x7f"
    return (
        unicodedata.category(character) not in ("Cc", "Cs")
        and character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )


def looks_like_html(text: str) -> bool:
    """Say whether a text that names no format is HTML."""
    low = text.casefold()
    return any(sign in low for sign in MARKUP_SIGNS)


def from_html(text: str, losses: Losses) -> str:
    """Return what a person reads of a piece of HTML, its lines kept; tells markup, pictures, scripts that are lost."""
    if len(text) > MOST_MARKUP:
        raise Refused(Told.PROBLEM, problem=ProblemCode.TOO_LONG.value)
    reader = _Words(losses)
    for piece in pieces_of(text):
        reader.take(piece)
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return spoken("\n".join(line for line in lines if line), losses)


def as_html(text: str) -> str:
    """Return plain text as HTML that reads the same."""
    return escape(text, quote=False).replace("\n", "<br>\n")


class _Words:
    """What is read of the tags and words that go past."""

    def __init__(self, losses: Losses) -> None:
        self.losses = losses
        self.pieces: list[str] = []
        self.silent: list[str] = []

    def take(self, piece: Piece) -> None:
        if isinstance(piece, Words):
            if not self.silent:
                self.pieces.append(piece.text.replace("\n", " ").replace("\xa0", " "))
        elif isinstance(piece, Aside):
            self.losses.tell(Told.MARKUP)
        else:
            self._tag(piece)

    def _tag(self, tag: Tag) -> None:
        if not tag.is_end and not self._brings(tag):
            self._tell(tag)
        if tag.name in UNSPOKEN and not tag.is_empty:
            if not tag.is_end:
                self.silent.append(tag.name)
            elif self.silent and self.silent[-1] == tag.name:
                self.silent.pop()
        if tag.name in BLOCKS:
            self.pieces.append("\n")
        elif tag.name in ("td", "th"):
            self.pieces.append(" ")

    def _brings(self, tag: Tag) -> bool:
        """Put a mark where a picture or recording stands that the file of questions holds."""
        given = tag.attributes
        if self.silent or tag.name not in ("img", "audio", "source", "object"):
            return False
        address = given.get("src") or given.get("data") or ""
        text = given.get("alt") or given.get("title") or given.get("label") or ""
        mark = self.losses.bring(address, text, decorative=given.get("role") in ("presentation", "none"))
        self.pieces.append(mark)
        return bool(mark)

    def _tell(self, tag: Tag) -> None:
        if tag.name in ("script", "style") or any(name.startswith("on") for name in tag.attributes):
            self.losses.tell(Told.SCRIPT)
        elif tag.name in MEDIA:
            given = tag.attributes
            name = given.get("alt") or (given.get("src") or given.get("data") or tag.name).rpartition("/")[2]
            self.losses.tell(MEDIA[tag.name], name=name)
        elif tag.name == "a":
            self.losses.tell(Told.LINK, target=tag.attributes.get("href", ""))
        elif tag.name == "table":
            self.losses.tell(Told.TABLE)
        elif tag.name not in HARMLESS:
            self.losses.tell(Told.MARKUP)
