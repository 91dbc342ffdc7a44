"""The next question of an adaptive exam from what was frozen: quotas, lengths, exposure, the same again each time."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from assessments.rules import (
    Lengths,
    PoolItem,
    admitted,
    exposure_limit,
    exposure_rates,
    next_question,
)

FIRST, SECOND = 41, 7  # ids of competencies; their order is not that of the areas


def pool(each: int = 20) -> list[PoolItem]:
    return [
        PoolItem(100 * competency + number, competency, 1.0, -2 + 4 * number / (each - 1), 0.2, number)
        for competency in (FIRST, SECOND)
        for number in range(each)
    ]


def asked_by(items: list[PoolItem], lengths: Lengths, theta: float, seed: int) -> list[int]:
    """Let somebody of that ability take the whole test; return the versions in order."""
    chance, b = np.random.default_rng(seed), {item.version: item.b for item in items}
    asked: list[tuple[int, bool]] = []
    while (version := next_question(items, lengths, asked).version) is not None:
        asked.append((version, bool(chance.random() < expit(theta - b[version]))))
    return [version for version, _right in asked]


def test_the_quotas_hold_at_full_length_and_nothing_is_asked_twice() -> None:
    lengths = Lengths(4, 12, None, {FIRST: 8, SECOND: 4})
    asked = asked_by(pool(), lengths, 0.3, 1)
    assert Counter(version // 100 for version in asked) == {FIRST: 8, SECOND: 4}
    assert len(set(asked)) == 12


def test_it_stops_at_the_error_aimed_at_but_not_before_the_shortest() -> None:
    aimed = Lengths(6, 16, 0.6, {FIRST: 8, SECOND: 8})
    assert 6 <= len(asked_by(pool(), aimed, 0.0, 2)) < 16
    longer = replace(aimed, shortest=15)
    assert len(asked_by(pool(), longer, 0.0, 2)) == 15
    last = [(item.version, True) for item in pool()[:8] + pool()[20:28]]
    assert next_question(pool(), aimed, last).stop == "full"


def test_the_next_question_is_the_most_telling_one_of_the_area_behind() -> None:
    lengths = Lengths(4, 4, None, {FIRST: 2, SECOND: 2})
    first = next_question(pool(), lengths, []).version
    assert first is not None
    second = next_question(pool(), lengths, [(first, True)]).version
    assert second is not None
    assert first // 100 != second // 100
    assert abs(pool()[[item.version for item in pool()].index(first)].b) < 0.2


def test_what_the_lottery_refused_is_asked_only_where_nothing_else_is_left() -> None:
    lengths = Lengths(2, 2, None, {FIRST: 1, SECOND: 1})
    best = next_question(pool(), lengths, []).version
    without = [replace(item, admitted=item.version != best) for item in pool()]
    assert next_question(without, lengths, []).version != best
    nobody = [replace(item, admitted=False) for item in pool()]
    assert next_question(nobody, lengths, []).version == best


def test_the_same_seed_lets_the_same_items_in() -> None:
    rates = {item.version: 0.5 for item in pool()}
    assert admitted(pool(), rates, 5) == admitted(pool(), rates, 5)
    assert admitted(pool(), rates, 5) != admitted(pool(), rates, 6)
    assert admitted(pool(), {}, 5) == [True] * 40


@pytest.mark.parametrize(("there", "limit"), [(200, 0.25), (40, 0.25), (20, 0.5), (10, 1.0), (8, 1.0)])
def test_the_limit_is_as_low_as_the_bank_bears(there: int, limit: float) -> None:
    assert exposure_limit({FIRST: 8}, {FIRST: there}) == pytest.approx(limit)


def test_the_rates_hold_the_limit_for_new_people_and_are_the_same_again() -> None:
    lengths = Lengths(8, 8, None, {FIRST: 4, SECOND: 4})
    items = pool(24)
    rates = exposure_rates(items, lengths)
    assert rates == exposure_rates(items, lengths)
    seen: Counter[int] = Counter()
    people = 300
    for person in range(people):
        let_in = admitted(items, rates, person)
        own = [replace(item, admitted=one) for item, one in zip(items, let_in, strict=True)]
        seen.update(asked_by(own, lengths, float(np.random.default_rng(person + 9000).normal()), person))
    free: Counter[int] = Counter()
    for person in range(people):
        free.update(asked_by(items, lengths, float(np.random.default_rng(person + 9000).normal()), person))
    assert max(free.values()) / people > 0.6
    assert max(seen.values()) / people < 0.25 + 0.15  # the limit, met roughly by ten rounds, and the chance of 300


def test_a_bank_too_small_spares_nothing_and_a_pool_too_small_is_refused() -> None:
    assert exposure_rates(pool(8), Lengths(4, 14, None, {FIRST: 7, SECOND: 7})) == {}
    with pytest.raises(ValueError, match="asks for"):
        next_question(pool(4), Lengths(4, 16, None, {FIRST: 8, SECOND: 8}), [])
