"""Whether a bank fills a blueprint, and sharing questions out by weight."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import AvailableItem, BlueprintRow, DatedItem, feasibility, spread

MARCH = date(2027, 3, 1)


def items(
    number: int, competency: str = "A", level: int = 3, until: date | None = None, first: int = 0
) -> list[DatedItem]:
    return [DatedItem(AvailableItem(first + n, competency, level, "single"), until) for n in range(number)]


def test_a_row_is_told_what_it_needs_and_what_there_is() -> None:
    (state,) = feasibility([BlueprintRow("A", 6, level=3)], items(4))
    assert (state.found, state.seated, state.is_filled, state.is_crowded, state.short_from) == (
        4,
        4,
        False,
        False,
        None,
    )


def test_rows_that_need_the_same_items_are_told_so() -> None:
    rows = [BlueprintRow("A", 3), BlueprintRow("A", 3, level=3)]
    states = feasibility(rows, items(5))
    assert [state.found for state in states] == [5, 5]
    assert sum(state.seated for state in states) == 5
    assert [state.is_crowded for state in states].count(True) == 1


def test_the_first_day_with_too_few_valid_items_is_named() -> None:
    bank = [*items(2), *items(2, until=date(2027, 2, 28), first=10), *items(2, until=date(2027, 6, 30), first=20)]
    (four,) = feasibility([BlueprintRow("A", 4)], bank)
    (five,) = feasibility([BlueprintRow("A", 5)], bank)
    (two,) = feasibility([BlueprintRow("A", 2)], bank)
    assert (four.short_from, five.short_from, two.short_from) == (date(2027, 7, 1), MARCH, None)


def test_no_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="weight"):
        spread(10, {"A": 0})


@given(
    total=st.integers(1, 200),
    weights=st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 100), min_size=1).filter(
        lambda found: any(found.values())
    ),
)
def test_shares_add_up_and_nobody_with_weight_goes_without_while_there_are_enough(
    total: int, weights: dict[str, float]
) -> None:
    shares = spread(total, weights)
    heavy = {name for name, weight in weights.items() if weight > 0}
    assert sum(shares.values()) == total
    assert set(shares) <= heavy
    if total >= len(heavy):
        assert set(shares) == heavy


def test_weights_decide() -> None:
    assert spread(10, {"A": 3, "B": 1, "C": 1}) == {"A": 6, "B": 2, "C": 2}
    assert spread(3, {"A": 98, "B": 1, "C": 1}) == {"A": 1, "B": 1, "C": 1}
