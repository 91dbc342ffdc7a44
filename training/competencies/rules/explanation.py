"""The explanation of a proficiency: each piece's weight, and what would change the estimate most."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from training.competencies.rules.filter import (
    DEFAULT_SETTINGS,
    Evidence,
    EvidenceKind,
    FilterSettings,
    State,
    Step,
    filter_evidence,
    is_surprise,
    predict,
)
from training.competencies.rules.levels import level_held, level_probabilities


class Share(NamedTuple):
    """One piece's part in the mean: its weight (all weights add to 1) and how far it pulls the mean, in logits."""

    evidence: Evidence
    weight: float
    pull: float
    surprise: bool


class Prospect(NamedTuple):
    """What one more piece of a kind would do: the standard deviation after it, and the y that brings the next level."""

    kind: str
    sd_after: float
    y_needed: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a proficiency is what it is on a day.

    mean = start_weight * start mean + baseline_weight * baseline + sum of weight * y over the shares. `prospects`
    come with the one that would change the estimate most first.
    """

    state: State
    probabilities: tuple[float, ...]
    start_weight: float
    baseline_weight: float
    shares: tuple[Share, ...]
    prospects: tuple[Prospect, ...]

    @property
    def strongest(self) -> Share:
        """The piece that moves the mean most: without it the estimate would differ most."""
        return max(self.shares, key=lambda share: abs(share.pull))


class Absence(NamedTuple):
    """What the estimate and the level of a day would be without one piece; None where nothing else counts."""

    evidence: Evidence
    mean: float | None
    level: int | None


# Error variances met in practice, for "what would change it most": twenty items of a competency; one observation.
TYPICAL_VARIANCE: Mapping[str, float] = {EvidenceKind.EXAM: 0.3, EvidenceKind.OBSERVATION: 0.55}


def explain(
    evidence: Iterable[Evidence],
    on: date,
    cuts: Sequence[float],
    settings: FilterSettings = DEFAULT_SETTINGS,
    typical: Mapping[str, float] = TYPICAL_VARIANCE,
) -> Explanation | None:
    """Take the estimate of a day apart; pieces after `on` are not known yet. None without evidence that counts.

    The filter is linear in y, so each weight is exact: K at its update, times what every later update and the ageing
    let through; ageing hands its part to the baseline.
    """
    steps = filter_evidence((piece for piece in evidence if piece.observed_on <= on), settings)
    if not steps:
        return None
    state = predict(steps[-1].after, on, settings)
    weights, start_weight = _weights(steps, on, settings)
    shares = tuple(
        Share(piece, weight, weight * (piece.y - step.before.mean), is_surprise(piece, step.before, settings))
        for step, weight_of in zip(steps, weights, strict=True)
        for piece, weight in zip(step.pieces, weight_of, strict=True)
    )
    prospects = (_prospect(kind, variance, state, cuts, settings) for kind, variance in typical.items())
    return Explanation(
        state=state,
        probabilities=tuple(map(float, level_probabilities(state.mean, math.sqrt(state.variance), cuts))),
        start_weight=start_weight,
        baseline_weight=1 - start_weight - math.fsum(share.weight for share in shares),
        shares=shares,
        prospects=tuple(sorted(prospects, key=lambda prospect: prospect.sd_after)),
    )


def without_each(
    evidence: Iterable[Evidence], on: date, cuts: Sequence[float], settings: FilterSettings = DEFAULT_SETTINGS
) -> tuple[Absence, ...]:
    """Leave out one counted piece after the other: the one whose absence would change the mean most comes first.

    A single piece that carries everything stands at the very front, with no mean at all.
    """
    known = [piece for piece in evidence if piece.observed_on <= on]
    counted = [piece for step in filter_evidence(known, settings) for piece in step.pieces]
    if not counted:
        return ()
    mean = _aged(counted, on, settings).mean
    absences = []
    for place, piece in enumerate(counted):
        others = counted[:place] + counted[place + 1 :]
        if not others:
            absences.append(Absence(piece, None, None))
            continue
        state = _aged(others, on, settings)
        absences.append(Absence(piece, state.mean, level_held(state, cuts, settings)))
    return tuple(sorted(absences, key=lambda absence: -math.inf if absence.mean is None else -abs(absence.mean - mean)))


def _aged(evidence: Sequence[Evidence], on: date, settings: FilterSettings) -> State:
    return predict(filter_evidence(evidence, settings)[-1].after, on, settings)


def _weights(steps: Sequence[Step], on: date, settings: FilterSettings) -> tuple[list[list[float]], float]:
    """Weights of the pieces, day by day, and of the start, walking back from `on`."""
    through, later = 1.0, on
    weights = []
    for before, after, pieces in reversed(steps):
        through *= math.exp(-settings.decay_per_day * (later - after.on).days)
        weights.append([through * after.variance / piece.variance for piece in pieces])
        through *= after.variance / before.variance
        later = after.on
    return weights[::-1], through


def _prospect(kind: str, variance: float, state: State, cuts: Sequence[float], settings: FilterSettings) -> Prospect:
    gain = state.variance / (state.variance + variance)
    sd_after = math.sqrt((1 - gain) * state.variance)
    held = level_held(state, cuts, settings)
    if held > len(cuts):
        return Prospect(kind, sd_after, None)
    mean_needed = cuts[held - 1] + settings.hold_z * sd_after
    return Prospect(kind, sd_after, (mean_needed - (1 - gain) * state.mean) / gain)
