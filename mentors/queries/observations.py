"""One observation as a viewer reads it."""

from dataclasses import dataclass

from mentors import permissions
from mentors.models import Criterion, Observation
from training.lib.texts import text_in
from training.people.models import User


@dataclass(frozen=True)
class RatingLine:
    """A criterion with the step seen and what that step looks like; rating None where it was not observed."""

    criterion: Criterion
    rating: int | None
    anchor: str


@dataclass(frozen=True)
class ObservationView:
    """An observation with its ratings; `comment` is "" for those who may not read it."""

    observation: Observation
    lines: list[RatingLine]
    comment: str

    @property
    def rated(self) -> int:
        return sum(line.rating is not None for line in self.lines)


def observation_view(observation: Observation, *, viewer: User) -> ObservationView:
    """Return the observation for `viewer`: the comment is for the person, the observer, the teacher and the panel."""
    rows = observation.ratings.select_related("criterion").order_by("criterion__position")
    lines = [RatingLine(row.criterion, row.rating, _anchor(row.criterion, row.rating)) for row in rows]
    own = viewer.pk in (observation.person_id, observation.observer_id)
    mentorship = observation.mentorship
    reads = own or (mentorship is not None and permissions.reads_notes(viewer, mentorship))
    return ObservationView(observation, lines, observation.comment if reads else "")


def _anchor(criterion: Criterion, rating: int | None) -> str:
    return text_in(criterion.anchors.get(str(rating)))
