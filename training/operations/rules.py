"""When a task of the tick is due."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EVERY_ROUND = "every round"
HOURLY = "hourly"
DAILY = re.compile(r"daily at ([01]?\d|2[0-3]):00")
# What failed is not left until tomorrow.
AFTER_FAILURE = timedelta(minutes=5)


@dataclass(frozen=True)
class Scheduled:
    """A task by dotted name, and how often it runs: "every round", "hourly" or "daily at 3:00" (the centre's time)."""

    task: str
    how_often: str = EVERY_ROUND


@dataclass(frozen=True)
class LastRun:
    """The last time a task ran; `ended` is false while it runs, and for ever when its process was killed."""

    started_at: datetime
    ended: bool
    failed: bool


def schedule(entries: Iterable[str | Sequence[str]]) -> list[Scheduled]:
    """Return what the setting TICK_TASKS lists: names, or pairs of name and how often. Raises ValueError."""
    scheduled = [Scheduled(entry) if isinstance(entry, str) else Scheduled(*entry) for entry in entries]
    for one in scheduled:
        if one.how_often not in (EVERY_ROUND, HOURLY) and not DAILY.fullmatch(one.how_often):
            raise ValueError(
                f'{one.task} cannot run "{one.how_often}": say "{EVERY_ROUND}", "{HOURLY}" or such as "daily at 3:00".'
            )
    return scheduled


def due_since(how_often: str, last: LastRun | None, *, now: datetime, spacing: timedelta) -> datetime | None:
    """Return the moment since which a task is due; None when it is not. `now` is in the centre's time zone.

    `spacing` is the least time between two runs of a task of every round, so that two ticks do not run it twice as
    often. What never ran, and what broke off without an end, is due at once; what failed, soon.
    """
    if last is None:
        return now
    if not last.ended:
        return last.started_at
    if how_often == EVERY_ROUND:
        due = last.started_at + spacing
    elif how_often == HOURLY:
        due = last.started_at + timedelta(hours=1)
    else:
        due = _next_at(how_often, last.started_at, now)
    if last.failed:
        due = min(due, last.started_at + AFTER_FAILURE)
    return due if due <= now else None


def _next_at(how_often: str, started_at: datetime, now: datetime) -> datetime:
    """The first such hour after the last run."""
    found = DAILY.fullmatch(how_often)
    assert found
    started = started_at.astimezone(now.tzinfo)
    at = started.replace(hour=int(found[1]), minute=0, second=0, microsecond=0)
    return at if at > started else at + timedelta(days=1)
