"""Pilot, judged, calibrated: how an item stands, and the model its bank bears."""

import numpy as np
import pytest

from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.graded import Items
from assessments.scoring.priors import Priors
from assessments.scoring.stages import Stage, StageSettings, model_in_force, stage_of
from tests.rules.simulated import graded_answers


@pytest.mark.parametrize(
    ("answers", "judged", "stage"),
    [
        (0, False, Stage.PILOT),
        (99, False, Stage.PILOT),
        (0, True, Stage.JUDGED),
        (99, True, Stage.JUDGED),
        (100, False, Stage.CALIBRATED),
        (100, True, Stage.CALIBRATED),
    ],
)
def test_an_item_moves_up_with_its_answers(answers: int, judged: bool, stage: Stage) -> None:
    found = stage_of(answers, judged=judged)
    assert found is stage
    assert found.is_scored == (stage is not Stage.PILOT)
    assert found.is_adaptive == (stage is Stage.CALIBRATED)


@pytest.mark.parametrize(
    ("answers", "model"),
    [
        ([], None),
        ([20, 60], None),
        ([20, 150], None),
        ([120, 150, 3], Model.RASCH),
        ([120, 5000], Model.RASCH),
        ([700, 500, 10], Model.TWO_PL),
    ],
)
def test_the_model_grows_with_the_data(answers: list[int], model: Model | None) -> None:
    assert model_in_force(answers) is model


def test_the_counts_are_settings() -> None:
    assert model_in_force([30, 40], StageSettings(rasch_from=30, two_pl_from=40)) is Model.RASCH
    for words in ({"rasch_from": 0}, {"two_pl_from": 50}, {"judged_sd": 0}):
        with pytest.raises(ValueError, match="answers"):
            StageSettings(**words)  # type: ignore[arg-type]  # wrong on purpose


def test_a_difficulty_prior_on_graded_items_is_refused() -> None:
    rng = np.random.default_rng(81)
    items = Items.of([1.0, 1.0, 1.0], [[1.0, -1.0], [0.0], [0.5]])
    responses = graded_answers(rng, items, rng.normal(size=100))
    with pytest.raises(ValueError, match="two categories"):
        calibrate(responses, Model.GRADED, priors=Priors.of([0.0, 0.0, 0.0]))
    assert calibrate(responses, Model.GRADED, priors=Priors.of()).converged


def test_priors_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        Priors.of(difficulty_sd=0)
    with pytest.raises(ValueError, match="standard deviation"):
        Priors.of(log_slope_sd=-1)
