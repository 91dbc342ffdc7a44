"""How the questions of an exam did, for examiners: from released attempts alone."""

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.models import Attempt, AttemptItem, Exam, ItemVersion
from assessments.scoring.classical import OptionUse, classical, distractors
from assessments.scoring.marking import is_right
from assessments.scoring.responses import MISSING, Responses

from .figures import Fit, Times, fits_of, times_of
from .paper import with_answers
from .rulings import Rulings, rulings_on

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
    is_pilot: bool = False
    right_options: tuple[str, ...] = ()

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

    @property
    def has_pilots(self) -> bool:
        return any(one.is_pilot for one in self.items)


def item_report(exam: Exam) -> ItemReport:
    """Return how each question did, the weakest first."""
    released = exam.attempts.filter(state=Attempt.State.SCORED).order_by("pk")
    results = list(released.values_list("pk", "theta", "standard_error", "passed"))
    attempts = {pk: theta for pk, theta, _error, _passed in results}
    passed = sum(bool(row[3]) for row in results)
    asked = with_answers(AttemptItem.objects.filter(attempt__in=attempts, mark__void=False)).order_by("pk")
    rows = [
        (attempt, (version, is_pilot), credit, answer)
        for attempt, version, is_pilot, credit, answer in asked.values_list(
            "attempt", "item_version", "is_pilot", "mark__credit", "answer"
        )
    ]
    versions = ItemVersion.objects.select_related("item__bank").in_bulk({row[1][0] for row in rows})
    rulings = rulings_on(versions)
    if not rows:
        return ItemReport(len(attempts), passed, None, [])
    places = {which: place for place, which in enumerate(sorted({row[1] for row in rows}, key=lambda one: one[::-1]))}
    scored = sum(not is_pilot for _version, is_pilot in places)  # they stand first
    people = {pk: place for place, pk in enumerate(attempts)}
    codes = np.full((len(people), len(places)), MISSING, dtype=np.int8)
    earned, chosen = defaultdict(list), defaultdict(list)
    for attempt, which, credit, answer in rows:
        codes[people[attempt], places[which]] = is_right(credit, versions[which[0]].bar)
        earned[which].append(credit)
        chosen[which].append((answer, attempts[attempt]))
    alpha, figures = _classical(codes, scored)
    errors = [error for _pk, _theta, error, _passed in results]
    counted = [versions[pk] for pk, is_pilot in places if not is_pilot]
    fits = fits_of(counted, codes[:, :scored], list(attempts.values()), errors) if counted else {}
    times = times_of(exam, Attempt.State.SCORED)
    items = [
        ItemFigures(
            version=versions[pk],
            answers=len(earned[pk, is_pilot]),
            right=round(100 * figures[place][0]),
            credit=round(100 * sum(earned[pk, is_pilot]) / len(earned[pk, is_pilot])),
            rest=_known(figures[place][1]),
            options=_options(versions[pk], chosen[pk, is_pilot]),
            times=times.get(pk),
            fit=None if is_pilot else fits.get(pk),
            is_pilot=is_pilot,
            right_options=_right(versions[pk], rulings),
        )
        for (pk, is_pilot), place in places.items()
    ]
    items.sort(key=lambda one: (not one.is_known, math.inf if one.rest is None else one.rest, one.version.pk))
    return ItemReport(len(attempts), passed, _known(alpha), items)


def _classical(codes: NDArray[np.int8], scored: int) -> tuple[float, list[tuple[float, float]]]:
    """Return alpha of the first `scored` columns, and mean and correlation with the rest of them of each column.

    What was only tried out is no part of any rest.
    """
    weights = np.ones(len(codes))
    whole = classical(Responses(codes[:, :scored], weights))
    figures = list(zip(map(float, whole.mean), map(float, whole.rest_correlation), strict=True))
    for column in range(scored, codes.shape[1]):
        one = classical(Responses(np.column_stack([codes[:, :scored], codes[:, column]]), weights))
        figures.append((float(one.mean[-1]), float(one.rest_correlation[-1])))
    return float(whole.alpha), figures


def _right(version: ItemVersion, rulings: Rulings) -> tuple[str, ...]:
    """Return the options that count as right now, by the key in force."""
    key = rulings.key_of(version)
    return tuple(key) if version.kind in ONE_CHOICE and isinstance(key, list) else ()


def _options(version: ItemVersion, chosen: list[tuple[object, float]]) -> list[OptionUse]:
    if version.kind not in ONE_CHOICE or len(chosen) < FEWEST:
        return []
    return distractors([answer if isinstance(answer, str) else None for answer, _theta in chosen],
                       [theta for _answer, theta in chosen])  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
