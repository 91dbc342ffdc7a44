"""What follows from rules of required training, whoever they are about: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta


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


def due_day(*, due_on: date | None, due_days: int | None, since: date) -> date:
    """Return the day a rule is due for somebody who comes under it on `since`."""
    return due_on or since + timedelta(days=due_days or 0)


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
