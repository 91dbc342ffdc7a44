"""Kinds answered by options: one of them, some of them, all of them in order."""

import random
from collections.abc import Sequence
from itertools import pairwise

from .shape import Answer, ItemKind, MarkingError, Order, Seen, Shape, as_list, check_ids, option_at, place_in

TRUE_FALSE_OPTIONS = ("true", "false")


class OneChoice:
    """Single choice, true or false. Answer: the option's id; key: a list of the one right id."""

    def check_key(self, shape: Shape, key: object) -> None:
        check_ids(shape.options, 2, "options")
        if shape.kind is ItemKind.TRUE_FALSE and set(shape.options) != set(TRUE_FALSE_OPTIONS):
            raise MarkingError(f"A true/false item has the options {TRUE_FALSE_OPTIONS}, not {shape.options}.")
        if len(right := _ids(shape.options, key)) != 1:
            raise MarkingError(f"An item of the kind {shape.kind} has exactly one right option, not {len(right)}.")

    def clean(self, shape: Shape, value: object) -> Answer:
        return _id(shape.options, value)

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        """1 if right."""
        return float([answer] == list(_ids(shape.options, key)))

    def shown(self, shape: Shape, _key: object, chance: random.Random) -> Order:
        """True or false stands as it was written."""
        order = list(shape.options)
        if shape.kind is not ItemKind.TRUE_FALSE:
            chance.shuffle(order)
        return order

    def seen(self, _shape: Shape, order: Order, answer: Answer) -> Seen:
        assert isinstance(answer, str)
        return place_in(_list(order), answer)

    def meant(self, _shape: Shape, order: Order, seen: Seen) -> object:
        return option_at(_list(order), seen)


class Choices:
    """Multiple response. Answer: the ids chosen, in the item's order; key: the right ones."""

    def check_key(self, shape: Shape, key: object) -> None:
        check_ids(shape.options, 2, "options")
        if not _ids(shape.options, key):
            raise MarkingError("The key names no right option.")

    def clean(self, shape: Shape, value: object) -> Answer:
        chosen = _ids(shape.options, value)
        return [option for option in shape.options if option in chosen]

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        """(right chosen - wrong chosen) / number right, not below 0.

        A wrong choice costs what a right one earns, so ticking everything never pays; all-or-nothing would show a
        person who found three of four materials the same 0 as one who found none.
        """
        chosen, right_ones = _ids(shape.options, answer), _ids(shape.options, key)
        right = sum(option in right_ones for option in chosen)
        return max(0.0, (right - (len(chosen) - right)) / len(right_ones))

    def shown(self, shape: Shape, _key: object, chance: random.Random) -> Order:
        order = list(shape.options)
        chance.shuffle(order)
        return order

    def seen(self, _shape: Shape, order: Order, answer: Answer) -> Seen:
        assert isinstance(answer, list)
        return sorted(place_in(_list(order), option) for option in answer)

    def meant(self, _shape: Shape, order: Order, seen: Seen) -> object:
        return [option_at(_list(order), number) for number in as_list(seen, "the answer")]


class Ordering(Choices):
    """Answer and key: all ids in order."""

    def check_key(self, shape: Shape, key: object) -> None:
        super().check_key(shape, key)
        self._complete(shape, _ids(shape.options, key))

    def clean(self, shape: Shape, value: object) -> Answer:
        return self._complete(shape, _ids(shape.options, value))

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        """Share of neighbouring pairs of the key that follow each other in the answer.

        What matters in a procedure is what comes next, so one step slipped costs its own links, not the place of all
        later steps.
        """
        links = set(pairwise(_ids(shape.options, key)))
        return sum(link in links for link in pairwise(_ids(shape.options, answer))) / len(links)

    def shown(self, shape: Shape, key: object, chance: random.Random) -> Order:
        """It never starts solved."""
        order = _list(super().shown(shape, key, chance))
        return order[1:] + order[:1] if order == _ids(shape.options, key) else order

    def seen(self, _shape: Shape, order: Order, answer: Answer) -> Seen:
        assert isinstance(answer, list)
        return [place_in(_list(order), option) for option in answer]

    @staticmethod
    def _complete(shape: Shape, ids: list[str]) -> list[str]:
        if len(ids) != len(shape.options):
            raise MarkingError(f"An ordering needs all {len(shape.options)} steps, this one has {len(ids)}.")
        return ids


def _id(options: Sequence[str], value: object) -> str:
    if not isinstance(value, str) or value not in options:
        raise MarkingError(f"{value!r} is not one of the options {tuple(options)}.")
    return value


def _ids(options: Sequence[str], value: object) -> list[str]:
    chosen = [_id(options, option) for option in as_list(value, repr(value))]
    if len(set(chosen)) != len(chosen):
        raise MarkingError("The same option is named twice.")
    return chosen


def _list(order: Order) -> list[str]:
    assert isinstance(order, list)
    return order
