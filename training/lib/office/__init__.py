"""Office files read in memory: bounded zips and XML trees, the paragraphs of a Word file. Nothing is fetched."""

from .archives import Archive, is_zip
from .bounds import MOST_BYTES, Fault, FileRefused
from .word import Paragraph, read_paragraphs

__all__ = ["MOST_BYTES", "Archive", "Fault", "FileRefused", "Paragraph", "is_zip", "read_paragraphs"]
