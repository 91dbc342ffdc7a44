"""One thing a person has to do, as the desk lists it; each app tells its own."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """Something to do: no `url` means it cannot be started yet, and `why` says the reason.

    `state` is one of not_started, in_progress, overdue, blocked, completed, as the task list shows them. `clock_runs`
    comes before everything else, whatever is overdue. `not_before` is the day of what happens at a set time: until then
    it stands among the others, but is never what to do next.
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
    not_before: date | None = None

    def can_be_next(self, today: date) -> bool:
        """Whether it can be done today."""
        return bool(self.url) and (self.not_before is None or self.not_before <= today)
