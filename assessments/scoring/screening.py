"""What is wrong with a calibrated item, worst first, and whether papers may be scored by its estimates. Policy."""

import math
from dataclasses import dataclass
from enum import StrEnum

MISFIT_P, DOUBTFUL_P = 0.01, 0.05
TIDY, NOISY = 0.7, 1.3  # infit
WEAK = 0.10
EASY, HARD = 0.97, 0.03
FARTHEST = 6.0  # logits from the middle of the scale: nobody is there
FLATTEST = 0.2


class Trouble(StrEnum):
    """In the order in which a person should look at them."""

    NEGATIVE = "negative"
    DRIFT = "drift"
    RIVAL = "rival"
    MISFIT = "misfit"
    NO_ESTIMATE = "no_estimate"
    TOO_FEW = "too_few"
    WEAK = "weak"
    EXTREME = "extreme"


# With these an item is scored by its estimates only if a person says so.
GRAVE = frozenset({Trouble.NEGATIVE, Trouble.DRIFT, Trouble.RIVAL})
RANK = {trouble: place for place, trouble in enumerate(Trouble)}


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of one item; None where nothing is."""

    answers: int
    needed: int
    a: float | None
    b: float | None
    se_b: float | None
    share: float | None
    point_biserial: float | None
    infit: float | None
    fit_p: float | None
    drifted: bool
    rival: bool


def troubles(found: Findings) -> list[Trouble]:
    """Return what a person should look at, worst first; empty for a sound item.

    `rival`: some wrong option is chosen by the able more than by the weak.
    """
    r, share = found.point_biserial, found.share
    by_chance = 1 / math.sqrt(max(found.answers, 1))  # a correlation of nothing is as far off in a third of cases
    # of an item that nearly everybody gets right, infit alone is mostly chance
    unlikely = found.fit_p is None or found.fit_p < DOUBTFUL_P
    noisy = found.infit is not None and not TIDY <= found.infit <= NOISY and unlikely
    checks = {
        Trouble.NEGATIVE: (r is not None and r < -by_chance) or (found.a is not None and found.a <= 0),
        Trouble.DRIFT: found.drifted,
        Trouble.RIVAL: found.rival,
        Trouble.MISFIT: noisy or (found.fit_p is not None and found.fit_p < MISFIT_P),
        Trouble.NO_ESTIMATE: found.answers >= found.needed and not _is_estimated(found),
        Trouble.TOO_FEW: found.answers < found.needed,
        Trouble.WEAK: r is not None and -by_chance <= r < WEAK,
        Trouble.EXTREME: share is not None and not HARD <= share <= EASY,
    }
    return [trouble for trouble, there in checks.items() if there]


def is_usable(found: Findings) -> bool:
    """Whether papers may be scored by the estimates: enough answers, and a slope, difficulty and error that are known
    and lie within reason. A negative slope would reward wrong answers."""
    return found.answers >= found.needed and _is_estimated(found)


def _is_estimated(found: Findings) -> bool:
    known = [value for value in (found.a, found.b, found.se_b) if value is not None and math.isfinite(value)]
    return len(known) == 3 and (found.a or 0) >= FLATTEST and abs(found.b or 0) <= FARTHEST


def rank(found: list[str]) -> int:
    """Where an item stands in a list by trouble: 0 first; sound ones last."""
    return min((RANK[Trouble(trouble)] for trouble in found), default=len(RANK))
