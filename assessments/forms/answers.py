"""What candidates send: an answer from a form or a script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from assessments.queries import Field, Question
from assessments.scoring import marking

MOST_OPTIONS = 50  # of one question; a longer list is not an answer
MOST_PARTS = 50


class MalformedAnswer(ValueError):
    """What was sent does not have the shape of an answer."""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as it was sent: on top of which revision, and what the candidate's screen says."""

    revision: int
    value: marking.Seen


def answer_from_json(body: bytes) -> SentAnswer:
    """Read {"revision": 2, "value": 3 | [1, 4] | "typed" | {"1": ...} | null}; the rest of it is ignored.

    Raises MalformedAnswer.
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer from error
    if not isinstance(sent, dict) or "value" not in sent or not _is_number(sent.get("revision")):
        raise MalformedAnswer
    value = sent["value"]
    parts = value.values() if isinstance(value, dict) and len(value) <= MOST_PARTS else [value]
    if not all(map(_is_simple, parts)):
        raise MalformedAnswer
    return SentAnswer(sent["revision"], value)


def answer_from_form(question: Question, data: QueryDict) -> SentAnswer:
    """Read the answer that the question's form was sent with. Raises MalformedAnswer.

    An ordering that nobody touched is no answer: its steps stand as they were shuffled.
    """
    try:
        revision = int(data.get("revision", ""))
        values = {one.number: _value(one, data) for one in question.fields}
    except (ValueError, KeyError) as error:
        raise MalformedAnswer from error
    if question.is_whole:
        return SentAnswer(revision, values[""])
    given = {number: value for number, value in values.items() if value not in (None, "")}
    return SentAnswer(revision, given or None)


def moved(order: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """Return the steps of `order` with each moved to the place asked for; places are counted from 1.

    A step moved up stands before the one that was there, a step moved down after it, so that changing a single
    select does what it says and two steps never want one place.
    """

    def rank(number: int) -> int:
        old, new = order.index(number) + 1, places.get(number, order.index(number) + 1)
        return 2 * new + (1 if new > old else -1 if new < old else 0)

    return sorted(order, key=rank)


def _value(field: Field, data: QueryDict) -> marking.Seen:
    if field.is_ordering:
        return _ordering(field, data)
    if field.is_typed:
        return data.get(f"{field.prefix}typed") or None
    chosen = [int(number) for number in data.getlist(f"{field.prefix}choice") if number]
    if field.is_multiple:
        return chosen or None
    return chosen[0] if chosen else None


def _ordering(field: Field, data: QueryDict) -> marking.Seen:
    order = [choice.number for choice in field.ordered]
    places = {
        number: int(data.get(f"{field.prefix}place-{number}", place)) for place, number in enumerate(order, start=1)
    }
    action = data.get("action", "")
    for word, step in (("up-", -1), ("down-", 1)):
        if action.startswith(word + field.prefix):
            places[int(action.removeprefix(word + field.prefix))] += step
    wanted = moved(order, places)
    touched = wanted != order or field.answered or action == f"keep-{field.number}".rstrip("-")
    return wanted if touched else None


def _is_simple(value: Any) -> bool:
    """Whether a value is an answer to a whole question or to one part."""
    if isinstance(value, list):
        return len(value) <= MOST_OPTIONS and all(map(_is_number, value))
    return value is None or isinstance(value, str) or _is_number(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
