"""Positions with what they ask for, who holds them, and what a change would mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from training.competencies.models import Competency, Proficiency, Target
from training.people import permissions
from training.people.models import Position, Posting, User


def positions(viewer: User, *, today: date, closed_too: bool) -> "QuerySet[Position]":
    """Return the positions; `holders` are those whom `viewer` oversees, `asked` the competencies (one query)."""
    found = Position.objects.all() if closed_too else Position.objects.open_on(today)
    return found.annotate(
        holders=Coalesce(_count(holders_of(viewer, today=today).filter(position=OuterRef("pk")), "position"), 0),
        asked=Coalesce(_count(Target.objects.on(today).filter(position=OuterRef("pk")), "position"), 0),
    ).order_by("code")


def holders_of(viewer: User, *, today: date) -> "QuerySet[Posting]":
    """Return the postings of today of those whom `viewer` oversees."""
    people = permissions.overseen_staff(viewer, today=today)
    return Posting.objects.on(today).filter(person__in=people, person__is_active=True)


@dataclass(frozen=True)
class TargetLine:
    """One competency of a position: what is asked now and since when, what would be, and who would fall short."""

    competency: Competency
    level: int | None
    since: date | None
    wanted: int | None
    gap_now: int
    gap_then: int
    history: list[Target]

    @property
    def changes(self) -> bool:
        return self.level != self.wanted

    @property
    def name(self) -> str:
        """The name of its field in the form."""
        return f"level-{self.competency.code}"


def target_lines(
    position: Position,
    competencies: list[Competency],
    viewer: User,
    *,
    day: date,
    today: date,
    wanted: Mapping[int, int | None] | None = None,
) -> list[TargetLine]:
    """Return the table of a position: what it asks for on `day` and would ask for, by competency (three queries)."""
    rows = list(position.targets.order_by("-starts_on"))
    people = holders_of(viewer, today=today).filter(position=position)
    holding = _holding(people, today)
    number = people.count()

    def short(competency: Competency, level: int | None) -> int:
        return 0 if level is None else number - holding.get(competency.pk, {}).get(level, 0)

    lines = []
    for competency in competencies:
        own = [row for row in rows if row.competency_id == competency.pk]
        running = next((row for row in own if row.starts_on <= day and (row.until is None or row.until >= day)), None)
        level = running.level if running else None
        then = level if wanted is None else wanted.get(competency.pk, level)
        since = running.starts_on if running else None
        lines.append(TargetLine(competency, level, since, then, short(competency, level), short(competency, then), own))
    return lines


def _holding(people: "QuerySet[Posting]", today: date) -> dict[int, dict[int, int]]:
    """Return how many of the people hold each level or more, by competency."""
    levels = {f"held_{level}": Count("pk", filter=Q(**{f"held_until_{level}__gt": today})) for level in (2, 3, 4, 5)}
    rows = Proficiency.objects.filter(person__in=people.values("person")).order_by().values("competency")
    return {
        row["competency"]: {1: row["held_1"], **{level: row[f"held_{level}"] for level in (2, 3, 4, 5)}}
        for row in rows.annotate(held_1=Count("pk"), **levels)
    }


def _count(rows: "QuerySet[Posting] | QuerySet[Target]", by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))
