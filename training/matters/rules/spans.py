"""From when until when each version of a policy is, was or will be in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

A_DAY = timedelta(days=1)


class State(StrEnum):
    """What a text is on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    PAST = "past"
    NEVER = "never"  # replaced before it took effect


@dataclass(frozen=True, slots=True)
class InForce:
    """The first and the last day of a version; without a last day it has no end yet."""

    number: int
    first: date
    last: date | None

    def on(self, day: date) -> State:
        """Return what it is on `day`."""
        if self.last is not None and self.last < self.first:
            return State.NEVER
        if day < self.first:
            return State.COMING
        return State.IN_FORCE if self.last is None or day <= self.last else State.PAST


def in_force(versions: Sequence[tuple[int, date, date | None]]) -> list[InForce]:
    """Return the days of each version, given as (number, in force from, expires on).

    The version with the highest number that has taken effect counts, so a version ends the day before any later one
    begins, or when it expires by itself.
    """
    found = []
    for number, first, expires in versions:
        ends = [later - A_DAY for other, later, _expires in versions if other > number]
        if expires is not None:
            ends.append(expires)
        found.append(InForce(number, first, min(ends, default=None)))
    return found
