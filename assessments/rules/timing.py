"""How long somebody was at each question, from when it was first opened and when answers were saved."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple


class Moment(NamedTuple):
    """Something that happened on one paper: a question opened for the first time, or an answer saved."""

    at: datetime
    question: int
    saved: bool


Pause = tuple[datetime, datetime | None]
"""From when until when a paper was paused; None while it is."""


def seconds_on(moments: Iterable[Moment], pauses: Collection[Pause] = ()) -> dict[int, float]:
    """Return the seconds spent at each question of one paper, without those in which it was paused.

    The time before an answer belongs to its question, the time before a question is first opened to the one before
    it; going back to a question is seen only by what is saved there. After the last moment nothing counts.
    """
    spent: dict[int, float] = defaultdict(float)
    before: Moment | None = None
    for moment in sorted(moments):
        if before is not None:
            passed = (moment.at - before.at).total_seconds() - _paused(before.at, moment.at, pauses)
            spent[moment.question if moment.saved else before.question] += passed
        before = moment
    return dict(spent)


def _paused(first: datetime, last: datetime, pauses: Collection[Pause]) -> float:
    """Return how many of the seconds between two moments the paper was paused."""
    inside = ((max(first, begun), min(last, ended or last)) for begun, ended in pauses)
    return sum((ended - begun).total_seconds() for begun, ended in inside if ended > begun)
