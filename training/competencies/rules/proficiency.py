"""The row that is stored per person and competency: estimate, level, whether it is confirmed, until when it holds."""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from training.competencies.rules.filter import (
    DEFAULT_SETTINGS,
    Evidence,
    EvidenceKind,
    FilterSettings,
    filter_evidence,
    is_surprise,
)
from training.competencies.rules.levels import FOREVER, check_cuts, held_until, level_held

Key = TypeVar("Key", bound=Hashable)


class Status(StrEnum):
    """How far a level can be relied on."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    STALE = "stale"


@dataclass(frozen=True)
class EvidenceRule:
    """What confirms a level: so many exams, and observations by so many assessors, within so many days."""

    exams: int = 1
    observations: int = 3
    assessors: int = 2
    window_days: int = 180


DEFAULT_RULE = EvidenceRule()


@dataclass(frozen=True, slots=True)
class Proficiency:
    """What is stored per person and competency; mean and variance are as on `observed_on`, not aged to today.

    `held_until` has one date per cut (levels 2, 3, ...): the first day the level is no longer held; None = not held
    at the last evidence, FOREVER = never lost by age. Level k is held on a day when held_until > day.
    """

    mean: float
    variance: float
    observed_on: date
    level: int
    confirmed_level: int
    held_until: tuple[date | None, ...]
    surprises: tuple[Hashable, ...]

    @property
    def recertify_by(self) -> date:
        """The day the level of the last evidence lapses; level 1 never does."""
        return FOREVER if self.level == 1 else self.held_until[self.level - 2] or self.observed_on

    def level_on(self, on: date) -> int:
        """The level held on a day from `observed_on` on."""
        return 1 + sum(until is not None and until > on for until in self.held_until)

    def status_on(self, on: date) -> Status:
        """Stale once the level has lapsed; else confirmed or provisional."""
        if on >= self.recertify_by:
            return Status.STALE
        return Status.CONFIRMED if self.confirmed_level >= self.level else Status.PROVISIONAL


def proficiency(
    evidence: Iterable[Evidence],
    cuts: Sequence[float],
    settings: FilterSettings = DEFAULT_SETTINGS,
    rule: EvidenceRule = DEFAULT_RULE,
) -> Proficiency | None:
    """The row to store for one person and competency; None without evidence that counts.

    A level is confirmed when the evidence rule was met on a day it was held and it has been held ever since:
    `confirmed_level` rises when a window of evidence is complete and falls with the level, by age or by a result.
    """
    check_cuts(cuts)
    steps = filter_evidence(evidence, settings)
    if not steps:
        return None
    confirmed, window = 0, deque[Evidence]()
    for before, after, pieces in steps:
        level = level_held(after, cuts, settings)
        confirmed = min(confirmed, level_held(before, cuts, settings), level)
        window.extend(pieces)
        while (after.on - window[0].observed_on).days >= rule.window_days:
            window.popleft()
        if _meets(rule, window):
            confirmed = level
    last = steps[-1].after
    return Proficiency(
        mean=last.mean,
        variance=last.variance,
        observed_on=last.on,
        level=level,
        confirmed_level=confirmed,
        held_until=tuple(held_until(last, cut, settings) for cut in cuts),
        surprises=tuple(p.ident for step in steps for p in step.pieces if is_surprise(p, step.before, settings)),
    )


def proficiencies(
    groups: Mapping[Key, Iterable[Evidence]],
    cuts: Sequence[float],
    settings: FilterSettings = DEFAULT_SETTINGS,
    rule: EvidenceRule = DEFAULT_RULE,
) -> dict[Key, Proficiency]:
    """`proficiency` for many groups of one framework, such as (person, competency); empty groups are left out."""
    rows = ((key, proficiency(pieces, cuts, settings, rule)) for key, pieces in groups.items())
    return {key: row for key, row in rows if row is not None}


def _meets(rule: EvidenceRule, window: Iterable[Evidence]) -> bool:
    exams, observations, assessors = 0, 0, set()
    for piece in window:
        if piece.kind == EvidenceKind.EXAM:
            exams += 1
        elif piece.kind == EvidenceKind.OBSERVATION:
            observations += 1
            assessors.add(piece.assessor)
    return exams >= rule.exams and observations >= rule.observations and len(assessors - {None}) >= rule.assessors
