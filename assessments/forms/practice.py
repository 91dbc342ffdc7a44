"""What is sent by somebody who practises: an answer on top of the screen it was given on."""

from collections.abc import Callable

from django.http import QueryDict

from assessments.queries import Question
from assessments.scoring import marking

from .answers import MalformedAnswer, answer_from_form

MOVES = ("up-", "down-")


def practice_answer(question: Callable[[marking.Seen], Question], data: QueryDict) -> marking.Seen:
    """Read the answer that the form of a question was sent with; `question` draws it with an answer that stands.

    What is moved without a script is kept nowhere, so the form says itself in which order it showed the steps. Raises
    MalformedAnswer.
    """
    fresh = question(None)
    orders = {one.number: _order(data, one.prefix, len(one.choices)) for one in fresh.fields if one.is_ordering}
    shown: marking.Seen = orders.get("") if fresh.is_whole else dict(orders) or None
    return answer_from_form(question(shown), data).value


def is_move(data: QueryDict) -> bool:
    """Whether a step was moved without a script, and nothing is to be checked yet."""
    return data.get("action", "").startswith(MOVES)


def _order(data: QueryDict, prefix: str, steps: int) -> list[int]:
    try:
        order = [int(number) for number in data.get(f"{prefix}shown", "").split(",")]
    except ValueError as error:
        raise MalformedAnswer from error
    if sorted(order) != list(range(1, steps + 1)):
        raise MalformedAnswer
    return order
