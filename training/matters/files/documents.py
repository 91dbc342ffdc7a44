"""A matter or bundle as a document, a mapping of plain values, and a document as a matter or bundle not yet saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import shown
from training.matters.models import Bundle, ClauseVersion, ServiceMatter
from training.matters.rules import Limit, is_longer
from training.people.models import Department

from .shape import LANGUAGES, Sheet, is_texts, rows_of
from .values import clean, empty, plain_number

Document = dict[str, Any]
NO_MATTER = gettext_lazy("no matter has the code “%(value)s”.")


class UnknownError(Exception):
    """A code names nothing, or facts contradict each other; the message is a sentence."""


@dataclass
class Books:
    """What codes in a file may name."""

    departments: Mapping[str, Department]
    matters: dict[str, ServiceMatter]
    clauses: Mapping[str, ClauseVersion]


@dataclass(frozen=True)
class Names:
    """What rows of a draft call by key: codes of departments and matters, names of clauses."""

    departments: Mapping[int, str]
    matters: Mapping[int, str]
    clauses: Mapping[int, str]


def document_of(record: ServiceMatter | Bundle, facts: Sheet) -> Document:
    """Return everything a record says; two records that say the same have equal documents."""
    document = {one.name: _plain(record, one) for one in facts.fields}
    for sheet in rows_of(facts):
        rows = getattr(record, sheet.relation).all()
        document[sheet.relation] = [{one.name: _plain(row, one) for one in sheet.fields} for row in rows]
    return document


def document_of_content(content: Mapping[str, Any], facts: Sheet, names: Names) -> Document:
    """Return what `document_of` would of the record that a kept draft stands for, without making it."""
    document = {one.name: _kept(content, one, names) for one in facts.fields}
    for sheet in rows_of(facts):
        rows = sorted(content.get(sheet.relation, ()), key=lambda row: row.get("sort_order") or 0)
        document[sheet.relation] = [{one.name: _kept(row, one, names) for one in sheet.fields} for row in rows]
    return document


def _kept(row: Mapping[str, Any], one: "models.Field[Any, Any]", names: Names) -> Any:
    if one.name not in row:
        return empty(one)
    value = row[one.name]
    if one.is_relation:
        known = names.clauses if one.name == "clause_version" else names.matters
        known = names.departments if one.related_model is Department else known
        return sorted(known[key] for key in value if key in known) if one.many_to_many else known.get(value, "")
    return _told(one, value)


def clause_key(version: ClauseVersion) -> str:
    """Return what names a text of a clause in a file."""
    return f"{version.clause.policy.slug}/{version.clause.uid}/{version.number}"


def _plain(record: Any, one: "models.Field[Any, Any]") -> Any:
    if one.many_to_many:
        return sorted(other.code for other in getattr(record, one.name).all())
    value = getattr(record, one.name)
    if isinstance(value, ClauseVersion):
        return clause_key(value)
    return value.code if isinstance(value, Department | ServiceMatter) else _told(one, value)


def _told(one: "models.Field[Any, Any]", value: Any) -> Any:
    if is_texts(one):
        texts = {code: clean((value or {}).get(code) or "") for code in LANGUAGES}
        return {code: text for code, text in texts.items() if text}
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal | float | int | str) and isinstance(one, models.DecimalField):
        return plain_number(Decimal(str(value)))
    return clean(value) if isinstance(value, str) else value


def build(document: Document, facts: Sheet, books: Books, record: Any = None) -> Any:
    """Return the record, a new one or that given, as the document says, with its rows; nothing is saved.

    Raises `UnknownError` when it names what is not there, or contradicts itself.
    """
    _require_sense(document)
    record = record or facts.model(live=False)
    for one in facts.fields:
        setattr(record, one.name, _meant(one, document[one.name], books))
    for sheet in rows_of(facts):
        rows = [_row(sheet, place, row, books) for place, row in enumerate(document[sheet.relation])]
        setattr(record, sheet.relation, rows)
    return record


def _row(sheet: Sheet, place: int, told: Document, books: Books) -> Any:
    plain = [one for one in sheet.fields if not one.many_to_many]
    row = sheet.model(sort_order=place, **{one.name: _meant(one, told[one.name], books) for one in plain})
    for one in sheet.fields:
        if one.many_to_many:
            setattr(row, one.name, _meant(one, told[one.name], books))
    return row


def _meant(one: "models.Field[Any, Any]", value: Any, books: Books) -> Any:
    if one.many_to_many:
        return [_known(books.matters, code, NO_MATTER) for code in value]
    if one.is_relation:
        return _related(one, value, books)
    if isinstance(one, models.DecimalField):
        return Decimal(str(value))
    return date.fromisoformat(value) if value and isinstance(one, models.DateField) else value


def _related(one: "models.Field[Any, Any]", value: str, books: Books) -> Any:
    if one.name == "clause_version":
        return _known(books.clauses, value, _("no clause is “%(value)s”."))
    if one.related_model is ServiceMatter:
        return _known(books.matters, value, NO_MATTER)
    return _known(books.departments, value, _("no department has the code “%(value)s”."))


def _known(things: Mapping[str, Any], code: str, text: str) -> Any:
    if code not in things:
        raise UnknownError(text % {"value": shown(code)})
    return things[code]


def _require_sense(document: Document) -> None:
    if "promised_days" in document:
        promised = Limit(document["promised_days"], document["promised_unit"])
        if is_longer(promised, Limit(document["statutory_days"], document["statutory_unit"])):
            raise UnknownError(_("The promised limit is longer than the statutory one."))
        if document["starts_on"] and document["until"] and document["until"] < document["starts_on"]:
            raise UnknownError(_("The last day is before the first. Give a later one."))
        if len({row["clause_version"] for row in document["legal_bases"]}) < len(document["legal_bases"]):
            raise UnknownError(_("The same clause is cited twice."))
    for member in document.get("members", ()):
        if member["ends_on_day"] < member["starts_on_day"]:
            raise UnknownError(_("The last working day is before the first."))


def completed(told: Document, facts: Sheet, current: Document | None) -> Document:
    """Return what the record will say: what the file tells, else what is on record, else what a new one begins with."""
    base = current or {
        **{one.name: empty(one) for one in facts.fields},
        **{sheet.relation: [] for sheet in rows_of(facts)},
    }
    return {**base, **told}
