"""What a calibration says of data that tell little, and what it does with judged difficulties."""

import numpy as np
import pytest

from assessments.scoring.calibration import Calibration, Caution, Model, Warned, calibrate
from assessments.scoring.graded import Items
from assessments.scoring.priors import Priors
from assessments.scoring.responses import MISSING, Responses
from tests.rules.references import answers, flat, naive_loglik, science
from tests.rules.simulated import graded_answers


def cautions(found: Calibration) -> dict[Caution, tuple[int, ...]]:
    return {warned.caution: warned.columns for warned in found.warnings}


@pytest.fixture
def table() -> np.ndarray:
    rng = np.random.default_rng(16)
    truth = Items.of(np.ones(6), rng.normal(0, 0.7, 6))
    return graded_answers(rng, truth, rng.normal(size=200)).codes


def test_what_everybody_answered_alike_is_set_aside_and_changes_nothing(table: np.ndarray) -> None:
    without = calibrate(Responses.of(table[:, [0, 1, 3, 4, 5]]), Model.TWO_PL)
    table[:, 2] = 1
    found = calibrate(Responses.of(table), Model.TWO_PL)
    assert cautions(found) == {Caution.CONSTANT: (2,)}
    assert found.used.tolist() == [0, 1, 3, 4, 5]
    assert found.loglik == pytest.approx(without.loglik)


def test_a_single_answer_is_no_estimate(table: np.ndarray) -> None:
    table[1:, 3] = MISSING
    assert cautions(calibrate(Responses.of(table), Model.RASCH)) == {Caution.CONSTANT: (3,)}


def test_all_right_people_count_like_others(table: np.ndarray) -> None:
    table[:40] = 1
    assert calibrate(Responses.of(table), Model.TWO_PL).converged


def test_nothing_but_right_answers_is_nothing_to_estimate(table: np.ndarray) -> None:
    found = calibrate(Responses.of(np.ones_like(table)), Model.TWO_PL, errors=True)
    assert found.items is None
    assert not found.converged
    assert Caution.NOBODY_LEFT in cautions(found)


def test_groups_that_share_nobody_are_named(table: np.ndarray) -> None:
    table[:100, :3] = MISSING
    table[100:, 3:] = MISSING
    found = calibrate(Responses.of(table), Model.RASCH)
    assert found.warnings[:2] == (Warned(Caution.DISCONNECTED, (0, 1, 2)), Warned(Caution.DISCONNECTED, (3, 4, 5)))


def test_two_items_alone_tell_no_slopes(table: np.ndarray) -> None:
    assert cautions(calibrate(Responses.of(table[:, :2]), Model.TWO_PL)) == {Caution.TOO_FEW_ITEMS: (0, 1)}


def test_a_perfect_staircase_does_not_pretend_to_converge() -> None:
    stairs = Responses.of(np.tril(np.ones((7, 6)), -1), np.full(7, 20.0))
    found = calibrate(stairs, Model.TWO_PL, errors=True)
    assert not found.converged
    assert Caution.DIVERGED in cautions(found)
    assert np.all(np.isfinite(flat(found)))


def test_an_item_that_ran_to_the_limit_does_not_turn_the_scale(table: np.ndarray) -> None:
    """Two answers put no bound to the slope of an item; however steep, it is one against five."""
    for chosen in ([1, 0], [0, 1]):
        codes = table.copy()
        codes[:, 2] = MISSING
        able, weak = np.argmax(table.sum(axis=1)), np.argmin(table.sum(axis=1))
        codes[[able, weak], 2] = chosen
        found = calibrate(Responses.of(codes), Model.TWO_PL)
        assert found.items is not None
        assert cautions(found)[Caution.DIVERGED] == (2,)
        assert np.all(found.items.a[[0, 1, 3, 4, 5]] > 0)


def test_most_items_say_which_way_is_up() -> None:
    """Seed 21: two steep items against three flatter ones that are keyed the other way round."""
    rng = np.random.default_rng(21)
    truth = Items.of([3, 3, -1, -1, -1], [0, 0.5, 0, 0.5, -0.5])
    found = calibrate(graded_answers(rng, truth, rng.normal(size=3000)), Model.TWO_PL)
    assert found.items is not None
    assert np.sign(found.items.a).tolist() == [-1, -1, 1, 1, 1]


def test_an_unused_middle_category_is_skipped_and_said() -> None:
    responses = science()
    with_gap = np.where(responses.codes >= 2, responses.codes + 1, responses.codes)
    one, other = calibrate(responses, Model.GRADED), calibrate(Responses.of(with_gap), Model.GRADED)
    assert cautions(other) == {Caution.UNUSED_CATEGORIES: (0, 1, 2, 3)}
    assert other.loglik == pytest.approx(one.loglik)
    assert other.categories[0].tolist() == [0, 1, 3, 4]


def test_no_differences_in_ability_are_said_to_be_none() -> None:
    rng = np.random.default_rng(18)
    coins = rng.random((400, 3)) < 0.5
    found = calibrate(Responses.of(np.hstack([coins, ~coins]).astype(int)), Model.RASCH)
    assert Caution.NO_VARIANCE in cautions(found)
    assert found.sd < 0.01
    assert found.converged


def test_three_categories_need_the_graded_model(table: np.ndarray) -> None:
    table[0, 0] = 2
    with pytest.raises(ValueError, match="graded"):
        calibrate(Responses.of(table), Model.TWO_PL)


def test_too_few_nodes_are_refused(table: np.ndarray) -> None:
    with pytest.raises(ValueError, match="7 nodes"):
        calibrate(Responses.of(table), Model.TWO_PL, nodes=5)


def test_steep_items_get_finer_nodes() -> None:
    """Seed 19: a slope of 4."""
    rng = np.random.default_rng(19)
    truth = Items.of([4.5, 1, 1, 1.5, 1], np.zeros(5))
    responses = graded_answers(rng, truth, rng.normal(size=2000))
    assert calibrate(responses, Model.TWO_PL).nodes == 121
    assert Caution.COARSE_NODES in cautions(calibrate(responses, Model.TWO_PL, nodes=61))


def test_judged_difficulties_hold_a_small_cohort_near_them_and_give_way_to_data() -> None:
    """Seed 20: true difficulties differ from the judged ones by 0.5; 60 and 3,000 people."""
    rng = np.random.default_rng(20)
    judged = rng.normal(0, 1, 12)
    truth = Items.of(np.ones(12), -(judged + rng.normal(0, 0.5, 12)))
    for people, plain_is_worse in ((60, True), (3000, False)):
        responses = graded_answers(rng, truth, rng.normal(size=people))
        priors = Priors.of(judged, difficulty_sd=0.5)
        prior, plain = calibrate(responses, Model.TWO_PL, priors=priors), calibrate(responses, Model.TWO_PL)
        errors = []
        for found in (prior, plain):
            assert found.items is not None
            errors.append(np.sqrt(np.mean((found.items.d / found.items.a - truth.d / truth.a) ** 2)))
        assert prior.converged
        if plain_is_worse:
            assert errors[0] < 0.75 * errors[1]
        else:
            assert errors[0] == pytest.approx(errors[1], abs=0.02)


@pytest.mark.parametrize("model", [Model.RASCH, Model.ONE_PL, Model.TWO_PL])
def test_the_posterior_mode_is_where_likelihood_and_prior_balance(model: Model) -> None:
    """No nearby parameters have a higher log-likelihood plus log prior (LSAT7 cut to a tenth)."""
    full = answers("LSAT7")
    responses = Responses.of(full.codes, full.weights / 10)
    judged = np.array([-1.0, 0.0, np.nan, 0.5, -2.0])
    found = calibrate(responses, model, priors=Priors.of(judged, difficulty_sd=0.6))
    assert found.items is not None

    def objective(values: np.ndarray) -> float:
        slopes, d = (np.full(5, values[0]), values[1:]) if model is not Model.TWO_PL else (values[:5], values[5:])
        b = -d if model is Model.RASCH else -d / slopes
        log_prior = -0.5 * np.nansum(((b - judged) / 0.6) ** 2)
        if model is not Model.RASCH:
            log_prior -= 0.5 * np.sum((np.log(slopes if model is Model.TWO_PL else slopes[:1]) / 0.3) ** 2)
        return naive_loglik(np.concatenate([slopes, d]), responses, np.ones(5, dtype=int)) + log_prior

    slopes = found.items.a * found.sd if model is Model.TWO_PL else found.items.a[:1] * found.sd
    best = np.concatenate([slopes, found.items.d])
    for place in range(best.size):
        for shift in (-0.01, 0.01):
            moved = best.copy()
            moved[place] += shift
            assert objective(moved) < objective(best)
