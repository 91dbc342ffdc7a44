"""Kinds marked by people along a guide: an open answer, a scenario played at the window."""

import random
from collections.abc import Mapping, Sequence

from .shape import Answer, MarkingError, Order, Seen, Shape, as_list, as_mapping, check_ids
from .typed import Essay

MOST_POINTS = 100


class Guided:
    """Key: {"criteria": [{"id", "text", "points"}, ...]} and whatever else helps the marker."""

    def check_key(self, _shape: Shape, key: object) -> None:
        points_of(key)

    def credit(self, shape: Shape, _key: object, _answer: Answer) -> float:
        raise MarkingError(f"An item of the kind {shape.kind} is marked by people.")


class OpenAnswer(Guided, Essay):
    """Answer: the text as it was typed."""


class Scenario(Guided):
    """Observed, not written: there is nothing to answer on the screen."""

    def clean(self, _shape: Shape, _value: object) -> Answer:
        raise MarkingError("A scenario is played before an observer, it has no answer.")

    def shown(self, _shape: Shape, _key: object, _chance: random.Random) -> Order:
        return []

    def seen(self, _shape: Shape, _order: Order, _answer: Answer) -> Seen:
        return None

    def meant(self, _shape: Shape, _order: Order, seen: Seen) -> object:
        return seen


def points_of(key: object) -> dict[str, int]:
    """Return {criterion: most points} of a marking guide. Raises MarkingError for a guide nobody could mark by."""
    criteria: Sequence[Mapping[str, object]] = [
        as_mapping(row, "A criterion")
        for row in as_list(as_mapping(key, "The guide").get("criteria"), "The list of criteria")
    ]
    check_ids([str(row.get("id") or "") for row in criteria], 1, "criteria")
    points = {str(row["id"]): row.get("points") for row in criteria}
    whole = {name: most for name, most in points.items() if isinstance(most, int) and not isinstance(most, bool)}
    if len(whole) < len(points) or not all(1 <= most <= MOST_POINTS for most in whole.values()):
        raise MarkingError(f"A criterion has from 1 to {MOST_POINTS} points.")
    return whole


def credit_of_points(key: object, given: Mapping[str, object]) -> float:
    """Return the credit that points given for each criterion come to. Raises MarkingError unless all are given."""
    most = points_of(key)
    if given.keys() != most.keys():
        raise MarkingError("Each criterion is given its points, and no other.")
    total = 0
    for criterion, points in given.items():
        if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= most[criterion]:
            raise MarkingError(f"{criterion} takes from 0 to {most[criterion]} points, not {points!r}.")
        total += points
    return total / sum(most.values())
