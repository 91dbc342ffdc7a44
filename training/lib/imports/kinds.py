"""What an import must know, and the imports the settings name."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from training.lib.tables import Table

from .columns import Column
from .plans import Plan, Progress

Facts = Mapping[str, object]


class Import(ABC):
    """One kind of list. `by` is whoever imports, a person or the name of a process."""

    kind: ClassVar[str]
    """Its part of the address."""
    icon: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    label: Any
    about: Any
    """What one row stands for and how it is found again, in a sentence."""
    needs: Any
    """Who may import it, for those who may not."""
    after: Any = ""
    """What to do once it is imported."""
    view: ClassVar[str] = ""
    """The name of the page that shows the records; none when there is no such page."""

    @abstractmethod
    def may(self, person: Any) -> bool:
        """Tell whether the person may import and export lists of this kind; rows are another question."""

    @abstractmethod
    def example(self, person: Any) -> Iterable[Facts]:
        """Yield one or two rows as the person might import them, by field."""

    def codes(self, person: Any) -> Iterator[tuple[str, str, str]]:
        """Yield field, code and meaning of what may stand in the cells."""
        yield from ()

    @abstractmethod
    def plan(self, table: Table, *, by: Any, at: datetime, progress: Progress) -> Plan:
        """Say what the table would do; its headings are names of fields. Writes nothing."""

    @abstractmethod
    def write(self, plan: Plan, *, by: Any, at: datetime, progress: Progress) -> None:
        """Do what was planned, with its audit events; called inside the transaction of the plan."""

    @abstractmethod
    def count(self, viewer: Any, *, at: datetime) -> int:
        """Return how many rows `export` yields."""

    @abstractmethod
    def export(self, viewer: Any, *, at: datetime) -> Iterator[Facts]:
        """Yield what is on record and the viewer may import, so that importing it changes nothing."""

    def example_rows(self, person: Any) -> list[list[object]]:
        """Return headings and filled sample of the template."""
        filled = [[facts.get(column.field, "") for column in self.columns] for facts in self.example(person)]
        return [self.headings(), *filled]

    def export_rows(self, viewer: Any, *, at: datetime) -> Iterator[list[object]]:
        """Yield headings and one row for each record."""
        yield [column.heading for column in self.exported]
        for facts in self.export(viewer, at=at):
            yield [facts.get(column.field, "") for column in self.exported]

    @property
    def exported(self) -> Sequence[Column]:
        """The columns of the export."""
        return self.columns

    def headings(self) -> list[object]:
        return [column.heading for column in self.columns]

    def heading(self, field: str) -> str:
        """Return the heading of a field in the reader's language."""
        return next(column.heading for column in self.columns if column.field == field)


@cache
def all_imports() -> Mapping[str, Import]:
    """Return the imports of the settings by kind, in their order: what another stands on comes first."""
    declared = [import_string(name)() for name in settings.IMPORTS]
    return {one.kind: one for one in declared}


def import_of(kind: str) -> Import | None:
    """Return the import of that kind; None when there is none."""
    return all_imports().get(kind)
