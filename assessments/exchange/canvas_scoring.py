"""Which answers the conditions of a QTI 1.2 item reward, and with how much."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from assessments.scoring.marking import as_number
from training.lib.office.trees import child, children, every, words

from .losses import Losses
from .report import Refused, Told

MOST_CONDITIONS = 500


class Conditions:
    """The conditions that set or add a score above 0."""

    def __init__(self, item: Element) -> None:
        rewarded: list[tuple[Element, float]] = []
        for number, condition in enumerate(every(item, "respcondition")):
            if number >= MOST_CONDITIONS:
                raise Refused(Told.OWN_SCORING)
            variable, score = child(condition, "conditionvar"), _score(condition)
            if variable is not None and score > 0:
                rewarded.append((variable, score))
        self._rewarded = rewarded
        self._most = max((score for _variable, score in rewarded), default=0.0)

    def right(self, response: str) -> list[str]:
        """Return the values of a response that earn something, those under a "not" left out."""
        found = (value.strip() for variable, _score in self._rewarded for value in _values(variable, response))
        return list(dict.fromkeys(found))

    def shares(self, response: str) -> dict[str, float]:
        """Return the share of the most that each value earns."""
        found: dict[str, float] = {}
        for variable, score in self._rewarded:
            for value in _values(variable, response):
                found[value.strip()] = max(found.get(value.strip(), 0.0), score / self._most)
        return found

    def words(self, response: str) -> list[tuple[str, float]]:
        return list(self.shares(response).items())

    def ranges(self, response: str, losses: Losses) -> list[tuple[Decimal, Decimal, float]]:
        """Return the ranges of numbers that earn something."""
        found = []
        for variable, score in self._rewarded:
            span = _span(variable, response, losses)
            if span is not None:
                found.append((*span, score / self._most))
        return found


def _score(condition: Element) -> float:
    for setting in children(condition, "setvar"):
        number = as_number(words(setting).strip())
        if number is not None and setting.get("action", "Set") in ("Set", "Add"):
            return float(number)
    return 0.0


def _values(variable: Element, response: str) -> Iterator[str]:
    waiting = list(reversed(list(variable)))
    while waiting:
        element = waiting.pop()
        if element.tag == "varequal" and element.get("respident") == response:
            yield words(element)
        elif element.tag in ("and", "or"):
            waiting.extend(reversed(list(element)))


def _span(variable: Element, response: str, losses: Losses) -> tuple[Decimal, Decimal] | None:
    """Return lowest and highest of the numbers a condition names for a response."""
    numbers: list[Decimal] = []
    for element in every(variable, "varequal", "vargte", "varlte", "vargt", "varlt"):
        number = as_number(words(element).strip())
        if element.get("respident") != response or number is None:
            continue
        if element.tag in ("vargt", "varlt"):
            losses.tell(Told.OPEN_BOUND, number=str(number))
        numbers.append(number)
    return (min(numbers), max(numbers)) if numbers else None
