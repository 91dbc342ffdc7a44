"""Which facts and rows a file tells, taken from the models: their fields say what a value may be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from training.lib.texts import TranslatedField
from training.matters.models import (
    Bundle,
    BundleMaterial,
    BundleMember,
    BundleStep,
    LegalBasis,
    MatterCondition,
    MatterMaterial,
    MatterQuestion,
    MatterStep,
    MatterSystem,
    ServiceMatter,
)

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# Two units stand in one row: their headings must differ.
NAMES = {"statutory_unit": _("statutory limit, counted in"), "promised_unit": _("promised limit, counted in")}


@dataclass(frozen=True)
class Sheet:
    """One kind of record or row: a sheet of a workbook, an object or list in JSON."""

    key: str
    title: Any
    model: Any
    names: Sequence[str]
    owner: str = ""
    """The sheet of the records whose rows these are; none: it holds the records themselves."""
    relation: str = ""

    @property
    def fields(self) -> "list[models.Field[Any, Any]]":
        return [self.model._meta.get_field(name) for name in self.names]

    def titles(self) -> Iterator[str]:
        """Yield every name the sheet goes by."""
        yield self.key
        for code in LANGUAGES:
            with override(code):
                yield str(self.title)


def label(one: "models.Field[Any, Any]") -> str:
    """Return what a field is called in the active language."""
    return str(capfirst(str(NAMES.get(one.name, one.verbose_name))))


def is_texts(one: "models.Field[Any, Any]") -> bool:
    return isinstance(one, TranslatedField)


def is_required(one: "models.Field[Any, Any]") -> bool:
    """Tell whether a new record cannot do without; texts that may not stay empty count too."""
    return not one.blank and (is_texts(one) or not one.has_default()) and not one.many_to_many


MATTERS = Sheet(
    "matters",
    _("Service matters"),
    ServiceMatter,
    (
        *("code", "name", "kind", "department", "basic_code", "implementing_code", "service_object", "result", "fee"),
        *("statutory_days", "statutory_unit", "promised_days", "promised_unit", "online_depth", "trips"),
        *("starts_on", "until"),
    ),
)
BUNDLES = Sheet(
    "bundles",
    _("Bundles"),
    Bundle,
    (
        *("code", "name", "summary", "lead_department"),
        *(f"{name}_{when}" for name in ("days", "trips", "materials", "steps") for when in ("before", "after")),
    ),
)


def _rows(relation: str, title: Any, model: type[models.Model], *names: str) -> Sheet:
    return Sheet(relation, title, model, names, "matters", relation)


def _bundle_rows(relation: str, title: Any, model: type[models.Model], *names: str) -> Sheet:
    return Sheet(f"bundle_{relation}", title, model, names, "bundles", relation)


SHEETS = (
    MATTERS,
    _rows("conditions", _("Conditions"), MatterCondition, "text"),
    _rows(
        *("materials", _("Materials"), MatterMaterial),
        *("name", "need", "form", "copies", "source", "acceptance", "filling"),
    ),
    _rows("steps", _("Steps"), MatterStep, "name", "role", "limit_days", "limit_unit", "criteria", "result"),
    _rows("legal_bases", _("Legal basis"), LegalBasis, "clause_version"),
    _rows("questions", _("Questions and answers"), MatterQuestion, "question", "answer"),
    _rows("systems", _("Business systems"), MatterSystem, "name", "is_double_entry", "note"),
    BUNDLES,
    _bundle_rows("materials", _("Materials of bundles"), BundleMaterial, "name", "used_by"),
    _bundle_rows("steps", _("Steps of bundles"), BundleStep, "name"),
    _bundle_rows(
        *("members", _("Members of bundles"), BundleMember),
        *("matter", "department", "depends_on", "starts_on_day", "ends_on_day"),
        *("hand_off_in", "hand_off_out", "answers_if_late"),
    ),
)
FACTS = (MATTERS, BUNDLES)


def rows_of(facts: Sheet) -> list[Sheet]:
    """Return the sheets whose rows belong to the records of this one."""
    return [sheet for sheet in SHEETS if sheet.owner == facts.key]


@dataclass(frozen=True)
class Problem:
    """What is wrong and where; `kind` and `code` name the record it keeps out, none: the whole file."""

    text: str
    place: str = ""
    kind: str = ""
    code: str = ""


@dataclass
class Told:
    """What a file says: a document for each record, by sheet and code, and what is wrong. Absent keys say nothing."""

    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, kind: str) -> Mapping[str, dict[str, Any]]:
        return {code: document for (one, code), document in self.documents.items() if one == kind}
