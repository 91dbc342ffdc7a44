"""From what was seen to y and R on the logit scale, one function for each kind of evidence.

R is an error variance: what the reading would scatter by if the same person were seen again. The figures by default are
policy until retest data exist.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

PER_CASES = 1000


class Reading(NamedTuple):
    """y and R for the competency filter."""

    y: float
    variance: float


@dataclass(frozen=True)
class EvidenceSettings:
    """Spread of ability in the group ratings are standardised in (logits), and how far each source is trusted.

    `supervisor_reliability`: correlation of two supervisors' ratings of one person (0.52). `rater_sd`: spread of
    severity between assessors, once per assessor. `citizen_sd`: a floor, so that no volume of reviews swamps an exam.
    """

    mean: float = 0.0
    sd: float = 1.5
    supervisor_reliability: float = 0.52
    rater_sd: float = 0.5
    citizen_sd: float = 1.0

    def __post_init__(self) -> None:
        if not (self.sd > 0 and 0 < self.supervisor_reliability < 1 and self.rater_sd >= 0 and self.citizen_sd > 0):
            raise ValueError("Spreads are above 0, a reliability lies between 0 and 1.")


DEFAULT_EVIDENCE_SETTINGS = EvidenceSettings()


def exam_reading(theta: float, se: float) -> Reading:
    """A weighted likelihood estimate and its error; never a posterior mean, whose prior would count twice."""
    return Reading(theta, _variance(se))


def rubric_reading(
    theta: float,
    se: float,
    *,
    severity: float = 0.0,
    severity_se: float | None = None,
    settings: EvidenceSettings = DEFAULT_EVIDENCE_SETTINGS,
) -> Reading:
    """Ratings of one assessor on one occasion, corrected for severity (logits above the average assessor).

    R = SE^2 + omega^2, omega^2 once and not per criterion. Where the severity was estimated (`severity_se`), what is
    left of omega^2 is the variance of that estimate after shrinking: omega^2 se^2 / (omega^2 + se^2).
    """
    omega = settings.rater_sd**2
    if severity_se is not None:
        error = _variance(severity_se)
        omega = omega * error / (omega + error) if omega else 0.0
    return Reading(theta + severity, _variance(se) + omega)


def supervisor_reading(
    rating: float, group_mean: float, group_sd: float, settings: EvidenceSettings = DEFAULT_EVIDENCE_SETTINGS
) -> Reading:
    """A supervisor's rating, standardised in its group: y = mean + z sd / sqrt(r), R = sd^2 (1 - r) / r.

    Ratings of reliability r scatter by sd^2 / r on the scale of the ability they stand for.
    """
    if not group_sd > 0:
        raise ValueError("A supervisor who rates everybody alike tells nothing.")
    r = settings.supervisor_reliability
    z = (rating - group_mean) / group_sd
    return Reading(settings.mean + z * settings.sd / math.sqrt(r), settings.sd**2 * (1 - r) / r)


def citizen_reading(
    bad_reviews: int,
    cases: int,
    *,
    expected_per_1000: float,
    spread_per_1000: float,
    design_effect: float = 1.0,
    settings: EvidenceSettings = DEFAULT_EVIDENCE_SETTINGS,
) -> Reading:
    """Coded, person-attributable bad reviews per 1,000 cases against what matter and window lead one to expect.

    y = mean - sd (rate - expected) / spread, `spread_per_1000` the standard deviation of true rates between people.
    R = s^2 / n_eff + omega^2, s^2 the variance one case adds to y, n_eff = cases / design effect. To be shown beside:
    the public neither confirms nor lowers a level by itself. Raises ValueError for impossible counts.
    """
    if cases < 1 or not 0 <= bad_reviews <= cases or not 0 < expected_per_1000 < PER_CASES:
        raise ValueError("There are one or more cases, and no more bad reviews than cases.")
    if not (spread_per_1000 > 0 and design_effect >= 1):
        raise ValueError("The spread is above 0 and the design effect 1 or more.")
    unit = settings.sd / spread_per_1000
    share = expected_per_1000 / PER_CASES
    per_case = (unit * PER_CASES) ** 2 * share * (1 - share)
    y = settings.mean - unit * (PER_CASES * bad_reviews / cases - expected_per_1000)
    return Reading(y, per_case * design_effect / cases + settings.citizen_sd**2)


def _variance(se: float) -> float:
    if not (math.isfinite(se) and se > 0):
        raise ValueError("A standard error is a number above 0.")
    return se * se
