"""Imports of rows that stand for one record each, found again by a key: read, compare fact by fact, write the rest."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from training.lib.tables import Fault, Table

from .cells import Cells, shown
from .kinds import Import
from .matching import Layout
from .plans import Change, Difference, Plan, Progress

STRIDE = 200
"""Rows between two tellings of how far the work is."""


@dataclass(frozen=True)
class Entry:
    """What one row says: `facts` by field; None for a fact the file does not tell, which keeps what is on record."""

    line: int
    key: Hashable
    title: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One row with something to write; `before` holds the facts on record, None for a new record."""

    entry: Entry
    before: Mapping[str, Any] | None

    @property
    def changed(self) -> dict[str, Any]:
        """The facts to write, and nothing that stays as it is."""
        told = {name: value for name, value in self.entry.facts.items() if value is not None}
        if self.before is None:
            return told
        return {name: value for name, value in told.items() if self.before[name] != value}


class RecordImport(Import):
    """An import whose rows have a key; `books` is whatever `load` returns for the others to look things up in."""

    key_field: str
    """The column that a row which stands twice is told at."""

    @abstractmethod
    def load(self, table: Table, *, by: Any, at: datetime) -> Any:
        """Read in a few queries, whatever the number of rows, what rows are checked against."""

    @abstractmethod
    def read(self, cells: Cells, books: Any) -> Entry | None:
        """Return what the row says; None when it says nothing. Faults go to the cells."""

    @abstractmethod
    def on_record(self, books: Any) -> Mapping[Hashable, Mapping[str, Any]]:
        """Return the facts on record by key, under the names that entries use."""

    @abstractmethod
    def write_steps(self, steps: Sequence[Step], books: Any, *, by: Any, at: datetime, progress: Progress) -> None:
        """Write the steps and their audit events."""

    def check(self, entries: Sequence[Entry], books: Any) -> Iterable[tuple[Entry, str, str]]:
        """Yield what is wrong between rows: the entry, the field, the sentence. Asked again until nothing is."""
        return ()

    def words(self, name: str, value: Any) -> str:
        """Return how a fact reads on the page."""
        return "" if value is None else str(value)

    def key_words(self, key: Hashable) -> str:
        """Return how a key reads on the page."""
        return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)

    def plan(self, table: Table, *, by: Any, at: datetime, progress: Progress) -> Plan:
        books, layout = self.load(table, by=by, at=at), Layout.of(table)
        entries, faults = self.read_all(table, layout, books, progress)
        entries, wrong = self.consistent(entries, layout, books)
        record = self.on_record(books)
        steps = [Step(entry, record.get(entry.key)) for entry in entries]
        todo = [step for step in steps if step.before is None or step.changed]
        changes = [self.change_of(step) for step in todo]
        ordered = sorted(faults + wrong, key=lambda fault: (fault.line or 0, fault.column or ""))
        return Plan(changes, len(steps) - len(todo), ordered, work=(todo, books))

    def write(self, plan: Plan, *, by: Any, at: datetime, progress: Progress) -> None:
        steps, books = plan.work
        if steps:
            self.write_steps(steps, books, by=by, at=at, progress=progress)

    def read_all(self, table: Table, layout: Layout, books: Any, progress: Progress) -> tuple[list[Entry], list[Fault]]:
        entries, faults = [], []
        for number, row in enumerate(table.rows, start=1):
            cells = Cells(row, layout)
            entry = self.read(cells, books)
            faults += cells.faults
            if entry is not None and not cells.faults:
                entries.append(entry)
            if number % STRIDE == 0:
                progress.advance(STRIDE)
        progress.advance(len(table.rows) % STRIDE)
        return entries, faults

    def consistent(self, entries: list[Entry], layout: Layout, books: Any) -> tuple[list[Entry], list[Fault]]:
        """Leave out the rows that contradict others, and then those that stood on them, until the rest holds."""
        faults = list(self.repetitions(entries, layout))
        left = without(entries, {fault.line for fault in faults})
        while wrong := [
            Fault(text, entry.line, layout.letters.get(name)) for entry, name, text in self.check(left, books)
        ]:
            faults += wrong
            left = without(left, {fault.line for fault in wrong})
        return left, faults

    def repetitions(self, entries: Sequence[Entry], layout: Layout) -> Iterable[Fault]:
        lines: dict[Hashable, list[int]] = defaultdict(list)
        for entry in entries:
            lines[entry.key].append(entry.line)
        for key, found in lines.items():
            for line in found if len(found) > 1 else ():
                facts = {"value": shown(self.key_words(key)), "line": found[1] if line == found[0] else found[0]}
                text = _("“%(value)s” is in line %(line)d too.") % facts
                yield Fault(text, line, layout.letters.get(self.key_field))

    def change_of(self, step: Step) -> Change:
        entry, before = step.entry, step.before
        key = self.key_words(entry.key)
        if before is None:
            return Change(entry.line, key, entry.title, is_new=True)
        differences = tuple(
            Difference(self.heading(name), self.words(name, before[name]), self.words(name, value))
            for name, value in step.changed.items()
        )
        return Change(entry.line, key, entry.title, is_new=False, differences=differences)


def without(entries: Sequence[Entry], lines: set[int | None]) -> list[Entry]:
    return [entry for entry in entries if entry.line not in lines]
