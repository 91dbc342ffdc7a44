"""How the questions of an exam did, for examiners: from released attempts alone."""

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from assessments.models import Attempt, AttemptItem, Exam, ItemVersion
from assessments.scoring.classical import OptionUse, classical, distractors
from assessments.scoring.marking import is_right
from assessments.scoring.responses import MISSING, Responses

from .figures import Fit, Times, fits_of, times_of
from .paper import with_answers

FEWEST = 10
"""Fewer answers say nothing about an item; their figures are not shown."""
WEAK = 0.1
ONE_CHOICE = (ItemVersion.Kind.SINGLE, ItemVersion.Kind.TRUE_FALSE)


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """A question as it did: shares in percent, `rest` the correlation with the rest of the paper.

    `times` None: nobody opened it; `fit` None: no parameters are in force for it, and its difficulty is its author's.
    """

    version: ItemVersion
    answers: int
    right: int
    credit: int
    rest: float | None
    options: list[OptionUse]
    times: Times | None
    fit: Fit | None

    @property
    def is_known(self) -> bool:
        return self.answers >= FEWEST

    @property
    def is_weak(self) -> bool:
        """Whether the able answer it right no more often than the others."""
        return self.is_known and self.rest is not None and self.rest < WEAK


@dataclass(frozen=True, slots=True)
class ItemReport:
    """All questions of an exam's released papers; alpha is None where papers share too little."""

    attempts: int
    passed: int
    alpha: float | None
    items: list[ItemFigures]


def item_report(exam: Exam) -> ItemReport:
    """Return how each question did, the weakest first."""
    results = list(
        exam.attempts.filter(state=Attempt.State.SCORED).order_by("pk").values_list("pk", "theta", "standard_error")
    )
    attempts = {pk: theta for pk, theta, _error in results}
    passed = exam.attempts.filter(state=Attempt.State.SCORED, passed=True).count()
    asked = with_answers(AttemptItem.objects.filter(attempt__in=attempts, mark__void=False)).order_by("pk")
    rows = list(asked.values_list("attempt", "item_version", "mark__credit", "answer"))
    versions = ItemVersion.objects.select_related("item__bank").in_bulk({row[1] for row in rows})
    if not rows:
        return ItemReport(len(attempts), passed, None, [])
    places = {pk: place for place, pk in enumerate(sorted(versions))}
    people = {pk: place for place, pk in enumerate(attempts)}
    codes = np.full((len(people), len(places)), MISSING, dtype=np.int8)
    earned, chosen = defaultdict(list), defaultdict(list)
    for attempt, version, credit, answer in rows:
        codes[people[attempt], places[version]] = is_right(credit, versions[version].bar)
        earned[version].append(credit)
        chosen[version].append((answer, attempts[attempt]))
    found = classical(Responses(codes, np.ones(len(people))))
    fits = fits_of(
        [versions[pk] for pk in places], codes, list(attempts.values()), [error for _pk, _theta, error in results]
    )
    times = times_of(exam, Attempt.State.SCORED)
    items = [
        ItemFigures(
            version=versions[pk],
            answers=len(earned[pk]),
            right=round(100 * float(found.mean[place])),
            credit=round(100 * sum(earned[pk]) / len(earned[pk])),
            rest=_known(found.rest_correlation[place]),
            options=_options(versions[pk], chosen[pk]),
            times=times.get(pk),
            fit=fits.get(pk),
        )
        for pk, place in places.items()
    ]
    items.sort(key=lambda one: (not one.is_known, math.inf if one.rest is None else one.rest, one.version.pk))
    return ItemReport(len(attempts), passed, _known(found.alpha), items)


def _options(version: ItemVersion, chosen: list[tuple[object, float]]) -> list[OptionUse]:
    if version.kind not in ONE_CHOICE or len(chosen) < FEWEST:
        return []
    return distractors([answer if isinstance(answer, str) else None for answer, _theta in chosen],
                       [theta for _answer, theta in chosen])  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
