"""Explanations: the weights are exact, and what would change the estimate most is true."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.competencies.rules import Evidence, FilterSettings, explain, filter_evidence, level_held, predict

CUTS = (-2.0, -0.7, 0.7, 2.0)
DAY = date(2026, 1, 15)
PIECES = st.tuples(
    st.floats(-5, 5),
    st.floats(0.05, 5),
    st.integers(0, 60).map(lambda steps: DAY + timedelta(steps * 20)),
    st.sampled_from(["exam", "observation", "supervisor"]),
).map(lambda row: Evidence(*row))
LATER = DAY + timedelta(1500)
SETTINGS = FilterSettings(start_mean=0.3, baseline=-1.7)


@given(st.lists(PIECES, min_size=1, max_size=10))
def test_the_weights_rebuild_the_estimate(evidence: list[Evidence]) -> None:
    found = explain(evidence, LATER, CUTS, SETTINGS)
    assert found is not None
    rebuilt = found.start_weight * 0.3 + found.baseline_weight * -1.7
    rebuilt += sum(share.weight * share.evidence.y for share in found.shares)
    assert rebuilt == pytest.approx(found.state.mean, abs=1e-9)
    assert len(found.shares) == len(evidence)
    assert min(found.start_weight, found.baseline_weight + 1e-12, *(share.weight for share in found.shares)) >= 0
    assert sum(found.probabilities) == pytest.approx(1)


def test_a_weight_is_what_a_better_result_would_have_added() -> None:
    evidence = [Evidence(0.5, 0.3, DAY, ident=1), Evidence(1.0, 0.5, DAY + timedelta(90), ident=2)]
    found = explain(evidence, LATER, CUTS)
    raised = explain([evidence[0]._replace(y=1.5), evidence[1]], LATER, CUTS)
    assert found is not None
    assert raised is not None
    assert raised.state.mean - found.state.mean == pytest.approx(found.shares[0].weight)
    assert found.shares[0].weight < found.shares[1].weight


def test_a_single_piece_pulls_the_mean_from_where_it_was() -> None:
    found = explain([Evidence(1.0, 0.25, DAY)], DAY, CUTS)
    assert found is not None
    assert found.shares[0].pull == pytest.approx(found.state.mean)
    assert found.baseline_weight == pytest.approx(0, abs=1e-12)


def test_the_strongest_piece_and_the_surprise_are_the_odd_one() -> None:
    evidence = [Evidence(0.2, 0.3, DAY + timedelta(day), ident=day) for day in (0, 5, 10)]
    found = explain([*evidence, Evidence(-5, 0.3, DAY + timedelta(20), ident="odd")], LATER, CUTS)
    assert found is not None
    assert found.strongest.evidence.ident == "odd"
    assert [share.surprise for share in found.shares] == [False, False, False, True]


def test_what_came_later_is_not_known_yet() -> None:
    evidence = [Evidence(0.5, 0.3, DAY), Evidence(2.5, 0.3, DAY + timedelta(90))]
    assert explain(evidence, DAY + timedelta(89), CUTS) == explain(evidence[:1], DAY + timedelta(89), CUTS)
    assert explain(evidence, DAY - timedelta(1), CUTS) is None


@given(st.lists(PIECES, min_size=1, max_size=5))
def test_the_result_named_as_needed_just_brings_the_next_level(evidence: list[Evidence]) -> None:
    found = explain(evidence, LATER, CUTS)
    assert found is not None
    assert [prospect.sd_after for prospect in found.prospects] == sorted(p.sd_after for p in found.prospects)
    variances = {"exam": 0.3, "observation": 0.55}
    held = level_held(predict(filter_evidence(evidence)[-1].after, LATER), CUTS)
    for prospect in found.prospects:
        if prospect.y_needed is None:
            assert held == 5
            continue
        results = [
            filter_evidence([*evidence, Evidence(prospect.y_needed + by, variances[prospect.kind], LATER)])[-1].after
            for by in (-0.001, 0.001)
        ]
        assert math.sqrt(results[0].variance) == pytest.approx(prospect.sd_after)
        assert level_held(results[0], CUTS) <= held < level_held(results[1], CUTS)
