"""The roll-up: of the people whose position asks for a competency, how many hold the level asked for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from training.competencies.models import Competency, Proficiency
from training.people.models import Department, Position, Posting, Section

from .asked import Asked

LOW_SHARE = 70


def holds_target(day: date) -> Q:
    """Return the condition that a proficiency holds, on `day`, the level the person's position asks for."""
    target = "person__postings__position__targets__level"
    held = Q(**{target: 1})
    for level in (2, 3, 4, 5):
        held |= Q(**{target: level, f"held_until_{level}__gt": day})
    return held


@dataclass(frozen=True)
class Share:
    """How many of those who need a level hold it."""

    competency: Competency
    held: int
    needed: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down so that 100 means everybody; None when nobody needs it."""
        return self.held * 100 // self.needed if self.needed else None

    @property
    def is_low(self) -> bool:
        return self.percent is not None and self.percent < LOW_SHARE


@dataclass(frozen=True)
class RollupRow:
    """A department with the people posted to it or below, or a hall section with those who stand there, and its shares.

    `part` is None in the row of them all.
    """

    part: Department | Section | None
    people: int
    shares: list[Share]
    gaps: int


@dataclass
class _Tally:
    people: int = 0
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    needed: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, people: int, needed: Iterable[int]) -> None:
        """Add people whose position asks for the competencies `needed`."""
        self.people += people
        for competency in needed:
            self.needed[competency] += people

    def row(self, part: Department | Section | None, competencies: list[Competency]) -> RollupRow:
        shares = [Share(one, self.held[one.pk], self.needed[one.pk]) for one in competencies]
        return RollupRow(part, self.people, shares, sum(share.needed - share.held for share in shares))


def rollup(
    *, departments: "QuerySet[Department]", competencies: list[Competency], asked: Asked, today: date
) -> tuple[RollupRow, list[RollupRow]]:
    """Return the row of all people and one row per highest department of `departments` (two queries, any size)."""
    visible: dict[int, Department] = {}
    holders: list[tuple[int, int | None, int]] = []
    for one in _with_holders(departments, today):
        visible[one.pk] = one
        holders.append((one.pk, one.position, one.people))
    roots = _roots(visible.values())
    total, tallies = _Tally(), {root.pk: _Tally() for root in roots.values()}
    for department, position, people in holders:
        for tally in (total, tallies[_root_of(visible[department], roots).pk]):
            tally.add(people, asked.get(position, ()))
    for department, competency, count in _held("department", today, department__in=list(visible)):
        for tally in (total, tallies[_root_of(visible[department], roots).pk]):
            tally.held[competency] += count
    rows = [tallies[root.pk].row(root, competencies) for root in roots.values()]
    return total.row(None, competencies), [row for row in rows if row.people]


def _with_holders(departments: "QuerySet[Department]", today: date) -> "QuerySet[Department]":
    """Return each department once for every `position` held there, with how many `people` hold it, or once alone."""
    lasting = Q(postings__until=None) | Q(postings__until__gte=today)
    return departments.annotate(
        running=FilteredRelation("postings", condition=lasting & Q(postings__starts_on__lte=today)),
        position=F("running__position"),
        people=Count("running__person", distinct=True, filter=Q(running__person__is_active=True)),
    )


def section_rows(
    *, sections: "QuerySet[Section]", competencies: list[Competency], asked: Asked, today: date
) -> list[RollupRow]:
    """Return one row for each hall section: of whoever is posted or lent there, from any department (three queries)."""
    found = {section.pk: section for section in sections.order_by("code")}
    tallies = {pk: _Tally() for pk in found}
    postings = Posting.objects.on(today).filter(section__in=found, person__is_active=True)
    for section, position, people in (
        postings.order_by().values_list("section", "position").annotate(Count("person", distinct=True))
    ):
        tallies[section].add(people, asked.get(position, ()))
    for section, competency, count in _held("section", today, section__in=list(found)):
        tallies[section].held[competency] += count
    return [tallies[pk].row(section, competencies) for pk, section in found.items()]


@dataclass(frozen=True)
class Whole:
    """All people of one matrix: their shares, the positions they hold, and how many rows each position has."""

    row: RollupRow
    positions: list[Position]
    rows: dict[int, int]


def whole(
    part: Department | Section,
    postings: "QuerySet[Posting]",
    *,
    competencies: list[Competency],
    asked: Asked,
    today: date,
) -> Whole:
    """Return what all the `postings` of a part come to (two queries, any size)."""
    tally, positions, rows = _Tally(), [], {}
    held = postings.order_by("position__code").values_list("position", "position__code", "position__name")
    for pk, code, name, people, count in held.annotate(Count("person", distinct=True), Count("pk")):
        positions.append(Position(pk=pk, code=code, name=name))
        rows[pk] = count
        tally.add(people, asked.get(pk, ()))
    by = "department" if isinstance(part, Department) else "section"
    for _part, competency, count in _held(by, today, **{f"{by}__in": postings.order_by().values(by)}):
        tally.held[competency] += count
    return Whole(tally.row(part, competencies), positions, rows)


def _held(by: str, today: date, **where: object) -> "QuerySet[Proficiency]":
    """Return, for each part a posting names as `by` and each competency, how many hold the level asked for."""
    posting, target = "person__postings__", "person__postings__position__targets__"
    return (
        Proficiency.objects.filter(
            Q(**{f"{posting}until": None}) | Q(**{f"{posting}until__gte": today}),
            Q(**{f"{target}until": None}) | Q(**{f"{target}until__gte": today}),
            holds_target(today),
            **{
                f"{posting}starts_on__lte": today,
                f"{target}starts_on__lte": today,
                f"{target}competency": F("competency"),
                "person__is_active": True,
            },
            **{f"{posting}{name}": value for name, value in where.items()},
        )
        .order_by()
        .values_list(f"{posting}{by}", "competency")
        .annotate(Count("person", distinct=True))
    )


def _roots(departments: Iterable[Department]) -> dict[str, Department]:
    """Return, by tree path, the departments that have no ancestor among those given."""
    ordered = sorted(departments, key=lambda department: department.path)
    roots: dict[str, Department] = {}
    for department in ordered:
        if not any(department.path.startswith(path) for path in roots):
            roots[department.path] = department
    return roots


def _root_of(department: Department, roots: dict[str, Department]) -> Department:
    return next(root for path, root in roots.items() if department.path.startswith(path))
