"""The filter: a person's state in one competency, updated by each day's evidence and ageing in between."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from statistics import NormalDist
from typing import NamedTuple

DAYS_PER_MONTH = 30.4375


class EvidenceKind(StrEnum):
    """What a piece of evidence is. Self-ratings and ratings from the public are shown beside, never filtered."""

    EXAM = "exam"
    OBSERVATION = "observation"
    SUPERVISOR = "supervisor"
    SELF = "self"
    PUBLIC = "public"


COUNTED = frozenset({EvidenceKind.EXAM, EvidenceKind.OBSERVATION, EvidenceKind.SUPERVISOR})


class Evidence(NamedTuple):
    """One measurement on the logit scale: y, its error variance R, and the day it was observed on."""

    y: float
    variance: float
    observed_on: date
    kind: str = EvidenceKind.EXAM
    assessor: Hashable = None
    ident: Hashable = None
    voided: bool = False


@dataclass(frozen=True)
class FilterSettings:
    """Policy, not estimates, until retest data exist: logits, months, probabilities."""

    start_mean: float = 0.0
    start_sd: float = 1.5
    half_life_months: float = 18.0
    baseline: float = -2.0
    stationary_sd: float = 1.5
    surprise_limit: float = 2.58
    hold_probability: float = 0.80

    def __post_init__(self) -> None:
        if not (self.start_sd > 0 and self.stationary_sd > 0 and self.half_life_months > 0 and self.surprise_limit > 0):
            raise ValueError("Standard deviations, the half-life and the surprise limit are above 0.")
        if not 0.5 < self.hold_probability < 1:
            raise ValueError("A level is held with a probability between 0.5 and 1, both excluded.")

    @cached_property
    def decay_per_day(self) -> float:
        """kappa of the ageing, per day: ln 2 / half-life."""
        return math.log(2) / (self.half_life_months * DAYS_PER_MONTH)

    @cached_property
    def hold_z(self) -> float:
        """Standard deviations the mean stays above a cut while the level is held."""
        return NormalDist().inv_cdf(self.hold_probability)


DEFAULT_SETTINGS = FilterSettings()


class State(NamedTuple):
    """What is believed on a day: mean and variance on the logit scale."""

    mean: float
    variance: float
    on: date


class Step(NamedTuple):
    """One day with evidence: the state before it and after it, and the pieces of the day."""

    before: State
    after: State
    pieces: tuple[Evidence, ...]


def predict(state: State, on: date, settings: FilterSettings = DEFAULT_SETTINGS) -> State:
    """Age a state to a later day: towards the untrained baseline, with more doubt. ValueError for an earlier day."""
    days = (on - state.on).days
    if days < 0:
        raise ValueError(f"A state of {state.on} cannot be aged back to {on}.")
    kept = math.exp(-settings.decay_per_day * days)
    mean = settings.baseline + (state.mean - settings.baseline) * kept
    return State(mean, kept * kept * state.variance + settings.stationary_sd**2 * (1 - kept * kept), on)


def filter_evidence(evidence: Iterable[Evidence], settings: FilterSettings = DEFAULT_SETTINGS) -> list[Step]:
    """Run the filter over all evidence, one step per day, oldest first; empty where nothing counts.

    K = P / (P + R), m <- m + K (y - m), P <- (1 - K) P for each piece; the pieces of one day are added as precisions,
    which is the same and knows no order. Nothing ages before the first evidence. Voided pieces and kinds that are
    only shown are left out. Raises ValueError for an unknown kind, y not finite, or a variance not above 0.
    """
    counted = sorted((piece for piece in evidence if _counts(piece)), key=_order)
    steps: list[Step] = []
    for on, same_day in groupby(counted, key=_observed_on):
        pieces = tuple(same_day)
        if steps:
            before = predict(steps[-1].after, on, settings)
        else:
            before = State(settings.start_mean, settings.start_sd**2, on)
        steps.append(Step(before, _update(before, pieces), pieces))
    return steps


def is_surprise(piece: Evidence, before: State, settings: FilterSettings = DEFAULT_SETTINGS) -> bool:
    """|y - m| / sqrt(P + R) beyond the limit, against the state before the day: somebody should look at it."""
    return abs(piece.y - before.mean) > settings.surprise_limit * math.sqrt(before.variance + piece.variance)


def _counts(piece: Evidence) -> bool:
    if not (math.isfinite(piece.y) and math.isfinite(piece.variance) and piece.variance > 0):
        raise ValueError(f"Evidence needs a finite y and a variance above 0, not {piece.y} and {piece.variance}.")
    return EvidenceKind(piece.kind) in COUNTED and not piece.voided


def _order(piece: Evidence) -> tuple[date, float, float]:
    return piece.observed_on, piece.y, piece.variance


def _observed_on(piece: Evidence) -> date:
    return piece.observed_on


def _update(before: State, pieces: Sequence[Evidence]) -> State:
    precision = 1 / before.variance
    total = before.mean * precision
    for piece in pieces:
        precision += 1 / piece.variance
        total += piece.y / piece.variance
    return State(total / precision, 1 / precision, before.on)
