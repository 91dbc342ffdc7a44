"""What can be answered about an item: its kind and the ids of its options and parts. No texts and no key."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias


class ItemKind(StrEnum):
    """The kinds of items; the values are those stored with an item version."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"
    MATCHING = "matching"
    DOCUMENTS = "documents"
    NUMERIC = "numeric"
    SHORT_TEXT = "short_text"
    CLOZE = "cloze"
    CASE = "case"
    OPEN = "open"
    SCENARIO = "scenario"


# What is stored: an option's id, ids, a text as it was typed, or one of these for each part's id.
Answer: TypeAlias = "str | list[str] | Mapping[str, Answer] | None"
# What the candidate's screen sends: numbers of options as they stand there, texts, or one of these for each part's
# number, written as a word because that is what the keys of a JSON object are.
Seen: TypeAlias = "int | str | list[int] | Mapping[str, Seen] | None"
# The ids of the options as one candidate sees them; where parts have options of their own, for each part's id.
Order: TypeAlias = list[str] | Mapping[str, list[str]]


class MarkingError(ValueError):
    """An unknown kind, a broken key or a value the item cannot have; nothing is marked on a guess."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a matching or a document check (no kind of its own), a gap of a cloze, a question of a case."""

    id: str
    kind: ItemKind | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """An item as far as answers go."""

    kind: ItemKind
    options: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    def numbered(self) -> dict[str, Part]:
        """Return the parts under the numbers candidates know them by, from "1"."""
        return {str(number): part for number, part in enumerate(self.parts, start=1)}


class Marker(Protocol):
    """What a kind knows. Answers given to `credit` and `seen` are cleaned and not blank."""

    def check_key(self, shape: Shape, key: object) -> None: ...
    def clean(self, shape: Shape, value: object) -> Answer: ...
    def credit(self, shape: Shape, key: object, answer: Answer) -> float: ...
    def shown(self, shape: Shape, key: object, chance: random.Random) -> Order: ...
    def seen(self, shape: Shape, order: Order, answer: Answer) -> Seen: ...
    def meant(self, shape: Shape, order: Order, seen: Seen) -> object: ...


def shape(kind: str, options: Sequence[str] = (), parts: Sequence[Part] = ()) -> Shape:
    """Return a shape from what is stored. Raises MarkingError for a kind nobody knows."""
    try:
        return Shape(ItemKind(kind), tuple(options), tuple(parts))
    except ValueError as error:
        raise MarkingError(f"No marking rule for items of the kind {kind!r}.") from error


def check_ids(ids: Sequence[str], least: int, what: str) -> None:
    """Raise MarkingError unless there are `least` or more ids, each once and none empty."""
    if len(ids) < least or len(set(ids)) != len(ids) or not all(ids):
        raise MarkingError(f"An item needs {least} or more {what}, each with an id of its own.")


def as_mapping(value: object, what: str) -> Mapping[str, object]:
    """Return a mapping of words. Raises MarkingError for anything else."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise MarkingError(f"{what} is not a mapping of ids.")
    return value


def as_list(value: object, what: str) -> Sequence[object]:
    """Return a list. Raises MarkingError for anything else."""
    if not isinstance(value, list | tuple):
        raise MarkingError(f"{what} is not a list.")
    return value


def is_blank(value: object) -> bool:
    """Whether a value says nothing: None, an empty text or list, or a mapping with nothing in it."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(part) for part in value.values())
    return value is None or value in ([], ())


def place_in(order: Sequence[str], option: str) -> int:
    """Return the number a candidate sees an option by, from 1."""
    return order.index(option) + 1


def option_at(order: Sequence[str], number: object) -> str:
    """Return the option behind a number on the candidate's screen. Raises MarkingError if there is none."""
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(order):
        raise MarkingError(f"{number!r} is not a number on this screen.")
    return order[number - 1]
