"""Paper assembly, shuffles, deadlines and which competencies an exam is evidence for."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from assessments.rules import (
    AvailableItem,
    BlueprintRow,
    NotEnoughItems,
    deadline,
    draw_paper,
    evidence_groups,
)

KINDS = ("single", "multiple", "ordering")
ITEMS = st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 2), st.sampled_from(KINDS)), max_size=12).map(
    lambda rows: [AvailableItem(ident, *row) for ident, row in enumerate(rows)]
)
ROWS = st.lists(
    st.builds(
        BlueprintRow,
        st.sampled_from("AB"),
        st.integers(0, 4),
        st.none() | st.integers(1, 2),
        st.none() | st.sampled_from(KINDS),
    ),
    max_size=4,
)


def best_possible(rows: list[BlueprintRow], items: list[AvailableItem]) -> int:
    """How many places can be filled at most, by another method: an optimal assignment."""
    places = [row for row in rows for _ in range(row.count)]
    if not places or not items:
        return 0
    fits = [[int(row.takes(item)) for item in items] for row in places]
    chosen = linear_sum_assignment(fits, maximize=True)
    return sum(fits[row][column] for row, column in zip(*chosen, strict=True))


@given(rows=ROWS, items=ITEMS, seed=st.integers(0, 1000))
@settings(deadline=None)
def test_a_paper_is_drawn_exactly_when_one_exists(
    rows: list[BlueprintRow], items: list[AvailableItem], seed: int
) -> None:
    wanted = sum(row.count for row in rows)
    if best_possible(rows, items) < wanted:
        with pytest.raises(NotEnoughItems) as caught:
            draw_paper(rows, items, random.Random(seed))
        missing = sum(short.row.count - short.found for short in caught.value.shortages)
        assert missing == wanted - best_possible(rows, items)
        return
    paper = draw_paper(rows, items, random.Random(seed))
    assert len(paper) == wanted
    assert len({item.ident for item in paper}) == wanted
    assert best_possible(rows, paper) == wanted


def bank(count: int) -> list[AvailableItem]:
    return [AvailableItem(ident, "A" if ident % 2 else "B", 1, "single") for ident in range(count)]


def test_a_seed_gives_one_paper_whatever_the_order_of_the_bank() -> None:
    rows = [BlueprintRow("A", 8), BlueprintRow("B", 12)]
    items = bank(40)
    paper = draw_paper(rows, items, random.Random(5))
    assert paper == draw_paper(rows, items[::-1], random.Random(5))
    assert paper != draw_paper(rows, items, random.Random(6))
    assert Counter(item.competency for item in paper) == {"A": 8, "B": 12}


def test_every_item_is_drawn_about_equally_often() -> None:
    rng = random.Random(11)
    drawn = Counter(item.ident for _ in range(2000) for item in draw_paper([BlueprintRow("A", 5)], bank(20), rng))
    assert len(drawn) == 10
    assert min(drawn.values()) > 900
    assert max(drawn.values()) < 1100


@pytest.mark.parametrize("seed", range(20))
def test_a_general_row_gives_way_to_a_special_one(seed: int) -> None:
    # the first row may take any of the three, but only items 1 and 2 suit the other two rows
    items = [AvailableItem(0, "A", 1, "single"), AvailableItem(1, "A", 2, "single"), AvailableItem(2, "A", 3, "single")]
    rows = [BlueprintRow("A", 1), BlueprintRow("A", 1, level=2), BlueprintRow("A", 1, level=3)]
    assert {item.ident for item in draw_paper(rows, items, random.Random(seed))} == {0, 1, 2}


def test_a_shortage_names_the_row() -> None:
    rows = [BlueprintRow("A", 2), BlueprintRow("B", 2, level=3)]
    with pytest.raises(NotEnoughItems, match="row 2 wants 2, finds 0") as caught:
        draw_paper(rows, bank(10), random.Random(1))
    (short,) = caught.value.shortages
    assert (short.row_index, short.row, short.found) == (1, rows[1], 0)


START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("closes_at", "extra", "end"),
    [
        (None, 0, datetime(2026, 3, 2, 9, 40, tzinfo=UTC)),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), 0, datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), 10, datetime(2026, 3, 2, 9, 40, tzinfo=UTC)),
        (datetime(2026, 3, 2, 12, 0, tzinfo=UTC), 10, datetime(2026, 3, 2, 9, 50, tzinfo=UTC)),
    ],
)
def test_the_deadline(closes_at: datetime | None, extra: int, end: datetime) -> None:
    assert deadline(START, 40, closes_at, extra) == end


def test_evidence_goes_to_the_parent_where_items_are_few() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 2}
    items = dict.fromkeys(range(10), 3) | dict.fromkeys(range(10, 15), 2) | dict.fromkeys(range(15, 19), 4)
    assert evidence_groups(items, parents) == {3: list(range(10)), 2: list(range(10, 19))}


def test_what_stays_short_at_the_root_is_no_evidence() -> None:
    assert evidence_groups(dict.fromkeys(range(7), 2), {1: None, 2: 1}) == {}
    assert evidence_groups(dict.fromkeys(range(8), 2), {1: None, 2: 1}) == {2: list(range(8))}
