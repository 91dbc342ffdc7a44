"""Documents as a workbook: a sheet for each kind of row, one that explains, and back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from training.lib.imports import shown
from training.lib.imports.matching import normal
from training.lib.tables import Sheet as Rows
from training.lib.tables import Table, TableError, read_tables
from training.lib.texts import source_language

from .documents import Document
from .shape import FACTS, LANGUAGES, SHEETS, Problem, Sheet, Told, is_required, is_texts, label, rows_of
from .values import MOST_CHARACTERS, NoValueError, checked

OWNER = "owner"
HINTS = {
    "code": gettext_lazy(
        "Finds the record again: letters, digits and hyphens. One that is not known makes a new record."
    ),
    "department": gettext_lazy("The code of the department."),
    "lead_department": gettext_lazy("The code of the department."),
    "matter": gettext_lazy("The code of the matter."),
    "used_by": gettext_lazy("Codes of matters, with commas between."),
    "depends_on": gettext_lazy("Codes of matters, with commas between."),
    "clause_version": gettext_lazy("policy/id/number of its text, as the export has it."),
    "is_double_entry": gettext_lazy("yes or no"),
    "starts_on": gettext_lazy("A date such as 2026-03-01."),
    "until": gettext_lazy("A date such as 2026-03-01."),
}
WIDE, NARROW = 34, 16
TRUE, FALSE = ("true", "yes", "是", "1"), ("false", "no", "否", "0")


@dataclass(frozen=True)
class Column:
    """One column: a field, for texts in one language; without a field the code of the record a row belongs to."""

    field: "models.Field[Any, Any] | None"
    language: str = ""

    def heading(self) -> str:
        """Return the heading in the active language."""
        if self.field is None:
            return _("Code of the record")
        if not self.language:
            return label(self.field)
        return _("%(name)s (%(language)s)") % {"name": label(self.field), "language": _language(self.language)}

    def names(self) -> Iterator[str]:
        """Yield every heading the column is known by."""
        yield OWNER if self.field is None else f"{self.field.name} {self.language}"
        for code in LANGUAGES:
            with override(code):
                yield self.heading()


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES)[code])


def columns_of(sheet: Sheet) -> list[Column]:
    columns = [Column(None)] if sheet.owner else []
    for one in sheet.fields:
        columns += [Column(one, code) for code in LANGUAGES] if is_texts(one) else [Column(one)]
    return columns


def export_sheets(documents: Mapping[str, Sequence[Document]]) -> Iterator[Rows]:
    """Yield the sheets of a workbook that holds these documents, in the active language."""
    for sheet in SHEETS:
        columns = columns_of(sheet)
        widths = [WIDE if column.language else NARROW for column in columns]
        yield Rows(str(sheet.title), _lines(sheet, columns, documents[sheet.owner or sheet.key]), widths)


def example_sheets(documents: Mapping[str, Sequence[Document]]) -> Iterator[Rows]:
    """Yield the sheets of a template: a filled sample, and what belongs where in each language."""
    yield from export_sheets(documents)
    for code in LANGUAGES:
        with override(code):
            yield Rows(_("What belongs where"), list(explained()), (24, 34, 12, 90))


def explained() -> Iterator[list[object]]:
    """Yield the lines of the sheet that explains the others, in the active language."""
    yield [_("Sheet"), _("Column"), _("Must be filled in"), _("What belongs there")]
    for sheet in SHEETS:
        for column in columns_of(sheet):
            needed = column.field is None or (is_required(column.field) and column.language in ("", source_language()))
            yield [str(sheet.title), column.heading(), _("yes") if needed else _("no"), _hint(sheet, column.field)]
    yield [_("A sheet that is left out changes nothing; one without rows of a record takes its rows away.")]


def _hint(sheet: Sheet, one: "models.Field[Any, Any] | None") -> str:
    if one is None:
        return _("The code of the matter or bundle on its own sheet; the order of the rows counts.")
    if one.choices:
        return _(", ").join(f"{code} ({name})" for code, name in one.choices)
    return str(HINTS.get(one.name) or one.help_text)


def _lines(sheet: Sheet, columns: Sequence[Column], documents: Iterable[Document]) -> Iterator[list[object]]:
    yield [column.heading() for column in columns]
    for document in documents:
        for row in document[sheet.relation] if sheet.owner else [document]:
            yield [_cell(column, row, document["code"]) for column in columns]


def _cell(column: Column, row: Document, code: str) -> object:
    if column.field is None:
        return code
    value = row[column.field.name]
    if column.language:
        return value.get(column.language, "")
    if column.field.choices:
        return str(dict(column.field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value)
    return date.fromisoformat(value) if value and isinstance(column.field, models.DateField) else value


def read_workbook(data: bytes, *, name: str) -> Told:
    """Read a workbook; what cannot be taken is told with sheet, line and column."""
    told = Told()
    known = {normal(title): sheet for sheet in SHEETS for title in sheet.titles()}
    try:
        tables = read_tables(data, name=name, wanted=lambda title: normal(title) in known, most=MOST_CHARACTERS)
    except TableError as error:
        told.problems += [Problem(message) for message in error.messages]
        return told
    found = {known[normal(title)].key: table for title, table in tables.items()}
    if not found.keys() & {sheet.key for sheet in FACTS}:
        told.problems.append(Problem(_("no sheet has the title “%(title)s”.") % {"title": FACTS[0].title}))
    for facts in FACTS:
        if facts.key in found:
            _Reading(told, facts, found).read()
    return told


class _Reading:
    """Reads the records of one sheet with the rows that other sheets have of them."""

    def __init__(self, told: Told, facts: Sheet, tables: Mapping[str, Table]) -> None:
        self.told, self.facts, self.tables = told, facts, tables

    def read(self) -> None:
        for line, place, document in self.rows(self.facts, self.tables[self.facts.key]):
            code = document.get("code", "")
            if (self.facts.key, code) in self.told.documents:
                self.fault(_("“%(value)s” stands twice.") % {"value": shown(code)}, place, code)
            elif code:
                self.told.documents[self.facts.key, code] = document
                self.told.places[self.facts.key, code] = _line(place, line)
        for sheet in rows_of(self.facts):
            if sheet.key in self.tables:
                self.take_rows(sheet, self.tables[sheet.key])

    def take_rows(self, sheet: Sheet, table: Table) -> None:
        by_code: dict[str, list[Document]] = defaultdict(list)
        for line, place, row in self.rows(sheet, table):
            code = row.pop(OWNER, "")
            if (self.facts.key, code) in self.told.documents:
                by_code[code].append(row)
            else:
                text = _("no record of this file has the code “%(value)s”.") % {"value": shown(code)}
                self.fault(text, _line(place, line), code)
        for code, document in self.told.of(self.facts.key).items():
            document[sheet.relation] = by_code[code]

    def rows(self, sheet: Sheet, table: Table) -> Iterator[tuple[int, str, Document]]:
        places = self.layout(sheet, table)
        owner = "code" if not sheet.owner else OWNER
        for row in table.rows:
            values: dict[str, Any] = {}
            for column, place in places:
                _add(values, column, row.cells[place])
            code = str(values.get(owner, ""))
            yield (
                row.line,
                str(sheet.title),
                self.values(sheet, values, (code, row.line, table, dict(places_of(places)))),
            )

    def layout(self, sheet: Sheet, table: Table) -> list[tuple[Column, int]]:
        """Return which column stands where; headings that are not known, and needed ones that lack, are told."""
        known = {normal(name): column for column in columns_of(sheet) for name in column.names()}
        found = [
            (known[normal(heading)], place) for place, heading in enumerate(table.header) if normal(heading) in known
        ]
        for place, heading in enumerate(table.header):
            if normal(heading) not in known:
                text = _("no column of this sheet is called “%(heading)s”.") % {"heading": shown(heading)}
                self.fault(text, _line(str(sheet.title), table.header_line, table.columns[place]))
        if sheet.owner and OWNER not in places_of(found):
            text = _("the column “%(column)s” is missing.") % {"column": Column(None).heading()}
            self.fault(text, str(sheet.title))
        return found

    def values(self, sheet: Sheet, told: Mapping[str, Any], at: Any) -> Document:
        code, line, table, places = at
        document: Document = {OWNER: code} if sheet.owner else {}
        for one in sheet.fields:
            if one.name not in told and not sheet.owner:
                continue
            try:
                document[one.name] = checked(one, told.get(one.name))
            except NoValueError as reason:
                letter = table.columns[places[one.name]] if one.name in places else ""
                self.fault(str(reason), _line(str(sheet.title), line, letter), code)
        return document

    def fault(self, text: str, place: str, code: str = "") -> None:
        self.told.problems.append(Problem(text, place, self.facts.key if code else "", code))


def places_of(layout: Iterable[tuple[Column, int]]) -> dict[str, int]:
    """Return the first column of each field, by name."""
    found: dict[str, int] = {}
    for column, place in layout:
        found.setdefault(OWNER if column.field is None else column.field.name, place)
    return found


def _line(sheet: str, line: int, letter: str = "") -> str:
    facts = {"sheet": sheet, "line": line, "column": letter}
    return (_("%(sheet)s, line %(line)d, column %(column)s") if letter else _("%(sheet)s, line %(line)d")) % facts


def _add(values: dict[str, Any], column: Column, cell: str) -> None:
    """Put a cell into the values of its row as JSON would have it."""
    one = column.field
    if one is None:
        values[OWNER] = cell
    elif column.language:
        values.setdefault(one.name, {})[column.language] = cell
    elif one.choices:
        values[one.name] = _code_of(one, cell)
    elif one.many_to_many:
        values[one.name] = [code for code in cell.replace("，", ",").replace("、", ",").split(",") if code.strip()]
    elif isinstance(one, models.BooleanField):
        values[one.name] = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}.get(cell.casefold(), cell)
    else:
        values[one.name] = cell


def _code_of(one: "models.Field[Any, Any]", cell: str) -> str:
    """Return the code of a choice told by its code or its name in any language."""
    for code in LANGUAGES:
        with override(code):
            names = {str(name).casefold(): value for value, name in one.flatchoices}
        if cell.casefold() in names:
            return str(names[cell.casefold()])
    return cell
