"""Marks one answer to one item: a credit from 0 to 1, the same for every kind of item."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

Response = str | list[str] | None


class ItemKind(StrEnum):
    """The kinds this module marks; the values are those stored with an item version."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"


TRUE_FALSE_OPTIONS = ("true", "false")
ONE_CHOICE = frozenset({ItemKind.SINGLE, ItemKind.TRUE_FALSE})


class MarkingError(ValueError):
    """An unknown kind, a broken key or a value the item cannot have; nothing is marked on a guess."""


def clean_response(kind: str, option_ids: Sequence[str], value: object) -> Response:
    """Return the one stored form of an answer, or None where it was left blank (None, "", empty list).

    single, true_false -> the option id; multiple -> the chosen ids in the item's own order;
    ordering -> all ids in the order given. Raises MarkingError for anything else: another type, an id
    the item does not have, the same id twice, an ordering with a step missing.
    """
    item_kind = _kind(kind)
    _check_options(item_kind, option_ids)
    if value is None or value in ("", [], ()):
        return None
    if item_kind in ONE_CHOICE:
        return _clean_one(option_ids, value)
    chosen = _clean_many(option_ids, value)
    if item_kind is ItemKind.MULTIPLE:
        return [option for option in option_ids if option in chosen]
    if len(chosen) != len(option_ids):
        raise MarkingError(f"An ordering needs all {len(option_ids)} steps, this one has {len(chosen)}.")
    return chosen


def check_key(kind: str, option_ids: Sequence[str], key: Sequence[str]) -> None:
    """Raise MarkingError unless the key can be earned: one id, one or more ids, or a full order."""
    item_kind = _kind(kind)
    _check_options(item_kind, option_ids)
    right = _clean_many(option_ids, key)
    if item_kind in ONE_CHOICE and len(right) != 1:
        raise MarkingError(f"An item of the kind {kind} has exactly one right option, this key has {len(right)}.")
    if not right:
        raise MarkingError("The key names no right option.")
    if item_kind is ItemKind.ORDERING and len(right) != len(option_ids):
        raise MarkingError(f"The key of an ordering names all {len(option_ids)} steps, this one {len(right)}.")


def credit(kind: str, option_ids: Sequence[str], key: Sequence[str], value: object) -> float:
    """Return the credit in [0, 1] an answer earns; blank earns 0. Raises MarkingError as the two checks above.

    single, true_false: 1 if right.
    multiple: (right chosen - wrong chosen) / number right, not below 0. A wrong choice costs what a right one
    earns, so ticking everything never pays; all-or-nothing would show a person who found three of four
    materials the same 0 as one who found none. It does not flatter the level: scoring asks `is_right`.
    ordering: share of neighbouring pairs of the key that follow each other in the answer. What matters in a
    procedure is what comes next, so one step slipped costs its own links, not the place of all later steps.
    """
    check_key(kind, option_ids, key)
    answer = clean_response(kind, option_ids, value)
    if answer is None:
        return 0.0
    if isinstance(answer, str):
        return float(answer == key[0])
    if _kind(kind) is ItemKind.MULTIPLE:
        right = sum(option in key for option in answer)
        return max(0.0, (right - (len(answer) - right)) / len(key))
    links = set(pairwise(key))
    return sum(link in links for link in pairwise(answer)) / len(links)


def is_right(earned: float) -> bool:
    """Say whether a credit counts as 1 in dichotomous (Rasch, 2PL) scoring: full credit only."""
    if not 0 <= earned <= 1:
        raise MarkingError(f"A credit lies between 0 and 1, not {earned}.")
    return earned == 1


def _kind(kind: str) -> ItemKind:
    try:
        return ItemKind(kind)
    except ValueError as error:
        raise MarkingError(f"No marking rule for items of the kind {kind!r}.") from error


def _check_options(kind: ItemKind, option_ids: Sequence[str]) -> None:
    if len(option_ids) < 2 or len(set(option_ids)) != len(option_ids):
        raise MarkingError("An item needs two or more options, each with an id of its own.")
    if kind is ItemKind.TRUE_FALSE and set(option_ids) != set(TRUE_FALSE_OPTIONS):
        raise MarkingError(f"A true/false item has the options {TRUE_FALSE_OPTIONS}, not {tuple(option_ids)}.")


def _clean_one(option_ids: Sequence[str], value: object) -> str:
    if not isinstance(value, str) or value not in option_ids:
        raise MarkingError(f"{value!r} is not one of the options {tuple(option_ids)}.")
    return value


def _clean_many(option_ids: Sequence[str], value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        raise MarkingError(f"{value!r} is not a list of option ids.")
    chosen = [_clean_one(option_ids, option) for option in value]
    if len(set(chosen)) != len(chosen):
        raise MarkingError("The same option is named twice.")
    return chosen
