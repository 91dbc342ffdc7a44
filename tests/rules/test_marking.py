"""Marking: credits per kind, and that nothing malformed is ever marked."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.marking import MarkingError, check_key, clean_response, credit, is_right

FOUR = ("a", "b", "c", "d")
TRUE_FALSE = ("true", "false")


@pytest.mark.parametrize(
    ("kind", "options", "key", "value", "earned"),
    [
        ("single", FOUR, ["b"], "b", 1),
        ("single", FOUR, ["b"], "a", 0),
        ("true_false", TRUE_FALSE, ["false"], "false", 1),
        ("true_false", TRUE_FALSE, ["false"], "true", 0),
        ("multiple", FOUR, ["a", "c"], ["c", "a"], 1),
        ("multiple", FOUR, ["a", "c"], ["a"], 0.5),
        ("multiple", FOUR, ["a", "c"], ["a", "b"], 0),
        ("multiple", FOUR, ["a", "c"], ["a", "b", "c"], 0.5),
        ("multiple", FOUR, ["a", "c"], ["b", "d"], 0),
        ("multiple", FOUR, ["a", "c"], list(FOUR), 0),
        ("ordering", FOUR, list(FOUR), list(FOUR), 1),
        ("ordering", FOUR, list(FOUR), ["d", "a", "b", "c"], 2 / 3),
        ("ordering", FOUR, list(FOUR), ["b", "a", "c", "d"], 1 / 3),
        ("ordering", FOUR, list(FOUR), ["d", "c", "b", "a"], 0),
    ],
)
def test_credit(kind: str, options: Sequence[str], key: list[str], value: object, earned: float) -> None:
    assert credit(kind, options, key, value) == pytest.approx(earned)


@pytest.mark.parametrize("blank", [None, "", [], ()])
@pytest.mark.parametrize("kind", ["single", "multiple", "ordering"])
def test_a_blank_answer_earns_nothing(kind: str, blank: object) -> None:
    key = list(FOUR) if kind == "ordering" else ["a"]
    assert clean_response(kind, FOUR, blank) is None
    assert credit(kind, FOUR, key, blank) == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("single", "e"),
        ("single", ["a"]),
        ("single", 0),
        ("single", True),
        ("single", {"a": 1}),
        ("multiple", "a"),
        ("multiple", ["a", "a"]),
        ("multiple", ["a", None]),
        ("multiple", ["a", ["b"]]),
        ("ordering", ["a", "b", "c"]),
        ("ordering", ["a", "b", "c", "c"]),
        ("ordering", ["a", "b", "c", "d", "e"]),
        ("essay", "a"),
        ("", "a"),
    ],
)
def test_a_malformed_answer_is_refused_and_never_marked(kind: str, value: object) -> None:
    with pytest.raises(MarkingError):
        clean_response(kind, FOUR, value)
    with pytest.raises(MarkingError):
        credit(kind, FOUR, list(FOUR) if kind == "ordering" else ["a"], value)


@pytest.mark.parametrize(
    ("kind", "options", "key"),
    [
        ("single", FOUR, []),
        ("single", FOUR, ["a", "b"]),
        ("single", FOUR, ["e"]),
        ("multiple", FOUR, []),
        ("multiple", FOUR, ["a", "a"]),
        ("ordering", FOUR, ["a", "b", "c"]),
        ("true_false", FOUR, ["a"]),
        ("single", ("a",), ["a"]),
        ("single", ("a", "a"), ["a"]),
    ],
)
def test_a_key_that_nobody_could_earn_is_refused(kind: str, options: Sequence[str], key: list[str]) -> None:
    with pytest.raises(MarkingError):
        check_key(kind, options, key)
    with pytest.raises(MarkingError):
        credit(kind, options, key, None)


def test_the_stored_form_of_a_choice_does_not_depend_on_the_order_of_ticking() -> None:
    assert clean_response("multiple", FOUR, ["d", "a"]) == ["a", "d"]
    assert clean_response("multiple", FOUR, ("a", "d")) == ["a", "d"]


@given(key=st.sets(st.sampled_from(FOUR), min_size=1), answer=st.sets(st.sampled_from(FOUR)))
def test_only_the_exact_set_earns_full_credit(key: set[str], answer: set[str]) -> None:
    earned = credit("multiple", FOUR, sorted(key), sorted(answer))
    assert 0 <= earned <= 1
    assert is_right(earned) == (key == answer)


@given(answer=st.permutations(FOUR))
def test_only_the_exact_order_earns_full_credit(answer: list[str]) -> None:
    earned = credit("ordering", FOUR, list(FOUR), answer)
    assert 0 <= earned <= 1
    assert is_right(earned) == (answer == list(FOUR))


def test_a_credit_outside_its_range_is_refused() -> None:
    with pytest.raises(MarkingError):
        is_right(1.01)
