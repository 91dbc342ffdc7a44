"""The analysis of a bank as a whole, by simulation: fit of random papers, the link, drift, and what is named wrong."""

import math

import numpy as np
import pytest

from assessments.scoring.analysis import Known, NothingToEstimate, analyse
from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.graded import Items
from assessments.scoring.residuals import residuals
from assessments.scoring.responses import MISSING, Responses
from assessments.scoring.screening import Findings, Trouble, is_usable, rank, troubles
from tests.rules.simulated import graded_answers

SOUND = Findings(
    answers=200, needed=100, a=1.0, b=0.2, se_b=0.15, share=0.6, point_biserial=0.3, infit=1.0, fit_p=0.4,
    drifted=False, rival=False,
)  # fmt: skip


def rasch(items: int, seed: int) -> tuple[np.random.Generator, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng, rng.normal(0, 1, items)


def answers_to(
    rng: np.random.Generator, a: np.ndarray, b: np.ndarray, people: int, *, missing: float = 0.0, mean: float = 0.0
) -> Responses:
    return graded_answers(rng, Items.of(a, list(-a * b)), rng.normal(mean, 1, people), missing=missing)


def unknown(judged: np.ndarray) -> Known:
    nothing = np.full(judged.size, np.nan)
    return Known(judged, nothing, nothing, nothing)


@pytest.mark.parametrize(("model", "parameters", "missing"), [(Model.RASCH, 1, 0.5), (Model.TWO_PL, 2, 0.0)])
def test_sound_items_seldom_fail_the_groups_test(model: Model, parameters: int, missing: float) -> None:
    """400 items of 20 made-up samples (seeds 0-19, 600 people, 20 items): about one in twenty below 0.05."""
    found = []
    for seed in range(20):
        rng, b = rasch(20, seed)
        a = np.ones(20) if model is Model.RASCH else rng.lognormal(0, 0.3, 20)
        responses = answers_to(rng, a, b, 600, missing=missing)
        result = calibrate(responses, model)
        assert result.items is not None
        found += residuals(result.items, responses, result.grid, parameters=parameters)
    assert np.mean([one.p < 0.05 for one in found]) == pytest.approx(0.05, abs=0.035)
    assert np.mean([one.infit for one in found]) == pytest.approx(1, abs=0.01)
    assert np.mean([one.outfit for one in found]) == pytest.approx(1, abs=0.02)


def test_an_item_of_another_slope_misfits_rasch() -> None:
    rng, b = rasch(20, 5)
    a = np.ones(20)
    a[4], a[9] = 0.2, 2.8
    responses = answers_to(rng, a, b, 1500, missing=0.4)
    result = calibrate(responses, Model.RASCH)
    assert result.items is not None
    found = residuals(result.items, responses, result.grid, parameters=1)
    assert (found[4].p < 0.001, found[9].p < 0.001) == (True, True)
    assert found[4].infit > 1.1 > 0.95 > found[9].infit


def test_equal_rows_counted_once_say_the_same() -> None:
    rng, b = rasch(5, 6)
    responses = answers_to(rng, np.ones(5), b, 400)
    result = calibrate(responses, Model.RASCH)
    assert result.items is not None
    plain = residuals(result.items, responses, result.grid, parameters=1)
    weighted = residuals(result.items, responses.collapsed()[0], result.grid, parameters=1)
    for one, other in zip(plain, weighted, strict=True):
        assert (one.infit, one.outfit) == (pytest.approx(other.infit), pytest.approx(other.outfit))


def test_few_answers_lean_on_the_judgement() -> None:
    """80 people: with the authors' difficulties (off by 0.4) as prior the error is smaller than without."""
    plain, leaning = [], []
    for seed in range(10):
        rng, b = rasch(20, seed)
        judged = b + rng.normal(0, 0.4, 20)
        responses = answers_to(rng, np.ones(20), b, 80, missing=0.4)
        found = analyse(responses, Model.RASCH, unknown(judged))
        free = calibrate(responses, Model.RASCH)
        assert found.small
        assert free.items is not None
        plain.append(np.std(-free.items.d - b))
        leaning.append(np.std(found.b - b))
    assert np.mean(leaning) < 0.85 * np.mean(plain)


def test_two_slopes_are_put_on_the_scale_that_was_judged() -> None:
    rng, b = rasch(30, 8)
    a = rng.lognormal(0, 0.25, 30)
    found = analyse(answers_to(rng, a, b, 3000, mean=0.8), Model.TWO_PL, unknown(b))
    assert not found.small
    assert np.nanmean(found.a) == pytest.approx(1, abs=0.01)
    assert np.nanmean(found.b) == pytest.approx(b.mean(), abs=1e-6)
    assert np.corrcoef(found.a, a)[0, 1] > 0.9
    assert np.sqrt(np.mean((found.b - b) ** 2)) < 0.15
    assert np.mean(np.abs(found.b - b) < 1.96 * found.se_b + 0.06) > 0.85


def test_a_later_sample_of_abler_people_moves_no_difficulty() -> None:
    rng, b = rasch(20, 9)
    ones = np.ones(20)
    first = analyse(answers_to(rng, ones, b, 800), Model.RASCH, unknown(b))
    known = Known(b, first.a, first.b, first.se_b)
    later = analyse(answers_to(rng, ones, b, 800, mean=1.5), Model.RASCH, known)
    assert later.method == "mean"
    assert np.mean(later.b - first.b) == pytest.approx(0, abs=0.05)
    assert not any(one.drifted for one in later.drifts.values())
    richer = analyse(answers_to(rng, ones, b, 2000, mean=1.0), Model.TWO_PL, known)
    assert richer.method == "curves"
    assert np.nanmean(richer.a) == pytest.approx(1, abs=0.1)


def test_what_shares_nobody_or_says_nothing_is_not_sound() -> None:
    rng, b = rasch(12, 10)
    responses = answers_to(rng, np.ones(12), b, 400)
    apart = responses.codes.copy()
    apart[:200, :6] = MISSING
    apart[200:, 6:] = MISSING
    assert not analyse(Responses.of(apart), Model.RASCH, unknown(b)).is_sound
    alike = np.repeat(responses.codes[:, :1], 2, axis=1)
    alike[:] = 1
    with pytest.raises(NothingToEstimate):
        analyse(Responses.of(alike), Model.RASCH, unknown(b[:2]))


def test_nothing_but_numbers_or_nothing_comes_of_hostile_answers() -> None:
    """All right, all wrong, answered by one, by nobody: NaN where nothing is known, never infinity, no crash."""
    rng, b = rasch(10, 11)
    codes = answers_to(rng, np.ones(10), b, 60).codes.copy()
    codes[:, 0], codes[:, 1] = 1, 0
    codes[1:, 2] = MISSING
    codes[:, 3] = MISSING
    codes[:, 5] = codes[:, 4]
    for model in (Model.RASCH, Model.TWO_PL):
        found = analyse(Responses.of(codes), model, unknown(b))
        assert set(found.columns) == {4, 5, 6, 7, 8, 9}
        for column in (found.a, found.b, found.se_a, found.se_b):
            assert np.isnan(column[:4]).all()
            assert not np.isinf(column).any()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"point_biserial": -0.1}, [Trouble.NEGATIVE]),
        ({"point_biserial": -0.05}, [Trouble.WEAK]),
        ({"a": -0.4}, [Trouble.NEGATIVE, Trouble.NO_ESTIMATE]),
        ({"drifted": True, "fit_p": 0.001}, [Trouble.DRIFT, Trouble.MISFIT]),
        ({"infit": 1.31}, []),
        ({"infit": 1.31, "fit_p": 0.04}, [Trouble.MISFIT]),
        ({"infit": 0.6, "fit_p": None}, [Trouble.MISFIT]),
        ({"rival": True}, [Trouble.RIVAL]),
        ({"answers": 99}, [Trouble.TOO_FEW]),
        ({"b": None}, [Trouble.NO_ESTIMATE]),
        ({"se_b": math.nan}, [Trouble.NO_ESTIMATE]),
        ({"b": 6.5, "share": 0.01}, [Trouble.NO_ESTIMATE, Trouble.EXTREME]),
        ({"point_biserial": 0.05}, [Trouble.WEAK]),
    ],
)
def test_troubles_are_named_worst_first(facts: dict, expected: list[Trouble]) -> None:
    found = Findings(**{name: getattr(SOUND, name) for name in Findings.__slots__} | facts)
    assert troubles(found) == expected
    assert is_usable(found) == (not {Trouble.TOO_FEW, Trouble.NO_ESTIMATE} & set(expected))
    assert rank(["misfit", "drift"]) < rank(["misfit"]) < rank([])
