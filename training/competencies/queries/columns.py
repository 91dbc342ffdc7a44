"""The columns every matrix has: the competencies of the current framework in their groups."""

from dataclasses import dataclass

from training.competencies.models import Competency, Framework, Level
from training.lib.texts import text_in


@dataclass(frozen=True)
class ColumnGroup:
    """Competencies that stand under one heading."""

    group: Competency
    competencies: list[Competency]


@dataclass(frozen=True)
class Columns:
    """The framework in force and its competencies, in order and in groups; nothing before one is set up."""

    framework: Framework | None
    groups: list[ColumnGroup]

    @property
    def competencies(self) -> list[Competency]:
        return [competency for group in self.groups for competency in group.competencies]


def columns() -> Columns:
    """Return the columns of the current framework (one query)."""
    rows = list(Competency.objects.filter(framework__is_current=True).select_related("framework"))
    framework = rows[0].framework if rows else None
    children: dict[int | None, list[Competency]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    groups = [ColumnGroup(row, children[row.pk]) for row in children.get(None, []) if row.pk in children]
    return Columns(framework, groups)


def levels_in_force() -> list[Level]:
    """Return the levels of the current framework, lowest first."""
    return list(Level.objects.filter(framework__is_current=True).order_by("number"))


def competency_choices() -> list[tuple[str, str]]:
    """Return the competencies of the current framework as choices: code and name."""
    rows = Competency.objects.filter(framework__is_current=True).order_by("position", "code")
    return [(row.code, text_in(row.name)) for row in rows]
