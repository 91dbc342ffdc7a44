"""How long people were at the questions of an exam, and whether they answer as the parameters in force expect."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean, median

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from assessments import rules
from assessments.models import AttemptEvent, AttemptItem, Exam, ItemParameters, ItemVersion, Response
from assessments.rules import Moment
from assessments.scoring.graded import Items
from assessments.scoring.marginal import Grid
from assessments.scoring.residuals import PEOPLE_PER_GROUP, residuals
from assessments.scoring.responses import Responses

FEWEST_TO_FIT = 2 * PEOPLE_PER_GROUP
"""Of fewer people no two groups of like ability can be told from chance."""
SMALLEST_SPREAD = 0.5
"""Logits. Where the results scatter no more than their own error, people are taken to differ by this much."""
DOUBTFUL = 0.01


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds at a question: the mean, and the median, which one long break does not move."""

    people: int
    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How answers keep to the parameters in force; infit is 1 where they do. `p` None: too few answers to say."""

    people: int
    infit: float | None
    p: float | None

    @property
    def is_known(self) -> bool:
        return self.p is not None

    @property
    def is_doubtful(self) -> bool:
        return self.p is not None and self.p < DOUBTFUL


def times_of(exam: Exam, state: str) -> dict[int, Times]:
    """Return the times at each version, of the exam's attempts in this state."""
    found: dict[int, list[float]] = defaultdict(list)
    pauses = _pauses(exam, state)
    for attempt, rows in groupby(_moments(exam, state), key=lambda row: row[0]):
        for version, seconds in rules.seconds_on((moment for _pk, moment in rows), pauses[attempt]).items():
            found[version].append(seconds)
    return {version: Times(len(rows), fmean(rows), median(rows)) for version, rows in found.items()}


def _moments(exam: Exam, state: str) -> Iterator[tuple[int, Moment]]:
    """Yield (attempt, moment), each attempt's together."""
    of = {"attempt__exam": exam, "attempt__state": state}
    opened = AttemptItem.objects.filter(**of, seen_at__isnull=False).order_by()
    saved = Response.objects.filter(**{f"attempt_item__{name}": value for name, value in of.items()}).order_by()
    rows = [
        *((attempt, Moment(at, version, saved=False)) for attempt, at, version in
          opened.values_list("attempt", "seen_at", "item_version").iterator(chunk_size=5000)),
        *((attempt, Moment(at, version, saved=True)) for attempt, at, version in
          saved.values_list("attempt_item__attempt", "saved_at", "attempt_item__item_version")
          .iterator(chunk_size=5000)),
    ]  # fmt: skip
    yield from sorted(rows)


def _pauses(exam: Exam, state: str) -> dict[int, list[rules.Pause]]:
    """Return, by attempt, from when until when it was paused (one query)."""
    kinds = (AttemptEvent.Kind.PAUSED, AttemptEvent.Kind.RESUMED)
    rows = AttemptEvent.objects.filter(attempt__exam=exam, attempt__state=state, kind__in=kinds)
    found: dict[int, list[rules.Pause]] = defaultdict(list)
    for attempt, kind, at in rows.order_by("at", "pk").values_list("attempt", "kind", "at"):
        if kind == AttemptEvent.Kind.PAUSED:
            found[attempt].append((at, None))
        elif found[attempt]:
            found[attempt][-1] = (found[attempt][-1][0], at)
    return found


def fits_of(
    versions: Sequence[ItemVersion], codes: NDArray[np.int8], abilities: Sequence[float], errors: Sequence[float]
) -> dict[int, Fit]:
    """Return the fit of the versions that have parameters in force; columns of `codes` are `versions`.

    Everybody is judged by their other answers; the items without parameters count there as their papers froze them.
    """
    in_force = {row.item_version_id: row for row in ItemParameters.objects.in_force().filter(item_version__in=versions)}
    if not in_force:
        return {}
    a, b = _parameters(versions, in_force)
    mean = float(np.mean(abilities))
    spread = float(np.sqrt(max(np.var(abilities) - np.mean(np.square(errors)), SMALLEST_SPREAD**2)))
    # ability is taken as normal around 0 there, so the items move instead
    items = Items.of(a, list(-a * (b - mean)))
    judged = residuals(items, Responses(codes, np.ones(len(abilities))), Grid.normal(sd=spread), parameters=0)
    people = (codes >= 0).sum(axis=0)
    return {
        version.pk: _fit(int(people[column]), judged[column].infit, judged[column].p)
        for column, version in enumerate(versions)
        if version.pk in in_force
    }


def _parameters(
    versions: Sequence[ItemVersion], in_force: Mapping[int, ItemParameters]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return slope and difficulty of each version: those in force, else what the latest paper was scored by."""
    judged = AttemptItem.objects.filter(item_version__in=[one for one in versions if one.pk not in in_force])
    latest = judged.order_by().values("item_version").annotate(last=Max("pk")).values("last")
    rows_by = AttemptItem.objects.filter(pk__in=latest).values_list("item_version", "a", "b")
    frozen = {version: (a, b) for version, a, b in rows_by}
    rows = [(in_force[one.pk].a, in_force[one.pk].b) if one.pk in in_force else frozen[one.pk] for one in versions]
    a, b = np.array(rows, dtype=float).T
    return a, b


def _fit(people: int, infit: float, p: float) -> Fit:
    if people < FEWEST_TO_FIT or not np.isfinite(p):
        return Fit(people, None, None)
    return Fit(people, float(infit), float(p))
