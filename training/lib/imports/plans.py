"""What an import would do, in words that a page, a command and a kept report can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from training.lib.tables import Fault


class Progress(Protocol):
    """How far work is; `advance` may raise when somebody called the work off."""

    def start(self, total: int) -> None: ...

    def advance(self, n: int = 1) -> None: ...


class Silent:
    """Progress that nobody watches."""

    def start(self, total: int) -> None:
        """Take no notice."""

    def advance(self, n: int = 1) -> None:
        """Take no notice."""


@dataclass(frozen=True)
class Difference:
    """One fact that changes, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One record that comes or changes: `key` is what it is found by, `title` what people call it."""

    line: int
    key: str
    title: str
    is_new: bool
    differences: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        facts = [[one.label, one.before, one.after] for one in self.differences]
        return {"line": self.line, "key": self.key, "title": self.title, "new": self.is_new, "facts": facts}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Change":
        facts = tuple(Difference(*fact) for fact in kept["facts"])
        return cls(kept["line"], kept["key"], kept["title"], kept["new"], facts)


@dataclass(frozen=True)
class Plan:
    """What the rows without faults do, and the faults of the others; `work` is what the import's `write` needs."""

    changes: Sequence[Change]
    unchanged: int
    faults: Sequence[Fault]
    work: Any = field(default=None, compare=False)

    @property
    def created(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.created

    @property
    def faulty_lines(self) -> frozenset[int]:
        return frozenset(fault.line for fault in self.faults if fault.line is not None)
