"""From the ratings of one observation to a measurement that the competency filter takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessments.scoring.rating import wle_ratings


@dataclass(frozen=True, slots=True)
class RubricSettings:
    """`rater_sd`: how far two raters of the same work differ, in logits. Policy until second ratings are many."""

    rater_sd: float = 0.5


DEFAULT_RUBRIC_SETTINGS = RubricSettings()


class Measurement(NamedTuple):
    """What one observation measured, on the framework's logit scale, and its error variance."""

    y: float
    variance: float


def measure(
    ratings: Sequence[int | None], cuts: Sequence[float], settings: RubricSettings = DEFAULT_RUBRIC_SETTINGS
) -> Measurement | None:
    """Measure a competency by the ratings of its criteria, 1 to 5; None = not observed, and left out.

    Rating k means "worked as a person of level k does", so the steps of the rating scale model stand at the cuts:
    at c_k the ratings k - 1 and k are equally likely. All criteria count alike. The rater's severity is taken as
    0: it can only be told from the person's ability where raters share people (a connected design), and the page
    must say so. Instead rater_sd^2 is added, once for the observation and not per rating, because one rater's ratings
    of one hour err together and more criteria do not cure that. Returns None where nothing was observed. Raises
    ValueError for a rating off the scale.
    """
    observed = [rating for rating in ratings if rating is not None]
    if not observed:
        return None
    ability = wle_ratings(observed, cuts)
    return Measurement(ability.theta, ability.se**2 + settings.rater_sd**2)
