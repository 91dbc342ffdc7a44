"""What counts as a change, and where a bundle's members stand in its days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def in_one_language(value: Any, language: str, languages: Collection[str]) -> Any:
    """Return the JSON `value` with every mapping of texts by language replaced by its text in `language`.

    Two contents count as the same when they are equal in the source language: a translation is no change.
    """
    if isinstance(value, Mapping):
        if all(key in languages for key in value):
            return value.get(language, "")
        return {key: in_one_language(part, language, languages) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_one_language(part, language, languages) for part in value]
    return value


def still_translated(old: Mapping[str, str], source: str, text: str) -> dict[str, str]:
    """Return the texts of a fact whose source text is now `text`: a translation stays only of a text that stays."""
    return {**old, source: text} if old.get(source, "") == text else {source: text}


@dataclass(frozen=True)
class Span:
    """What somebody does from one working day to another, both included, counted from 1."""

    lane: str
    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Cell:
    """One cell of a swim-lane: `days` wide; without `span` those days are free."""

    days: int
    span: Span | None = None


def swim_lanes(spans: Sequence[Span], days: int) -> dict[str, list[list[Cell]]]:
    """Lay the spans out as rows of cells, by lane in the order of first appearance.

    A lane gets as many rows as it does things at a time; each row's cells add up to `days`. A span that reaches
    beyond `days` widens nothing: it is cut there.
    """
    lanes: dict[str, list[list[Span]]] = {}
    for span in sorted(spans, key=lambda span: span.first):
        rows = lanes.setdefault(span.lane, [])
        row = next((row for row in rows if row[-1].last < span.first), None)
        if row is None:
            rows.append([span])
        else:
            row.append(span)
    order = list(dict.fromkeys(span.lane for span in spans))
    return {lane: [_cells(row, days) for row in lanes[lane]] for lane in order}


def _cells(row: Sequence[Span], days: int) -> list[Cell]:
    cells, day = [], 1
    for span in row:
        first, last = max(span.first, day), min(span.last, days)
        if last < first:
            continue
        if first > day:
            cells.append(Cell(first - day))
        cells.append(Cell(last - first + 1, span))
        day = last + 1
    if day <= days:
        cells.append(Cell(days - day + 1))
    return cells
