"""The answers a calibration is worked out from: who counts, how many answers each item has, all of them as matrices."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Window,
)
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone
from numpy.typing import NDArray

from assessments.models import Attempt, AttemptItem, Bank, Exam, ItemVersion, Response
from assessments.scoring.analysis import Known
from assessments.scoring.irt import difficulty_from_judgement
from assessments.scoring.marking import is_right
from assessments.scoring.responses import MISSING
from assessments.scoring.stages import DEFAULT_STAGES, model_in_force
from training.competencies.models import Framework

ATTEMPTS_AT_ONCE = 500
NOT_GIVEN, BLANK = -1, 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which attempts count."""

    bank: Bank
    since: date
    until: date
    first_only: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a calibration of a scope would have to go on; `counts` are answers per item version that has any."""

    attempts: int
    people: int
    counts: dict[int, int]
    items: int

    @property
    def model(self) -> str | None:
        """The richest model the answers bear; None: no parameters could be used."""
        found = model_in_force(list(self.counts.values()))
        return found.value if found else None

    @property
    def enough(self) -> int:
        return sum(count >= DEFAULT_STAGES.rasch_from for count in self.counts.values())

    @property
    def too_few(self) -> int:
        return self.items - self.enough


@dataclass(eq=False)
class Sample:
    """Rows are attempts, columns item versions: 1 right, 0 wrong or left blank, -1 not on the person's paper.

    A question left blank in a paper that was handed in counts as wrong, whether it was seen or not, as it does for the
    result; how many were never seen is counted apart. `chosen` numbers the answers as `values` holds them in JSON;
    `tried` says where an item was only tried out, so that it is in nobody's result.
    """

    attempts: list[dict[str, Any]]
    versions: list[ItemVersion]
    codes: NDArray[np.int8]
    chosen: NDArray[np.int32]
    not_reached: NDArray[np.intp]
    tried: NDArray[np.bool_]
    values: list[str] = field(default_factory=lambda: ["null"])

    @property
    def people(self) -> int:
        return len({attempt["person_id"] for attempt in self.attempts})

    @property
    def answers(self) -> int:
        return int((self.codes != MISSING).sum())


def attempts_in(scope: Scope) -> QuerySet[Attempt]:
    """Return the attempts that count: handed in and scored in the period, not void; the person's first if so asked.

    Adaptive ones are left out: what a person is asked there hangs on their answers, and everybody answers about half
    right, so that an item's figures would say nothing about it.
    """
    first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in (scope.since, scope.until))
    within = {"exam__bank": scope.bank, "state": Attempt.State.SCORED}
    period = {"finished_at__gte": first, "finished_at__lt": last + timedelta(days=1)}
    found = Attempt.objects.filter(**within, **period).exclude(exam__mode=Exam.Mode.ADAPTIVE)
    if not scope.first_only:
        return found
    # Numbered, not compared pair by pair: that takes minutes where the database has no statistics of its rows yet.
    nth = Window(RowNumber(), partition_by=F("person"), order_by=[F("finished_at"), F("pk")])
    return found.annotate(nth=nth).filter(nth=1)


def prospect_of(scope: Scope) -> Prospect:
    """Count what there is, without reading it."""
    attempts = attempts_in(scope)
    told = attempts.aggregate(attempts=Count("pk"), people=Count("person", distinct=True))
    counts = (
        AttemptItem.objects.filter(attempt__in=attempts.values("pk"), mark__void=False)
        .values_list("item_version")
        .annotate(answers=Count("pk"))
        .order_by()
    )
    asked = ItemVersion.objects.in_use().filter(item__bank=scope.bank).exclude(item__state="retired")
    return Prospect(told["attempts"], told["people"], dict(counts), asked.count())


def frameworks_of(bank: Bank) -> list[Framework]:
    """Return the frameworks whose competencies the bank's items test; a bank with one scale has one."""
    return list(Framework.objects.filter(competencies__items__bank=bank).distinct())


def read_sample(scope: Scope, *, done: Callable[[float], None] = lambda _share: None) -> Sample:
    """Read everything, some hundred attempts at a time; `done` hears which share has been read."""
    attempts: list[dict[str, Any]] = list(
        attempts_in(scope).order_by("pk").values("pk", "person_id", "theta", "level", "passed", "target_level", "cuts")
    )
    versions = list(ItemVersion.objects.filter(item__bank=scope.bank).select_related("item").order_by("pk"))
    shape = (len(attempts), len(versions))
    sample = Sample(
        attempts,
        versions,
        np.full(shape, MISSING, dtype=np.int8),
        np.full(shape, NOT_GIVEN, dtype=np.int32),
        np.zeros(len(versions), dtype=np.intp),
        np.zeros(shape, dtype=np.bool_),
    )
    columns = {version.pk: column for column, version in enumerate(versions)}
    numbers = {"null": BLANK}
    for start in range(0, len(attempts), ATTEMPTS_AT_ONCE):
        some = [attempt["pk"] for attempt in attempts[start : start + ATTEMPTS_AT_ONCE]]
        _fill(sample, some, start, columns, numbers)
        done((start + len(some)) / len(attempts))
    sample.values = list(numbers)
    return _without_empty(sample)


def _fill(sample: Sample, some: Sequence[int], start: int, columns: dict[int, int], numbers: dict[str, int]) -> None:
    rows = {attempt: start + place for place, attempt in enumerate(some)}
    for attempt, version, unseen, is_pilot, credit, value in _answers(some):
        row, column = rows[attempt], columns[version]
        sample.codes[row, column] = is_right(credit, sample.versions[column].bar)
        number = numbers.setdefault(value or "null", len(numbers))
        sample.chosen[row, column] = number
        sample.tried[row, column] = is_pilot
        sample.not_reached[column] += unseen and number == BLANK


def _answers(attempts: Sequence[int]) -> Iterator[tuple[int, int, bool, bool, float, str | None]]:
    """Yield (attempt, item version, never seen, tried out, credit, answer as JSON text) of each question marked.

    What is not known is not counted as wrong, and what is void counts for nothing.
    """
    latest = Response.objects.filter(attempt_item=OuterRef("pk")).order_by("-revision")
    return (
        AttemptItem.objects.filter(attempt__in=attempts, mark__void=False)
        .annotate(
            unseen=ExpressionWrapper(Q(seen_at=None), output_field=BooleanField()),
            credit=F("mark__credit"),
            said=Subquery(latest.values(text=Cast("value", TextField()))[:1]),
        )
        .order_by()
        .values_list("attempt_id", "item_version_id", "unseen", "is_pilot", "credit", "said")
        .iterator(chunk_size=5_000)
    )


def _without_empty(sample: Sample) -> Sample:
    """Leave out the versions that were on nobody's paper."""
    met = np.flatnonzero((sample.codes != MISSING).any(axis=0)) if sample.attempts else np.array([], dtype=np.intp)
    return Sample(
        sample.attempts,
        [sample.versions[column] for column in met],
        sample.codes[:, met],
        sample.chosen[:, met],
        sample.not_reached[met],
        sample.tried[:, met],
        sample.values,
    )


def known_before(versions: Sequence[ItemVersion], cuts: Sequence[float]) -> Known:
    """Return what was judged of the items, and the parameters in force."""
    pks = [version.pk for version in versions]
    in_force = {
        row[0]: row[1:]
        for row in ItemVersion.objects.filter(
            pk__in=pks, parameters__in_force_from__isnull=False, parameters__in_force_until=None
        ).values_list("pk", "parameters__a", "parameters__b", "parameters__se_b")
    }
    nothing = (np.nan,) * 3
    a, b, se_b = np.array([in_force.get(pk, nothing) for pk in pks], dtype=float).reshape(-1, 3).T
    judged = [difficulty_from_judgement(version.level, version.judged_p, cuts) for version in versions]
    return Known(np.array(judged, dtype=float), a, b, se_b)
