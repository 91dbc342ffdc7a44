"""Service matters become records."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from training.matters.models import ClauseVersion, LimitUnit, MatterVersion, ServiceMatter
from training.people.models import Department, User

from .freezing import freeze

FACTS = (
    "code",
    "basic_code",
    "implementing_code",
    "kind",
    "service_object",
    "statutory_days",
    "promised_days",
    "online_depth",
    "trips",
    "fee",
    "result",
)


@transaction.atomic
def freeze_matter(matter: ServiceMatter, *, by: User | None, at: datetime) -> MatterVersion:
    """Freeze the matter as it is now and return its newest version; nothing changed makes none."""
    version: MatterVersion = freeze(
        matter.versions, action="matters.matter", name=matter.name, content=matter_content(matter), by=by, at=at
    )
    version.clauses.set([basis.clause_version_id for basis in matter.legal_bases.all()])
    return version


def matter_content(matter: ServiceMatter) -> dict[str, Any]:
    """Return everything about the matter as JSON: facts, and rows in their order, each text by language."""
    return {
        **{name: getattr(matter, name) for name in FACTS},
        **_said(statutory_unit=_unit(matter.statutory_unit), promised_unit=_unit(matter.promised_unit)),
        **_said(starts_on=_day(matter.starts_on), until=_day(matter.until)),
        "department": department_content(matter.department),
        "conditions": [row.text for row in matter.conditions.all()],
        "materials": [
            {
                "name": row.name,
                "need": row.need,
                "form": row.form,
                "copies": row.copies,
                "source": row.source,
                "acceptance": row.acceptance,
                **_said(filling=row.filling),
            }
            for row in matter.materials.all()
        ],
        "steps": [
            {
                "name": row.name,
                "role": row.role,
                "limit_days": float(row.limit_days),
                "criteria": row.criteria,
                **_said(result=row.result, limit_unit=_unit(row.limit_unit)),
            }
            for row in matter.steps.all()
        ],
        "questions": [{"question": row.question, "answer": row.answer} for row in matter.questions.all()],
        **_said(
            systems=[
                {"name": row.name, "is_double_entry": row.is_double_entry, "note": row.note}
                for row in matter.systems.all()
            ]
        ),
        "clauses": [_clause_content(basis.clause_version) for basis in matter.legal_bases.all()],
    }


def _said(**facts: Any) -> dict[str, Any]:
    """Return the facts that say something: what came later to matters is no change of those that do not have it."""
    return {name: value for name, value in facts.items() if value}


def _unit(unit: str) -> str:
    return "" if unit == LimitUnit.WORKING_DAYS else unit


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _clause_content(version: ClauseVersion) -> dict[str, Any]:
    clause = version.clause
    return {"policy": clause.policy.slug, "clause": str(clause.uid), "version": version.number}


def department_content(department: Department) -> dict[str, Any]:
    """Return what a version keeps of a department."""
    return {"code": department.code, "name": department.name}
