"""What positions ask for: the level of each competency, from a day on."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.competencies.models import Competency, Target
from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step
from training.lib.tables import Table
from training.operations.services import Event, record_many
from training.people.imports.walls import WholeCentre
from training.people.models import Position, User

ONE_DAY = timedelta(days=1)
HIGHEST = 5
BATCH = 500


@dataclass(frozen=True)
class Books:
    """Positions and competencies by code, open targets by both, the last day of those that ended, and today."""

    positions: dict[str, Position]
    competencies: dict[str, Competency]
    open: dict[Hashable, Target]
    ended: dict[Hashable, date]
    today: date
    absent: set[Hashable] = field(default_factory=set)
    """What is not asked for, and the file says so too."""


class TargetImport(WholeCentre, RecordImport):
    """One row is one competency of one position. A new level ends the target before; level 0 asks for it no more."""

    kind, icon, key_field, view = "targets", "target", "position", "competencies:matrix"
    label = gettext_lazy("Targets of positions")
    about = gettext_lazy(
        "One row is the level a position asks for in one competency. A new level ends the one before; 0 asks no more."
    )
    columns = (
        Column("position", "Position", "岗位", required=True, also=("position code", "岗位代码")),
        Column("competency", "Competency", "能力项", required=True, also=("competency code", "能力", "能力代码")),
        Column(
            "level",
            "Level",
            "要求等级",
            required=True,
            hint=gettext_lazy("1 to 5; 0: no longer asked for."),
            also=("target", "目标等级", "等级"),
        ),
        Column(
            "starts_on",
            "From",
            "生效日期",
            hint=gettext_lazy("Empty: from today, where the level changes."),
            also=("since", "starts on"),
        ),
    )

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        position, competency = Position.objects.order_by("code").first(), leaves().first()
        yield {
            "position": position.code if position else "clerk-registration",
            "competency": competency.code if competency else "materials-check",
            "level": 3,
            "starts_on": "2026-03-01",
        }

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        for position in Position.objects.order_by("code"):
            yield "position", position.code, str(position)
        for competency in leaves():
            yield "competency", competency.code, str(competency)

    def count(self, viewer: User, *, at: datetime) -> int:
        return open_targets().count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        for target in open_targets().order_by("position__code", "competency__position"):
            yield {
                "position": target.position.code,
                "competency": target.competency.code,
                "level": target.level,
                "starts_on": target.starts_on,
            }

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        past = Target.objects.filter(competency__framework__is_current=True).exclude(until=None)
        last = past.values_list("position__code", "competency__code").annotate(last=Max("until"))
        return Books(
            {position.code: position for position in Position.objects.all()},
            {competency.code: competency for competency in leaves()},
            {(target.position.code, target.competency.code): target for target in open_targets()},
            {(position, competency): until for position, competency, until in last},
            timezone.localdate(at),
        )

    def read(self, cells: Cells, books: Books) -> Entry | None:
        cells.required("position")
        position = cells.look_up("position", books.positions, _("no position has the code “%(value)s”."))
        cells.required("competency")
        competency = cells.look_up("competency", books.competencies, _("no competency has the code “%(value)s”."))
        cells.required("level")
        level, starts_on = cells.whole("level", 0, HIGHEST), cells.day("starts_on")
        if position is None or competency is None or level is None:
            return None
        key = (position.code, competency.code)
        if level == 0 and key not in books.open:
            books.absent.add(key)
            starts_on = None
        told = starts_on.isoformat() if starts_on else None
        return Entry(cells.line, key, f"{position}: {competency}", {"level": level, "starts_on": told})

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        known = {
            key: {"level": target.level, "starts_on": target.starts_on.isoformat()}
            for key, target in books.open.items()
        }
        return known | {key: {"level": 0, "starts_on": ""} for key in books.absent}

    def check(self, entries: Sequence[Entry], books: Books) -> Iterable[tuple[Entry, str, str]]:
        """Find days that would turn the history of a target round."""
        for entry in entries:
            current, ended, day = books.open.get(entry.key), books.ended.get(entry.key), first_day(entry, books)
            if current is not None and entry.facts["level"] != current.level:
                # a target may be corrected from its first day, but not end before it
                earliest = current.starts_on if entry.facts["level"] else current.starts_on + ONE_DAY
                if day < earliest:
                    facts = {"day": current.starts_on.isoformat()}
                    yield entry, "starts_on", _("the target in force began on %(day)s; choose a later day.") % facts
                    continue
            if ended is not None and day <= ended and entry.key not in books.absent:
                facts = {"day": ended.isoformat()}
                yield entry, "starts_on", _("an earlier target ended on %(day)s; choose a later day.") % facts

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        ended, corrected, opened, told = [], [], [], []
        for step in steps:
            target, day, level = books.open.get(step.entry.key), first_day(step.entry, books), step.entry.facts["level"]
            if target is not None and (level == target.level or (level and day == target.starts_on)):
                target.level, target.starts_on = level, day
                corrected.append(target)
            else:
                if target is not None:
                    target.until = day - ONE_DAY
                    ended.append(target)
                if level:
                    target = new_target(step.entry.key, level, day, books)
                    opened.append(target)
            told.append((target, step, day))
        Target.objects.bulk_update(ended, ["until"], batch_size=BATCH)
        Target.objects.bulk_update(corrected, ["level", "starts_on"], batch_size=BATCH)
        Target.objects.bulk_create(opened, batch_size=BATCH)
        record_many(events_of(told), by=by, at=at)
        progress.advance(len(steps))


def events_of(told: Sequence[tuple[Any, Step, date]]) -> list[Event]:
    """Return an event for each target that was opened, corrected or ended."""
    return [
        Event(
            "competencies.targets_set",
            target,
            before=dict(step.before) if step.before else None,
            after={"level": step.entry.facts["level"], "starts_on": day.isoformat()},
        )
        for target, step, day in told
    ]


def first_day(entry: Entry, books: Books) -> date:
    """Return the day the row counts from: its own, else that of the target in force, or today for a new level."""
    if entry.facts["starts_on"]:
        return date.fromisoformat(entry.facts["starts_on"])
    current = books.open.get(entry.key)
    return current.starts_on if current is not None and current.level == entry.facts["level"] else books.today


def new_target(key: Any, level: int, day: date, books: Books) -> Target:
    position, competency = key
    return Target(
        position=books.positions[position], competency=books.competencies[competency], level=level, starts_on=day
    )


def leaves() -> Any:
    """Return the competencies of the current framework that are no groups."""
    return Competency.objects.filter(framework__is_current=True, children=None).order_by("position")


def open_targets() -> Any:
    """Return the targets in force without an end, of the current framework."""
    found = Target.objects.filter(competency__framework__is_current=True, until=None)
    return found.select_related("position", "competency")
