"""What follows from rules of required training, whoever they are about: pure."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

LATE_COMERS_DAYS = 30
"""What whoever comes under a rule after its day has left."""
RENEWAL_DAYS = 60
"""How long before something learned runs out it is asked for once more."""


@dataclass(frozen=True)
class Ask:
    """A rule asks something of somebody by a day; without `rule` somebody asked by hand."""

    rule: int | None
    due_on: date


@dataclass(frozen=True)
class Line:
    """What stands open for somebody: by when, for which rule, and whether they have begun."""

    pk: int
    person: int
    ask: Ask
    is_begun: bool


@dataclass(frozen=True)
class Changes:
    """What brings the lines up to date: new ones by person, others by line, and those that lapse."""

    new: dict[int, Ask] = field(default_factory=dict)
    changed: dict[int, Ask] = field(default_factory=dict)
    lapsed: list[int] = field(default_factory=list)


def due_day(*, due_on: date | None, due_days: int | None, since: date, expires: date | None = None) -> date:
    """Return the day a rule is due for somebody who comes under it on `since`.

    Whoever comes after the rule's day has `LATE_COMERS_DAYS`. Where something learned before runs out, the day it does.
    """
    if expires is not None and expires >= since:
        return expires
    if due_on is not None and due_on < since:
        return since + timedelta(days=LATE_COMERS_DAYS)
    return due_on or since + timedelta(days=due_days or 0)


def expires_on(finished: date, months: int) -> date:
    """Return the last day that something finished counts: the same day of the month, or its last."""
    year, month = divmod(finished.year * 12 + finished.month - 1 + months, 12)
    return date(year, month + 1, min(finished.day, monthrange(year, month + 1)[1]))


def still_counts(attended: date, *, finished: date | None, begun: date, months: int | None) -> bool:
    """Tell whether a session attended on a day counts for a course begun on another.

    Not if the course was `finished` on that day or after it: then it counted for that. Nor if it had run out by then.
    """
    if finished is not None and attended <= finished:
        return False
    return months is None or expires_on(attended, months) >= begun


def is_renewable(expires: date, today: date) -> bool:
    """Tell whether it is time to do again what runs out on `expires`."""
    return today >= expires - timedelta(days=RENEWAL_DAYS)


def weekly(first: date, until: date, is_working: Callable[[date], bool]) -> list[date]:
    """Return the same weekday of each week from `first`, which stays, as far as those days are worked."""
    later = (first + timedelta(weeks=week) for week in range(1, (until - first).days // 7 + 1))
    return [first, *(day for day in later if is_working(day))]


def leads_to(graph: Mapping[int, Collection[int]], start: int, goal: int) -> bool:
    """Tell whether one comes from `start` to `goal` along the graph, however far; a node leads to itself."""
    seen: set[int] = set()
    ahead = [start]
    while ahead:
        node = ahead.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            ahead += graph.get(node, ())
    return False


def changes_of(
    asked: Mapping[int, Sequence[Ask]], lines: Iterable[Line], settled: Collection[tuple[int, int | None]]
) -> Changes:
    """Return what must change so that everybody asked has one line, due on the earliest day asked.

    `asked` are the rules each person is under, `settled` pairs of person and rule that need no new line. A line whose
    rule is over passes to another rule; without one it lapses, unless begun. A day asked is never put off.
    """
    changes, have_one = Changes(), set()
    for line in lines:
        have_one.add(line.person)
        asks = asked.get(line.person, ())
        if not asks:
            if line.ask.rule is not None and not line.is_begun:
                changes.lapsed.append(line.pk)
            continue
        first = _first(asks)
        if line.ask.rule is None:
            first = Ask(None, first.due_on)
        is_over = line.ask.rule is not None and line.ask.rule not in {ask.rule for ask in asks}
        if is_over or first.due_on < line.ask.due_on:
            changes.changed[line.pk] = first
    for person, asks in asked.items():
        wanted = [ask for ask in asks if (person, ask.rule) not in settled]
        if wanted and person not in have_one:
            changes.new[person] = _first(wanted)
    return changes


def _first(asks: Sequence[Ask]) -> Ask:
    return min(asks, key=lambda ask: (ask.due_on, ask.rule or 0))


@dataclass(frozen=True)
class Stage:
    """A step of a path: its course, the courses that must come first, and whether the path asks for it."""

    course: int
    before: Collection[int]
    is_required: bool
    is_offered: bool


@dataclass(frozen=True)
class Standing:
    """How one person stands at a step: done, learning, open, waits (for courses) or away (nobody can begin it)."""

    state: str
    waits_for: list[int] = field(default_factory=list)


def standings(
    stages: Iterable[Stage], *, done: Collection[int], learning: Collection[int], counting: Collection[int]
) -> list[Standing]:
    """Return how somebody stands at each step of a path.

    A step waits for what its course asks for, unless that is among `counting`, and for required steps before it that
    are not `done`. A course that is not offered any more and was never begun holds nobody up.
    """
    found, ahead = [], list[int]()
    for stage in stages:
        if stage.course in done:
            found.append(Standing("done"))
            continue
        missing = list(dict.fromkeys([*(one for one in stage.before if one not in counting), *ahead]))
        if stage.course in learning:
            found.append(Standing("learning"))
        elif not stage.is_offered:
            found.append(Standing("away"))
            continue
        else:
            found.append(Standing("waits", missing) if missing else Standing("open"))
        if stage.is_required:
            ahead.append(stage.course)
    return found
