"""How long somebody was at each question, from when it was first opened and when answers were saved."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Moment(NamedTuple):
    """Something that happened on one paper: a question opened for the first time, or an answer saved."""

    at: datetime
    question: int
    saved: bool


def seconds_on(moments: Iterable[Moment]) -> dict[int, float]:
    """Return the seconds spent at each question of one paper.

    The time before an answer belongs to its question, the time before a question is first opened to the one before
    it; going back to a question is seen only by what is saved there. After the last moment nothing counts.
    """
    spent: dict[int, float] = defaultdict(float)
    before: Moment | None = None
    for moment in sorted(moments):
        if before is not None:
            spent[moment.question if moment.saved else before.question] += (moment.at - before.at).total_seconds()
        before = moment
    return dict(spent)
