"""Kinds made of parts, each answered by itself: a text with gaps, a customer's story with linked questions."""

import random
from collections.abc import Mapping

from .choices import Choices, OneChoice, Ordering
from .shape import Answer, ItemKind, Marker, MarkingError, Order, Part, Seen, Shape, as_mapping, check_ids, is_blank
from .typed import Number, Words

SIMPLE: dict[ItemKind, Marker] = {
    ItemKind.SINGLE: OneChoice(),
    ItemKind.TRUE_FALSE: OneChoice(),
    ItemKind.MULTIPLE: Choices(),
    ItemKind.ORDERING: Ordering(),
    ItemKind.NUMERIC: Number(),
    ItemKind.SHORT_TEXT: Words(),
}
GAPS = frozenset({ItemKind.SINGLE, ItemKind.NUMERIC, ItemKind.SHORT_TEXT})


class Compound:
    """Answer, order and key: what each part has, by its id. Credit: the mean of its parts, a blank one earning 0.

    The parts of a case share a story, so they are one item with one credit: as items of their own they would count the
    same understanding several times.
    """

    def __init__(self, allowed: frozenset[ItemKind], least: int) -> None:
        self.allowed = allowed
        self.least = least

    def check_key(self, shape: Shape, key: object) -> None:
        check_ids([part.id for part in shape.parts], self.least, "parts")
        keys = as_mapping(key, "The key")
        if keys.keys() != {part.id for part in shape.parts}:
            raise MarkingError("The key answers each part of the item, and no other.")
        for part in shape.parts:
            if part.kind not in self.allowed:
                raise MarkingError(f"A part of the kind {part.kind} cannot stand in an item of the kind {shape.kind}.")
            SIMPLE[part.kind].check_key(_alone(part), keys[part.id])

    def clean(self, shape: Shape, value: object) -> Answer:
        given = as_mapping(value, "The answer")
        if not given.keys() <= {part.id for part in shape.parts}:
            raise MarkingError("The answer has a part the item does not have.")
        cleaned = {
            part.id: _marker(part).clean(_alone(part), given[part.id])
            for part in shape.parts
            if not is_blank(given.get(part.id))
        }
        return {part: answer for part, answer in cleaned.items() if answer is not None} or None

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        keys, given = as_mapping(key, "The key"), as_mapping(answer, "The answer")
        return sum(self._earned(part, keys, given) for part in shape.parts) / len(shape.parts)

    def shown(self, shape: Shape, key: object, chance: random.Random) -> Order:
        keys = as_mapping(key, "The key")
        orders = {part.id: _marker(part).shown(_alone(part), keys[part.id], chance) for part in shape.parts}
        return {part: order for part, order in orders.items() if isinstance(order, list)}

    def seen(self, shape: Shape, order: Order, answer: Answer) -> Seen:
        given = as_mapping(answer, "The answer")
        return {
            number: _marker(part).seen(_alone(part), _own(order, part), given[part.id])  # type: ignore[arg-type]  # cleaned
            for number, part in shape.numbered().items()
            if part.id in given
        }

    def meant(self, shape: Shape, order: Order, seen: Seen) -> object:
        parts = shape.numbered()
        sent = as_mapping(seen, "The answer")
        if not sent.keys() <= parts.keys():
            raise MarkingError("The answer has a part that is not on this screen.")
        return {
            parts[number].id: _marker(parts[number]).meant(
                _alone(parts[number]),
                _own(order, parts[number]),
                value,  # type: ignore[arg-type]  # judged by the part's own marker
            )
            for number, value in sent.items()
            if not is_blank(value)
        }

    @staticmethod
    def _earned(part: Part, keys: Mapping[str, object], given: Mapping[str, object]) -> float:
        if part.id not in given:
            return 0.0
        marker, alone = _marker(part), _alone(part)
        return marker.credit(alone, keys[part.id], marker.clean(alone, given[part.id]))


def _marker(part: Part) -> Marker:
    if part.kind is None or part.kind not in SIMPLE:
        raise MarkingError(f"A part of the kind {part.kind} cannot be answered by itself.")
    return SIMPLE[part.kind]


def _alone(part: Part) -> Shape:
    assert part.kind is not None
    return Shape(part.kind, part.options)


def _own(order: Order, part: Part) -> list[str]:
    assert isinstance(order, Mapping)
    return order[part.id]
