"""Exams for those who make them."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from assessments import rules
from assessments.models import Attempt, BlueprintRow, ChosenItem, Entitlement, Exam
from assessments.permissions import resit_of
from training.competencies.models import Competency, Target
from training.people.models import Position

from .drawing import available_items


@dataclass(frozen=True, slots=True)
class BlueprintLine:
    """A row of a blueprint with what the bank has for it."""

    competency: Competency
    state: rules.RowFeasibility
    uncalibrated: int = 0  # live ones that an adaptive exam cannot ask yet


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a bank can fill a blueprint on a day."""

    lines: list[BlueprintLine]
    on: date
    is_adaptive: bool = False

    @property
    def shown_to(self) -> int:
        """Of an adaptive exam: each question is shown to so many in a hundred candidates at most."""
        quotas: Counter[int] = Counter()
        for line in self.lines:
            quotas[line.competency.pk] += line.state.row.count
        sizes = {line.competency.pk: line.state.found for line in self.lines}
        return math.ceil(100 * rules.exposure_limit(quotas, sizes))

    @property
    def questions(self) -> int:
        return sum(line.state.row.count for line in self.lines)

    @property
    def several(self) -> bool:
        """Whether the rows are those of more than one part."""
        return len({line.state.row.part for line in self.lines}) > 1

    @property
    def is_filled(self) -> bool:
        return bool(self.lines) and all(line.state.is_filled for line in self.lines)

    @property
    def warnings(self) -> list[BlueprintLine]:
        """Rows that are filled today and will not be once items go out of date."""
        return [line for line in self.lines if line.state.is_filled and line.state.short_from]


def exams_managed(*, now: datetime) -> QuerySet[Exam]:
    """Return all exams with `questions`, `places` (unused ones), `sitting` and `scored`, open ones first."""

    def counted(rows: QuerySet[Attempt]) -> Coalesce:
        per_exam = rows.filter(exam=OuterRef("pk")).order_by().values("exam").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(per_exam, output_field=IntegerField()), 0)

    asked = (
        BlueprintRow.objects.filter(part__exam=OuterRef("pk"))
        .order_by()
        .values("part__exam")
        .annotate(n=Sum("count"))
        .values("n")
    )
    chosen = ChosenItem.objects.filter(exam=OuterRef("pk")).order_by().values("exam")
    chosen = chosen.annotate(n=Count("pk")).values("n")
    unused = Entitlement.objects.filter(exam=OuterRef("pk"), used_by=None).filter(Q(until=None) | Q(until__gte=now))
    places = unused.order_by().values("exam").annotate(n=Count("pk")).values("n")
    return (
        Exam.objects.select_related("bank")
        .defer("reference_form")
        .annotate(
            questions=Case(
                When(mode=Exam.Mode.FIXED, then=Coalesce(Subquery(chosen, output_field=IntegerField()), 0)),
                default=Coalesce(Subquery(asked, output_field=IntegerField()), 0),
            ),
            places_left=Coalesce(Subquery(places, output_field=IntegerField()), 0),
            sitting=counted(Attempt.objects.open()),
            scored=counted(Attempt.objects.filter(state=Attempt.State.SCORED)),
        )
        .order_by("-is_open", "code")
    )


def fit_of(exam: Exam, rows: Sequence[rules.BlueprintRow], *, on: date) -> Fit:
    """Say whether the exam's bank fills these rows; the exam may be one that is not saved yet."""
    names = {one.pk: one for one in Competency.objects.filter(framework=exam.framework_id)}
    states = rules.feasibility(rows, [item.dated for item in available_items(exam, on=on)])
    live: list[rules.AvailableItem] = []
    if exam.is_adaptive:
        live = [item.drawable for item in available_items(exam, on=on, calibrated=False)]
    lines = [
        BlueprintLine(
            names[state.row.competency],  # type: ignore[index]  # a row names a pk
            state,
            max(0, sum(map(state.row.takes, live)) - state.found),
        )
        for state in states
    ]
    return Fit(lines, on, exam.is_adaptive)


def rows_for_position(position: Position, total: int, *, on: date) -> list[rules.BlueprintRow]:
    """Return a blueprint that asks for what a position asks for: questions spread over its competencies by level."""
    targets = (
        Target.objects.on(on).filter(position=position).select_related("competency").order_by("competency__position")
    )
    levels: dict[Hashable, float] = {target.competency_id: target.level for target in targets}
    if not levels:
        return []
    shares = rules.spread(total, levels)
    return [rules.BlueprintRow(competency, count) for competency, count in shares.items()]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place with what stands between its person and the next attempt; `from_day` None: no day to wait for."""

    place: Entitlement
    from_day: date | None
    needs_learning: bool


def place_lines(exam: Exam, places: Iterable[Entitlement], *, today: date) -> list[PlaceLine]:
    """Return these places of an exam with what their people's attempts that did not pass ask; two queries for all."""
    rows = list(places)
    if not (exam.wait_days or exam.resits_allowed is not None):
        return [PlaceLine(row, None, needs_learning=False) for row in rows]
    people = {row.person_id for row in rows}
    granted, taken = defaultdict(list), defaultdict(list)
    for place in Entitlement.objects.filter(exam=exam, person__in=people):
        granted[place.person_id].append(place)
    for attempt in Attempt.objects.filter(exam=exam, person__in=people):
        taken[attempt.person_id].append(attempt)
    found = []
    for row in rows:
        resit = resit_of(exam, granted[row.person_id], taken[row.person_id])
        after = [one for one in granted[row.person_id] if resit.since and one.granted_at > resit.since]
        waits = resit.waits(today) and not any(one.waiver for one in after)
        needs = resit.needs_learning and not any(one.learned for one in after)
        found.append(PlaceLine(row, resit.may_from if waits else None, needs))
    return found


def places_of(exam: Exam) -> QuerySet[Entitlement]:
    """Return who has a place in an exam, with how often they used it, newest first."""
    rows = exam.entitlements.select_related("person", "session", "granted_by")
    used = Count("used_by", filter=~Q(used_by__state=Attempt.State.VOID))
    return rows.annotate(used=used).order_by("-granted_at", "-pk")
