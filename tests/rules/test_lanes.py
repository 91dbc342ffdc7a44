"""How the hand-offs of a bundle are laid out as lanes."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from training.lib.lanes import Piece, draw, wrapped

LANES = {"a": "Health Commission", "b": "公安局户籍窗口", "c": "Social insurance"}


def piece(code: str, lane: str, first: int, last: int, *waits_for: str) -> Piece:
    return Piece(code, lane, f"Matter {code}", first, last, waits_for)


def test_what_waits_for_something_of_the_same_day_begins_where_that_ends() -> None:
    drawn = draw([piece("x", "a", 1, 1), piece("y", "b", 1, 2, "x")], 2, LANES)
    first, second = drawn.boxes
    assert first.right < second.x
    assert [(one.first, one.last) for one in drawn.columns] == [(1, 1), (2, 2)]
    assert len(drawn.arrows) == 1


def test_days_on_which_nothing_begins_or_ends_stand_together() -> None:
    drawn = draw([piece("x", "a", 1, 30)], 60, LANES)
    assert [(one.first, one.last) for one in drawn.columns] == [(1, 30), (31, 60)]


def test_what_follows_shares_a_row_and_what_overlaps_gets_another() -> None:
    boxes = draw([piece("x", "a", 1, 1), piece("y", "a", 1, 2), piece("z", "a", 3, 3)], 4, LANES).boxes
    assert boxes[0].y == boxes[2].y != boxes[1].y


def test_a_circle_and_contradicting_days_are_drawn_all_the_same() -> None:
    pieces = [
        piece("x", "a", 1, 1, "y"),
        piece("y", "b", 1, 1, "x"),
        piece("z", "c", 1, 1, "late"),
        piece("late", "c", 5, 5),
    ]
    drawn = draw(pieces, 3, LANES)
    assert len(drawn.boxes) == 4
    assert drawn.columns[-1].last == 5


def test_long_names_are_broken_and_cut() -> None:
    assert wrapped("Issue of the birth certificate", 90) == ["Issue of the", "birth", "certificate"]
    assert wrapped("出生医学证明签发", 53) == ["出生医学", "证明签发"]
    assert wrapped("x" * 40, 65) == ["x" * 10] * 4
    lines = wrapped("one two three four five six seven eight nine ten", 40)
    assert len(lines) == 5
    assert lines[-1].endswith("…")


days = st.tuples(st.integers(1, 9), st.integers(0, 5))


@given(st.lists(st.tuples(st.sampled_from("abc"), days, st.sets(st.integers(0, 11))), max_size=12), st.integers(1, 9))
def test_boxes_never_overlap_and_stay_in_the_drawing(told: list, number: int) -> None:
    pieces = [
        piece(str(place), lane, first, first + more, *(str(one) for one in waits))
        for place, (lane, (first, more), waits) in enumerate(told)
    ]
    drawn = draw(pieces, number, LANES)
    assert len(drawn.boxes) == len(pieces)
    for box in drawn.boxes:
        assert 0 < box.x < box.right <= drawn.width
        assert box.y + box.height <= drawn.height
    for one, other in combinations(drawn.boxes, 2):
        apart = one.right <= other.x or other.right <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
