"""When a second marker is asked, when two disagree, and what marks come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEAR_THE_BAR = 0.15
ONE_IN = 5
NONE, ALWAYS, BORDERLINE, SAMPLE = "none", "always", "borderline", "sample"

Points = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Given:
    """What one marker gave."""

    points: Points
    credit: float


def wants_second(rule: str, first: Given, *, bar: float, lot: int) -> bool:
    """Say whether a first mark is followed by a second one; `lot` is the answer's own number, drawn at random."""
    return {
        NONE: False,
        ALWAYS: True,
        BORDERLINE: abs(first.credit - bar) <= NEAR_THE_BAR,
        SAMPLE: lot % ONE_IN == 0,
    }[rule]


def disagree(one: Given, two: Given, *, apart: int, bar: float) -> bool:
    """Say whether two marks are too far from each other: at one criterion, or on different sides of the bar."""
    if (one.credit >= bar) != (two.credit >= bar):
        return True
    return any(abs(one.points[name] - two.points[name]) > apart for name in one.points)


def still_wanted(given: Sequence[Given], *, rule: str, apart: int, bar: float, lot: int) -> int:
    """Return how many marks an answer needs in all, as far as the marks so far can say."""
    if not given:
        return 1
    if len(given) == 1:
        return 2 if wants_second(rule, given[0], bar=bar, lot=lot) else 1
    return 3 if disagree(given[0], given[1], apart=apart, bar=bar) else 2


def credit_of(given: Sequence[Given]) -> float:
    """Return what the marks of an answer come to: one stands, two agreeing ones meet halfway, a third decides."""
    decides = given[2:] or given
    return sum(one.credit for one in decides) / len(decides)


def points_of(given: Sequence[Given]) -> dict[str, float]:
    """Return the points of each criterion, as `credit_of`."""
    decides = given[2:] or given
    return {name: sum(one.points[name] for one in decides) / len(decides) for name in decides[0].points}
