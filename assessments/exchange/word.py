"""Reads Word files of questions: their paragraphs as lines."""

from training.lib.office import read_paragraphs

from .collecting import Collector
from .report import Format, ReadFile, Told
from .text import read_lines
from .text_items import PICTURE


def read_word(data: bytes, *, language: str, source: str, languages: tuple[str, ...]) -> ReadFile:
    """Read a .docx whose words are in `language`. Raises FileRefused for a hostile or broken file or one of nothing."""
    file = read_paragraphs(data, picture=PICTURE)
    collector = Collector(Format.WORD, source, languages)
    if file.has_tables:
        collector.tell(Told.TABLE)
    lines = [(one.number, line) for one in file.paragraphs for line in one.text.split("\n")]
    return read_lines(lines, collector, language)
