"""Reads Word files of questions: their paragraphs as lines."""

from collections.abc import Iterator
from itertools import count

from training.lib.office import Archive, read_paragraphs

from .collecting import Collector
from .media import Source
from .report import Format, ReadFile, Told
from .text import read_lines
from .text_items import FIRST_PICTURE, MOST_PICTURES, PICTURE


def read_word(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a .docx whose words are in `language`. Raises FileRefused for a hostile or broken file or one of nothing."""
    file = read_paragraphs(data, picture=PICTURE)
    collector = Collector(Format.WORD, source, languages)
    if any(file.pictures):
        collector.files = _source(Archive(data), file.pictures)
    if file.has_tables:
        collector.tell(Told.TABLE)
    numbers = count()
    lines = [
        (one.number, "".join(_numbered(line, numbers))) for one in file.paragraphs for line in one.text.split("\n")
    ]
    return read_lines(lines, collector, language)


def _source(archive: Archive, pictures: tuple[str, ...]) -> Source:
    """Return how a picture is found by its number in the file."""
    read: dict[str, bytes] = {}

    def find(number: str) -> tuple[str, bytes] | None:
        name = pictures[int(number)] if number.isdigit() and int(number) < len(pictures) else ""
        if name and name not in read:
            read[name] = archive.read(name)
        return (name, read[name]) if name else None

    return find


def _numbered(line: str, numbers: Iterator[int]) -> Iterator[str]:
    """Yield the pieces of a line; behind the sign of a picture stands its number as one character."""
    first, *rest = line.split(PICTURE)
    yield first
    for piece in rest:
        yield PICTURE + chr(FIRST_PICTURE + min(next(numbers), MOST_PICTURES)) + piece
