"""What follows from attempts that did not pass: days to wait before a resit, and when new learning is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Resit:
    """What the next attempt waits for; `failed` counts since the last pass or, after it, the last new learning.

    `may_from` is the first day of it (None: any), `since` the moment from which a place counts as given afterwards.
    """

    failed: int = 0
    since: datetime | None = None
    may_from: date | None = None
    needs_learning: bool = False

    def waits(self, today: date) -> bool:
        """Say whether the day has not come yet."""
        return self.may_from is not None and today < self.may_from


def resit_after(
    failures: Sequence[tuple[datetime, date]], learned: Sequence[datetime], *, wait_days: int, resits: int | None
) -> Resit:
    """Return what the next attempt waits for.

    `failures`: attempts since the last pass that did not pass, as moment and day in the centre; `learned`: when places
    were given after new learning; `wait_days`: calendar days from the day of the last failure; `resits`: how many may
    fail before new learning is asked (None: any number). The first attempt is no resit.
    """
    if not failures:
        return Resit()
    last, day = max(failures)
    before = max((moment for moment in learned if moment <= last), default=None)
    failed = sum(before is None or moment > before for moment, _day in failures)
    return Resit(
        failed=failed,
        since=last,
        may_from=day + timedelta(days=wait_days) if wait_days else None,
        needs_learning=resits is not None and failed > resits,
    )
