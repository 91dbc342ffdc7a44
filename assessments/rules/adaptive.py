"""Which question of an adaptive exam comes next, from what was frozen at its start and the answers so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessments.scoring.adaptive import AdaptiveRules, Bank, decide, lottery
from assessments.scoring.simulation import sympson_hetter

USUAL_EXPOSURE = 0.25  # of the candidates, where the bank is large enough
SLACK = 0.8  # of the places a limit leaves can be filled in practice
SIMULATED, ROUNDS = 1000, 10
LEAST_ERROR, MOST_ERROR = 0.2, 1.0  # logits a test may aim at


@dataclass(frozen=True, slots=True)
class PoolItem:
    """A calibrated item: slope, difficulty and its error in logits; `admitted`: the lottery lets this person see it."""

    version: int
    competency: int
    a: float
    b: float
    sd: float
    parameters: int | None
    admitted: bool = True


@dataclass(frozen=True, slots=True)
class Lengths:
    """At least and at most so many questions; `target_error` (logits) ends it between; `quotas` add up to `longest`."""

    shortest: int
    longest: int
    target_error: float | None
    quotas: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Next:
    """The item that comes next, or None and why the test ends ("precise", "full")."""

    version: int | None
    stop: str = ""


def next_question(pool: Sequence[PoolItem], lengths: Lengths, asked: Sequence[tuple[int, bool]]) -> Next:
    """Say what comes after these item versions, each answered right or not. Raises ValueError for a pool too small."""
    place = {item.version: index for index, item in enumerate(pool)}
    admitted = np.array([item.admitted for item in pool])
    found = decide(
        _bank(pool, lengths),
        _rules(lengths),
        [place[version] for version, _right in asked],
        [right for _version, right in asked],
        admitted,
    )
    return Next(None, str(found.stop)) if found.item is None else Next(pool[found.item].version)


def admitted(pool: Sequence[PoolItem], rates: Mapping[int, float], seed: int) -> list[bool]:
    """Draw which items one person may be shown, the same for a seed; an item without a rate is always admitted."""
    chances = np.array([rates.get(item.version, 1.0) for item in pool])
    return [bool(one) for one in lottery(chances, np.random.default_rng(seed))[0]]


def exposure_limit(quotas: Mapping[int, int], sizes: Mapping[int, int]) -> float:
    """Return the share of candidates each item is shown to at most; 1: the bank is too small to spare any."""
    needed = [count / (SLACK * sizes[area]) for area, count in quotas.items() if count and sizes.get(area)]
    return min(1.0, max([USUAL_EXPOSURE, *needed]))


def exposure_rates(pool: Sequence[PoolItem], lengths: Lengths, seed: int = 0) -> dict[int, float]:
    """Return the chance by which the lottery admits each item, found by simulation; the same for the same pool.

    Raises ValueError for a pool too small.
    """
    bank, rules = _bank(pool, lengths), _rules(lengths)
    rules.check(bank)
    limit = exposure_limit(lengths.quotas, _sizes(pool))
    if limit >= 1:
        return {}
    rates = sympson_hetter(
        bank, rules, np.random.default_rng(seed), most=limit * 1.0001, people=SIMULATED, rounds=ROUNDS
    )
    return {item.version: round(float(rate), 4) for item, rate in zip(pool, rates, strict=True)}


def _sizes(pool: Sequence[PoolItem]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for item in pool:
        sizes[item.competency] = sizes.get(item.competency, 0) + 1
    return sizes


def _bank(pool: Sequence[PoolItem], lengths: Lengths) -> Bank:
    areas = _areas(lengths)
    a = [item.a for item in pool]
    return Bank.of(a, [-item.a * item.b for item in pool], [areas[item.competency] for item in pool])


def _rules(lengths: Lengths) -> AdaptiveRules:
    areas = _areas(lengths)
    return AdaptiveRules(
        longest=lengths.longest,
        shortest=lengths.shortest,
        target_se=lengths.target_error,
        quotas={areas[competency]: count for competency, count in lengths.quotas.items()},
    )


def _areas(lengths: Lengths) -> dict[int, int]:
    return {competency: area for area, competency in enumerate(sorted(lengths.quotas))}
