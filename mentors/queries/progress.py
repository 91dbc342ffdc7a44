"""How far a mentee is by what was observed, and which phase that opens."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mentors.models import Mentorship, ObservationRating

ACCEPTABLE = 3
"""From this rating on an ordinary case was handled without help."""
OPENS_AT = {Mentorship.Phase.SUPERVISED: 25, Mentorship.Phase.SOLO: 50, Mentorship.Phase.READY: 75}
"""Percent of the observed criteria that must be acceptable for the phase to open."""
ALL = 100
"""Percent that handling a matter without a teacher within call asks for."""


@dataclass(frozen=True)
class Progress:
    """How many of the criteria observed so far are acceptable, each by its latest rating."""

    acceptable: int = 0
    observed: int = 0

    @property
    def percent(self) -> int:
        return 100 * self.acceptable // self.observed if self.observed else 0


def progress_of(latest: Mapping[int, int]) -> Progress:
    """Return the progress that the latest ratings, {criterion: 1..5}, amount to."""
    return Progress(sum(rating >= ACCEPTABLE for rating in latest.values()), len(latest))


def next_phase(phase: str, percent: int) -> str | None:
    """Return the phase that opens after `phase` at that share, None when it is not reached; one at a time."""
    order = list(Mentorship.Phase)
    place = order.index(Mentorship.Phase(phase)) + 1
    if place == len(order) or percent < OPENS_AT[order[place]]:
        return None
    return order[place]


def observed_progress(mentorships: Iterable[int]) -> dict[int, Progress]:
    """Return {mentorship: progress} by their observations (one query); one without observations has none yet."""
    ids = list(mentorships)
    latest: dict[int, dict[int, int]] = defaultdict(dict)
    ratings = ObservationRating.objects.filter(observation__mentorship__in=ids, rating__isnull=False)
    ordered = ratings.order_by("observation__observed_on", "observation_id")
    for mentorship, criterion, rating in ordered.values_list("observation__mentorship_id", "criterion_id", "rating"):
        if mentorship is not None and rating is not None:
            latest[mentorship][criterion] = rating
    return {mentorship: progress_of(latest[mentorship]) for mentorship in ids}
