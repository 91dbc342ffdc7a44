"""Matters and bundles as files: one shape for workbooks and JSON, each written to be read again."""

from .documents import Books, Document, build, document_of
from .json_files import read_json, write_json
from .sample import sample_documents
from .shape import FACTS, SHEETS, Problem, Sheet, Told
from .workbooks import example_sheets, explained, export_sheets, read_workbook

__all__ = [
    "FACTS",
    "SHEETS",
    "Books",
    "Document",
    "Problem",
    "Sheet",
    "Told",
    "build",
    "document_of",
    "example_sheets",
    "explained",
    "export_sheets",
    "read_json",
    "read_workbook",
    "sample_documents",
    "write_json",
]
