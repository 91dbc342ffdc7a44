"""Kinds with lines that all choose from the same options: matching, and which documents fail and why."""

import random
from collections.abc import Mapping

from .shape import Answer, MarkingError, Order, Seen, Shape, as_mapping, check_ids, is_blank, option_at, place_in

SOUND = "sound"  # what a document check answers for a document that nothing is wrong with
SOUND_NUMBER = 0  # and how the screen says it


class Matching:
    """Answer and key: for each line's id the id of an option; options may serve several lines or none."""

    def check_key(self, shape: Shape, key: object) -> None:
        check_ids([part.id for part in shape.parts], 2, "lines")
        check_ids(shape.options, 2, "options")
        self._complete(shape, key)

    def clean(self, shape: Shape, value: object) -> Answer:
        given = as_mapping(value, "The answer")
        lines = {part.id for part in shape.parts}
        if not given.keys() <= lines:
            raise MarkingError("The answer has a line the item does not have.")
        answer = {
            part.id: self._choice(shape, given[part.id]) for part in shape.parts if not is_blank(given.get(part.id))
        }
        return answer or None

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        """Share of lines answered right."""
        right, given = self._complete(shape, key), as_mapping(answer, "The answer")
        return sum(given.get(line) == option for line, option in right.items()) / len(right)

    def shown(self, shape: Shape, _key: object, chance: random.Random) -> Order:
        """The options are shuffled, the lines stand as they were written."""
        order = list(shape.options)
        chance.shuffle(order)
        return order

    def seen(self, shape: Shape, order: Order, answer: Answer) -> Seen:
        assert isinstance(order, list)
        given = as_mapping(answer, "The answer")
        return {
            number: self._number(order, str(given[part.id]))
            for number, part in shape.numbered().items()
            if part.id in given
        }

    def meant(self, shape: Shape, order: Order, seen: Seen) -> object:
        assert isinstance(order, list)
        lines = shape.numbered()
        sent = as_mapping(seen, "The answer")
        if not sent.keys() <= lines.keys():
            raise MarkingError("The answer has a line that is not on this screen.")
        return {
            lines[number].id: self._option(order, choice) for number, choice in sent.items() if choice not in (None, "")
        }

    def _complete(self, shape: Shape, key: object) -> Mapping[str, str]:
        right = as_mapping(key, "The key")
        if right.keys() != {part.id for part in shape.parts}:
            raise MarkingError("The key answers each line of the item, and no other.")
        return {line: self._choice(shape, option) for line, option in right.items()}

    def _choice(self, shape: Shape, option: object) -> str:
        if not isinstance(option, str) or option not in shape.options:
            raise MarkingError(f"{option!r} is not one of the options {shape.options}.")
        return option

    def _number(self, order: list[str], option: str) -> int:
        return place_in(order, option)

    def _option(self, order: list[str], number: object) -> str:
        return option_at(order, number)


class Documents(Matching):
    """Lines are documents, options the reasons to refuse one; a document nothing is wrong with is `SOUND`."""

    def check_key(self, shape: Shape, key: object) -> None:
        check_ids([part.id for part in shape.parts], 2, "documents")
        check_ids(shape.options, 1, "reasons")
        if SOUND in shape.options:
            raise MarkingError(f"No reason may have the id {SOUND!r}.")
        if all(reason == SOUND for reason in self._complete(shape, key).values()):
            raise MarkingError("One document or more must be at fault.")

    def credit(self, shape: Shape, key: object, answer: Answer) -> float:
        """For each document at fault 1 with the right reason, half with another; less 1 for each sound one refused.

        Divided by the documents at fault, and not below 0: refusing everything never pays, nor does letting all pass.
        """
        right, given = self._complete(shape, key), as_mapping(answer, "The answer")
        at_fault = sum(reason != SOUND for reason in right.values())
        earned = 0.0
        for document, reason in right.items():
            said = given.get(document, SOUND)
            if said != SOUND:
                earned += 1 if said == reason else -1 if reason == SOUND else 0.5
        return max(0.0, earned / at_fault)

    def _choice(self, shape: Shape, option: object) -> str:
        return SOUND if option == SOUND else super()._choice(shape, option)

    def _number(self, order: list[str], option: str) -> int:
        return SOUND_NUMBER if option == SOUND else super()._number(order, option)

    def _option(self, order: list[str], number: object) -> str:
        is_sound = number == SOUND_NUMBER and not isinstance(number, bool)
        return SOUND if is_sound else super()._option(order, number)
