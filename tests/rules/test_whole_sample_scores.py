"""EAP and WLE of many people at once: the same as one by one, and sensible whatever the answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import ability
from assessments.scoring.graded import Items, item_curves, log_chances
from assessments.scoring.marginal import Grid
from assessments.scoring.responses import MISSING, Responses
from assessments.scoring.scores import eap, wle
from tests.rules.simulated import graded_answers

FORMS = st.integers(0, 10_000)


def form(seed: int, count: int = 6) -> Items:
    rng = np.random.default_rng(seed)
    intercepts = [np.sort(rng.normal(0, 1.5, rng.integers(1, 4)))[::-1] for _ in range(count)]
    return Items.of(rng.uniform(0.4, 2.5, count), intercepts)


@given(FORMS)
@settings(max_examples=40, deadline=None)
def test_papers_of_two_categories_score_as_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, d = rng.uniform(0.4, 2.5, 7), rng.normal(0, 1.5, 7)
    codes = rng.integers(-1, 2, (6, 7))
    codes[:, 0] = 1
    scores, posterior = (
        wle(Items.of(a, d), Responses.of(codes)),
        eap(Items.of(a, d), Responses.of(codes), Grid.normal()),
    )
    for row, answers in enumerate(codes):
        given_items = answers != MISSING
        alone = ability.wle(a[given_items], d[given_items], answers[given_items])
        assert scores.theta[row] == pytest.approx(alone.theta, abs=1e-5)
        assert scores.se[row] == pytest.approx(alone.se, rel=1e-4)
        middle = ability.eap(a[given_items], d[given_items], answers[given_items])
        assert posterior.theta[row] == pytest.approx(middle.theta, abs=1e-4)
        assert posterior.se[row] == pytest.approx(middle.se, abs=1e-4)


@given(FORMS)
@settings(max_examples=40, deadline=None)
def test_the_estimate_is_a_root_of_the_weighted_score(seed: int) -> None:
    items = form(seed)
    responses = graded_answers(np.random.default_rng(seed), items, np.linspace(-3, 3, 8))
    found = wle(items, responses)
    step = 1e-5
    for row, theta in enumerate(found.theta):
        curves = item_curves(items, [theta])
        low, high = (log_chances(items, [theta + by]) for by in (-step, step))
        slope = sum(
            (above[answer, 0] - below[answer, 0]) / (2 * step)
            for answer, below, above in zip(responses.codes[row], low, high, strict=True)
        )
        assert slope + curves.tilt.sum() / (2 * curves.information.sum()) == pytest.approx(0, abs=1e-4)


@given(FORMS)
@settings(max_examples=40, deadline=None)
def test_lowest_and_highest_answers_are_finite_and_ends(seed: int) -> None:
    items = form(seed)
    rng = np.random.default_rng(seed)
    between = graded_answers(rng, items, rng.normal(size=5)).codes
    found = wle(items, Responses.of(np.vstack([np.zeros(6, int), items.steps, between])))
    assert np.all(np.isfinite(found.theta))
    assert np.all(found.se > 0)
    assert found.theta[0] <= found.theta[2:].min() + 1e-9
    assert found.theta[1] >= found.theta[2:].max() - 1e-9


@given(FORMS, st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_higher_category_never_lowers_the_posterior(seed: int, item: int) -> None:
    items = form(seed)
    codes = graded_answers(np.random.default_rng(seed), items, np.zeros(1)).codes
    codes[0, item] = 0
    higher = codes.copy()
    higher[0, item] = 1
    both = eap(items, Responses.of(np.vstack([codes, higher])), Grid.normal())
    assert both.theta[1] > both.theta[0]


@given(FORMS)
@settings(max_examples=40, deadline=None)
def test_the_posterior_mean_lies_between_prior_and_data(seed: int) -> None:
    """Between the prior's 0 and the maximum of the likelihood, for which all answers but the ends have one."""
    items = form(seed)
    responses = graded_answers(np.random.default_rng(seed), items, np.array([-2.0, 2.0]))
    theta = np.linspace(-12, 12, 4801)
    chances = log_chances(items, theta)
    found = eap(items, responses, Grid.normal(121))
    for row, answers in enumerate(responses.codes):
        likelihood = sum(chances[item][answer] for item, answer in enumerate(answers))
        posterior = likelihood - theta**2 / 2
        mode, best = theta[np.argmax(posterior)], theta[np.argmax(likelihood)]
        # the mode lies between exactly; the mean differs from it by the posterior's skew only
        assert min(0, best) - 1e-9 <= mode <= max(0, best) + 1e-9
        assert abs(found.theta[row] - mode) < 0.5 * found.se[row]
        assert found.se[row] < 1


def test_a_row_without_answers_is_the_prior_and_no_estimate() -> None:
    items = form(3, 2)
    blank = Responses.of([[MISSING, MISSING], [0, 1]])
    posterior, weighted = eap(items, blank, Grid.normal(sd=1.5)), wle(items, blank)
    assert posterior.theta[0] == pytest.approx(0, abs=1e-9)
    assert posterior.se[0] == pytest.approx(1.5, abs=1e-3)
    assert np.isnan(weighted.theta).tolist() == [True, False]


def test_items_that_tell_nothing_give_no_estimate() -> None:
    assert np.isnan(wle(Items.of([0.0, 0.0], [0.2, 0.1]), Responses.of([[1, 0]])).theta[0])


def test_an_item_keyed_the_other_way_round_counts_the_other_way_round() -> None:
    items = Items.of([1.0, -1.0, 1.0], [0.0, 0.0, 0.5])
    found = wle(items, Responses.of([[1, 0, 1], [0, 1, 0], [1, 1, 1]]))
    assert found.theta[0] > found.theta[2] > found.theta[1]


def test_answers_must_fit_the_items() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        wle(Items.of([1.0], [0.0]), Responses.of([[2]]))
    with pytest.raises(ValueError, match="do not fit"):
        eap(Items.of([1.0], [0.0]), Responses.of([[1, 1]]), Grid.normal())


def test_errors_are_as_large_as_they_say() -> None:
    """Seed 37: 4,000 people, 40 items; coverage of WLE +- 1.96 SE, and of the posterior."""
    rng = np.random.default_rng(37)
    items = Items.of(rng.lognormal(0, 0.3, 40), rng.normal(0, 1, 40))
    truth = rng.normal(size=4000)
    responses = graded_answers(rng, items, truth, missing=0.2)
    for found in (wle(items, responses), eap(items, responses, Grid.normal(41))):
        assert np.mean(np.abs(found.theta - truth) < 1.96 * found.se) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(
    ("codes", "weights"),
    [([[]], None), ([[-2]], None), ([[0.5]], None), ([[1]], [0]), ([[1]], [1, 2]), ([[200]], None)],
)
def test_impossible_answers_are_refused(codes: list[list[float]], weights: list[float] | None) -> None:
    with pytest.raises(ValueError, match=r"answers|category|row"):
        Responses.of(codes, weights)
