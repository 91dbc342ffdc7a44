"""Linking two calibrations: known constants come back, drifted items are found and left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.calibration import Model, calibrate
from assessments.scoring.graded import Items, expected_category
from assessments.scoring.linking import SAME, Link, drift, mean_mean, mean_sigma, purified_link, stocking_lord
from tests.rules.simulated import graded_answers


def old_items(seed: int = 41, count: int = 12) -> Items:
    rng = np.random.default_rng(seed)
    steps = [np.sort(rng.normal(0, 1.3, k))[::-1] for k in rng.integers(1, 4, count)]
    return Items.of(rng.uniform(0.6, 2, count), steps)


def on_other_scale(items: Items, scale: float, shift: float) -> Items:
    """The same items for theta_new = (theta_old - shift) / scale."""
    return Items(items.a * scale, items.d + items.step_slopes * shift, items.item)


@given(st.floats(0.5, 2), st.floats(-2, 2), st.integers(0, 500))
@settings(max_examples=25, deadline=None)
def test_known_constants_come_back(scale: float, shift: float, seed: int) -> None:
    old = old_items(seed)
    new = on_other_scale(old, scale, shift)
    for link in (mean_sigma(old, new), stocking_lord(old, new), purified_link(old, new)[0]):
        assert link.scale == pytest.approx(scale, rel=1e-4)
        assert link.shift == pytest.approx(shift, abs=1e-4)
        assert link.items(new).a == pytest.approx(old.a, rel=1e-4)
        assert link.items(new).d == pytest.approx(old.d, abs=1e-3)


def test_a_linked_item_says_the_same_at_the_linked_theta() -> None:
    new, link = old_items(), Link(1.3, -0.4)
    theta = np.linspace(-3, 3, 7)
    assert expected_category(link.items(new), link.theta(theta)) == pytest.approx(expected_category(new, theta))
    assert link.error([0.2]) == pytest.approx([0.26])


def test_rasch_keeps_its_unit() -> None:
    old = Items.of(np.ones(4), [0.5, 0.0, -0.5, 1.0])
    link = mean_mean(old, Items(old.a, old.d + 0.3, old.item))
    assert (link.scale, link.shift) == (pytest.approx(1), pytest.approx(0.3))


def test_no_constants_do_better_by_stocking_and_lords_measure() -> None:
    """Brute force over a grid of constants, on two noisy calibrations."""
    rng = np.random.default_rng(42)
    old = Items.of(rng.uniform(0.7, 1.8, 6), rng.normal(0, 1, 6))
    new = Items.of(old.a * rng.lognormal(0.2, 0.15, 6), old.d + rng.normal(0.3, 0.25, 6))
    theta = np.linspace(-6, 6, 61)
    weight = np.exp(-(theta**2) / 2)

    def measure(scale: float, shift: float) -> float:
        gap = (expected_category(Link(scale, shift).items(new), theta) - expected_category(old, theta)).sum(axis=0)
        return float(weight @ gap**2)

    found = stocking_lord(old, new)
    best = measure(found.scale, found.shift)
    for reach in (0.3, 0.003):
        offsets = np.linspace(-reach, reach, 21)
        tried = [measure(found.scale + by, found.shift + also) for by in offsets for also in offsets]
        assert best <= min(tried) + 1e-12


def test_an_item_that_drifted_is_found_and_left_out() -> None:
    """Seed 43; two cohorts of 3,000, the second abler by 0.5 and more spread by 1.2; one of 15 items got harder by
    0.8."""
    rng = np.random.default_rng(43)
    truth = Items.of(rng.uniform(0.8, 1.6, 15), rng.normal(0, 1, 15))
    changed = Items(truth.a, truth.d - np.where(np.arange(15) == 4, 0.8 * truth.a, 0), truth.item)
    first = calibrate(graded_answers(rng, truth, rng.normal(size=3000)), Model.TWO_PL)
    second = calibrate(graded_answers(rng, changed, 0.5 + 1.2 * rng.normal(size=3000)), Model.TWO_PL)
    assert first.items is not None
    assert second.items is not None
    link, kept = purified_link(first.items, second.items)
    assert 4 not in kept
    assert kept.size >= 13
    assert link.scale == pytest.approx(1.2, abs=0.08)
    assert link.shift == pytest.approx(0.5, abs=0.08)
    errors = np.full(15, 0.08)
    report = drift(first.items, second.items, link, old_errors=errors, new_errors=errors)
    assert [found.item for found in report if found.drifted] == [4]
    assert report[4].difference == pytest.approx(0.8, abs=0.2)
    assert abs(report[4].z) > 5


def test_without_errors_there_is_no_z() -> None:
    assert np.isnan(drift(old_items(), old_items(), SAME)[0].z)
    assert not any(found.drifted for found in drift(old_items(), old_items(), SAME))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (Items.of(np.ones(3), np.zeros(3)), Items.of(np.ones(4), np.zeros(4)), "same items"),
        (Items.of(np.ones(2), [0.0, 1.0]), Items.of(np.ones(2), [0.0, 1.0]), "3 common items"),
        (Items.of([1, 1, -1], [0.0, 1.0, 2.0]), Items.of(np.ones(3), [0.0, 1.0, 2.0]), "slope of 0 or below"),
        (Items.of(np.ones(3), np.zeros(3)), Items.of(np.ones(3), np.zeros(3)), "one difficulty"),
    ],
)
def test_what_carries_no_link_is_refused(old: Items, new: Items, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        mean_sigma(old, new)
