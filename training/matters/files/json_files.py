"""Documents as JSON, versioned, the same bytes for the same documents; see docs/matter-files.md."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from training.lib.imports import shown

from .documents import Document
from .shape import FACTS, Problem, Sheet, Told, is_required, rows_of
from .values import NoValueError, checked

FORMAT, VERSION = "service-matters", 1
MOST_BYTES = 40 * 1024 * 1024
MOST_PARTS = 1_000_000
"""Objects and lists: each takes some sixty bytes of memory for two in the file, so they are counted before parsing."""


def write_json(documents: Mapping[str, Iterable[Document]]) -> bytes:
    """Return the documents, by sheet, as they stand in a file."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        **{facts.key: _in_order(facts, documents[facts.key]) for facts in FACTS},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _in_order(facts: Sheet, documents: Iterable[Document]) -> list[Document]:
    """Return the documents with their names in the order of the shape."""
    rows = rows_of(facts)
    return [
        {
            **{name: document[name] for name in facts.names},
            **{
                one.relation: [{name: row[name] for name in one.names} for row in document[one.relation]]
                for one in rows
            },
        }
        for document in documents
    ]


def read_json(data: bytes) -> Told:
    """Read a file; what cannot be taken is told with its path, such as ``matters[3].steps[0].name``."""
    told = Told()
    content = _parsed(data, told)
    if content is None:
        return told
    for key in content.keys() - {"format", "version", *(sheet.key for sheet in FACTS)}:
        told.problems.append(Problem(_("nothing of this name is known."), shown(key)))
    for sheet in FACTS:
        records = content.get(sheet.key, [])
        if not isinstance(records, list):
            told.problems.append(Problem(_("a list is expected."), sheet.key))
            continue
        for place, record in enumerate(records):
            _Reading(told, sheet, f"{sheet.key}[{place}]").record(record)
    return told


def _parsed(data: bytes, told: Told) -> dict[str, Any] | None:
    if len(data) > MOST_BYTES or data.count(b"{") + data.count(b"[") > MOST_PARTS:
        told.problems.append(Problem(_("the file is larger than %(limit)d MB.") % {"limit": MOST_BYTES >> 20}))
        return None
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        told.problems.append(Problem(_("the file is no JSON in UTF-8.")))
        return None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        told.problems.append(Problem(_("the file does not say that it holds service matters (format)."), "format"))
        return None
    if content.get("version") != VERSION:
        told.problems.append(Problem(_("only version %(version)d is read.") % {"version": VERSION}, "version"))
        return None
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refused(constant: str) -> None:
    raise ValueError(constant)


class _Reading:
    """Reads one record with its rows."""

    def __init__(self, told: Told, sheet: Sheet, path: str) -> None:
        self.told, self.sheet, self.path, self.code = told, sheet, path, ""

    def record(self, record: Any) -> None:
        if not isinstance(record, dict) or not isinstance(record.get("code"), str) or not record["code"]:
            self.told.problems.append(Problem(_("a record with a code is expected."), self.path))
            return
        self.code = record["code"]
        if (self.sheet.key, self.code) in self.told.documents:
            self.fault(_("“%(value)s” stands twice.") % {"value": shown(self.code)}, f"{self.path}.code")
        rows = {one.relation: one for one in rows_of(self.sheet)}
        facts = {name: value for name, value in record.items() if name not in rows}
        document = self.values(self.sheet, facts, self.path)
        for name, sheet in rows.items():
            if name in record:
                document[name] = self.rows(sheet, record[name])
        self.told.documents[self.sheet.key, self.code] = document
        self.told.places[self.sheet.key, self.code] = self.path

    def rows(self, sheet: Sheet, rows: Any) -> list[Document]:
        path = f"{self.path}.{sheet.relation}"
        if not isinstance(rows, list):
            self.fault(_("a list is expected."), path)
            return []
        found = []
        for place, row in enumerate(rows):
            if not isinstance(row, dict):
                self.fault(_("a row with names and values is expected."), f"{path}[{place}]")
                continue
            absent = {one.name: None for one in sheet.fields if one.name not in row}
            found.append(self.values(sheet, {**row, **absent}, f"{path}[{place}]"))
        return found

    def values(self, sheet: Sheet, told: Mapping[str, Any], path: str) -> Document:
        known, document = {one.name: one for one in sheet.fields}, {}
        for name, value in told.items():
            try:
                if name not in known:
                    raise NoValueError(_("nothing of this name is known."))
                document[name] = checked(known[name], value)
            except NoValueError as reason:
                self.fault(str(reason), f"{path}.{shown(name)}")
        return document

    def fault(self, text: str, path: str) -> None:
        self.told.problems.append(Problem(text, path, self.sheet.key, self.code))


def lacking(sheet: Sheet, document: Document) -> list[str]:
    """Return the names a new record cannot do without and the document does not tell."""
    return [one.name for one in sheet.fields if is_required(one) and one.name not in document]
