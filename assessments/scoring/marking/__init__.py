"""Marks one answer to one item, whatever its kind: a credit from 0 to 1; and says how an answer looks on a screen."""

import random

from .choices import TRUE_FALSE_OPTIONS
from .compound import GAPS, SIMPLE, Compound
from .grids import SOUND, SOUND_NUMBER, Documents, Matching
from .judged import OpenAnswer, Scenario, credit_of_points, points_of
from .shape import Answer, ItemKind, Marker, MarkingError, Order, Part, Seen, Shape, is_blank, shape
from .typed import MOST_CHARACTERS, MOST_OF_AN_OPEN_ANSWER, as_number

__all__ = [
    "BY_PEOPLE",
    "GAPS",
    "MOST_CHARACTERS",
    "MOST_OF_AN_OPEN_ANSWER",
    "SIMPLE",
    "SOUND",
    "SOUND_NUMBER",
    "TRUE_FALSE_OPTIONS",
    "Answer",
    "ItemKind",
    "MarkingError",
    "Order",
    "Part",
    "Seen",
    "Shape",
    "as_meant",
    "as_number",
    "as_seen",
    "check_key",
    "clean_response",
    "credit",
    "credit_of_points",
    "is_right",
    "points_of",
    "shape",
    "shown_order",
]

BY_PEOPLE = frozenset({ItemKind.OPEN, ItemKind.SCENARIO})


MARKERS: dict[ItemKind, Marker] = {
    **SIMPLE,
    ItemKind.MATCHING: Matching(),
    ItemKind.DOCUMENTS: Documents(),
    ItemKind.CLOZE: Compound(GAPS, least=1),
    ItemKind.CASE: Compound(frozenset(SIMPLE), least=1),
    ItemKind.OPEN: OpenAnswer(),
    ItemKind.SCENARIO: Scenario(),
}


def check_key(shape: Shape, key: object) -> None:
    """Raise MarkingError unless full credit can be earned with this key, and only by an answer."""
    MARKERS[shape.kind].check_key(shape, key)


def clean_response(shape: Shape, value: object) -> Answer:
    """Return the one stored form of an answer, or None where it was left blank.

    Raises MarkingError for anything an item of this shape cannot have been answered with: another type, an id it does
    not have, the same id twice, an ordering with a step missing, a text too long.
    """
    return None if is_blank(value) else MARKERS[shape.kind].clean(shape, value)


def credit(shape: Shape, key: object, value: object) -> float:
    """Return the credit in [0, 1] an answer earns; blank earns 0. Raises MarkingError as the two checks above.

    What people mark (`BY_PEOPLE`) has no credit here, unless it was left blank.
    """
    check_key(shape, key)
    answer = clean_response(shape, value)
    return 0.0 if answer is None else MARKERS[shape.kind].credit(shape, key, answer)


def is_right(earned: float, bar: float = 1.0) -> bool:
    """Say whether a credit counts as 1 in dichotomous (Rasch, 2PL) scoring: from `bar` on."""
    if not (0 <= earned <= 1 and 0 < bar <= 1):
        raise MarkingError(f"A credit lies between 0 and 1 and its bar above 0, not {earned} and {bar}.")
    return earned >= bar


def shown_order(shape: Shape, key: object, chance: random.Random) -> Order:
    """Return the order in which one person sees the options, to be stored with the attempt."""
    return MARKERS[shape.kind].shown(shape, key, chance)


def as_seen(shape: Shape, order: Order, answer: Answer) -> Seen:
    """Return a stored answer as the candidate with this order sees it: numbers instead of ids."""
    return None if answer is None else MARKERS[shape.kind].seen(shape, order, answer)


def as_meant(shape: Shape, order: Order, seen: Seen) -> Answer:
    """Return what a candidate's screen sent as the answer that is stored. Raises MarkingError as `clean_response`."""
    return None if is_blank(seen) else clean_response(shape, MARKERS[shape.kind].meant(shape, order, seen))
