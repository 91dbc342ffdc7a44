"""The roll-up: of the people whose position asks for a competency, how many hold the level asked for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from training.competencies.models import Competency, Proficiency, Target
from training.people.models import Department, Posting

LOW_SHARE = 70
Counts = dict[tuple[int, int], int]


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
    """A department with the people posted to it or below, and its share per competency."""

    department: Department | None
    people: int
    shares: list[Share]
    gaps: int


@dataclass
class _Tally:
    people: int = 0
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    needed: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def row(self, department: Department | None, competencies: list[Competency]) -> RollupRow:
        shares = [Share(one, self.held[one.pk], self.needed[one.pk]) for one in competencies]
        return RollupRow(department, self.people, shares, sum(share.needed - share.held for share in shares))


def rollup(
    *, departments: "QuerySet[Department]", competencies: list[Competency], today: date
) -> tuple[RollupRow, list[RollupRow]]:
    """Return the row of all people and one row per highest department of `departments` (four queries, any size)."""
    visible = {department.pk: department for department in departments}
    roots = _roots(visible.values())
    total, tallies = _Tally(), {root.pk: _Tally() for root in roots.values()}
    people, needed, held = _counts(list(visible), today)
    for department_id, count in people.items():
        for tally in (total, tallies[_root_of(visible[department_id], roots).pk]):
            tally.people += count
    for counts, name in ((needed, "needed"), (held, "held")):
        for (department_id, competency_id), count in counts.items():
            for tally in (total, tallies[_root_of(visible[department_id], roots).pk]):
                getattr(tally, name)[competency_id] += count
    rows = [tallies[root.pk].row(root, competencies) for root in roots.values()]
    return total.row(None, competencies), [row for row in rows if row.people]


def _counts(departments: list[int], today: date) -> tuple[dict[int, int], Counts, Counts]:
    """Return people per department, and needed and held per (department, competency)."""
    postings = Posting.objects.on(today).filter(department__in=departments, person__is_active=True)
    holders: Counts = {}
    people: dict[int, int] = defaultdict(int)
    for department_id, position_id, count in (
        postings.order_by().values_list("department", "position").annotate(Count("person", distinct=True))
    ):
        holders[department_id, position_id] = count
        people[department_id] += count
    asked: dict[int, list[int]] = defaultdict(list)
    for position_id, competency_id in Target.objects.on(today).values_list("position", "competency"):
        asked[position_id].append(competency_id)
    needed: Counts = defaultdict(int)
    for (department_id, position_id), count in holders.items():
        for competency_id in asked[position_id]:
            needed[department_id, competency_id] += count
    return people, needed, _held(departments, today)


def _held(departments: list[int], today: date) -> Counts:
    posting, target = "person__postings__", "person__postings__position__targets__"
    rows = (
        Proficiency.objects.filter(
            Q(**{f"{posting}until": None}) | Q(**{f"{posting}until__gte": today}),
            Q(**{f"{target}until": None}) | Q(**{f"{target}until__gte": today}),
            holds_target(today),
            **{
                f"{posting}starts_on__lte": today,
                f"{posting}department__in": departments,
                f"{target}starts_on__lte": today,
                f"{target}competency": F("competency"),
                "person__is_active": True,
            },
        )
        .order_by()
        .values_list("person__postings__department", "competency")
        .annotate(Count("person", distinct=True))
    )
    return {(department_id, competency_id): count for department_id, competency_id, count in rows}


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
