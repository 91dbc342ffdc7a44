"""One thing a person has to do, as the desk lists it; each app tells its own."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """Something to do: no `url` means it cannot be started yet, and `why` says the reason.

    `state` is one of not_started, in_progress, overdue, blocked, completed, as the task list shows them. `clock_runs`
    comes before everything else, whatever is overdue.
    """

    title: str
    why: str
    url: str
    action: str
    state: str = "not_started"
    minutes: int | None = None
    due: date | None = None
    note: str = ""
    clock_runs: bool = False
