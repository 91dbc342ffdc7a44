"""Which items count and by which model, as answers come in: judged, then Rasch, then 2PL. Policy, told as such."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.calibration import Model


class Stage(StrEnum):
    """How an item stands.

    Pilot: administered, not scored. Judged: scored by its author's and panel's difficulty, whose doubt widens the
    result. Calibrated: scored by its estimates, whose standard errors widen it less; only these are drawn adaptively.
    """

    PILOT = "pilot"
    JUDGED = "judged"
    CALIBRATED = "calibrated"

    @property
    def is_scored(self) -> bool:
        return self is not Stage.PILOT

    @property
    def is_adaptive(self) -> bool:
        return self is Stage.CALIBRATED


@dataclass(frozen=True)
class StageSettings:
    """Answers an item needs for each model, and the standard deviation of a judged difficulty (logits)."""

    rasch_from: int = 100
    two_pl_from: int = 500
    judged_sd: float = 0.7

    def __post_init__(self) -> None:
        if not (0 < self.rasch_from <= self.two_pl_from and self.judged_sd > 0):
            raise ValueError("Two slopes need no fewer answers than one, and a judgement is never certain.")


DEFAULT_STAGES = StageSettings()


def stage_of(answers: int, *, judged: bool, settings: StageSettings = DEFAULT_STAGES) -> Stage:
    """How an item with so many answers stands; `judged`: it has a difficulty by author and panel."""
    if answers >= settings.rasch_from:
        return Stage.CALIBRATED
    return Stage.JUDGED if judged else Stage.PILOT


def model_in_force(answers: ArrayLike, settings: StageSettings = DEFAULT_STAGES) -> Model | None:
    """The richest model that all items with enough answers bear: None (judged difficulties only), Rasch, or 2PL.

    `answers` per item of a bank; those below the least are pilot or judged and do not hold the others back.
    """
    counts = np.asarray(answers)
    enough = counts[counts >= settings.rasch_from]
    if enough.size < 2:
        return None
    return Model.TWO_PL if enough.min() >= settings.two_pl_from else Model.RASCH
