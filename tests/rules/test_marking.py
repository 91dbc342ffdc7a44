"""Marking: credits per kind, and that nothing malformed is ever marked."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import shape_of
from assessments.scoring import marking
from assessments.scoring.marking import (
    BY_PEOPLE,
    ItemKind,
    MarkingError,
    Part,
    Shape,
    as_meant,
    as_number,
    as_seen,
    check_key,
    clean_response,
    credit,
    credit_of_points,
    is_right,
    shown_order,
)

DATA = Path(__file__).parents[1] / "data" / "marking"
FOUR = ("a", "b", "c", "d")
MARKED = {kind: json.loads((DATA / f"{kind}.json").read_text()) for kind in ItemKind if kind not in BY_PEOPLE}
SINGLE = Shape(ItemKind.SINGLE, FOUR)
MULTIPLE = Shape(ItemKind.MULTIPLE, FOUR)
ORDERING = Shape(ItemKind.ORDERING, FOUR)
MATCHING = Shape(ItemKind.MATCHING, ("x", "y"), (Part("1"), Part("2")))
DOCUMENTS = Shape(ItemKind.DOCUMENTS, ("old", "torn"), (Part("1"), Part("2")))
NUMERIC = Shape(ItemKind.NUMERIC)
SHORT = Shape(ItemKind.SHORT_TEXT)
CASE = Shape(ItemKind.CASE, (), (Part("1", ItemKind.SINGLE, ("a", "b")), Part("2", ItemKind.NUMERIC)))
OPEN = Shape(ItemKind.OPEN)
GUIDE = {"criteria": [{"id": "law", "points": 3}, {"id": "tone", "points": 2}]}


def shape_in(told: Mapping[str, Any]) -> Shape:
    return shape_of(told["kind"], told["options"], told["parts"])


def key_with(*answers: Mapping[str, object]) -> dict[str, object]:
    return {"answers": list(answers)}


@pytest.mark.parametrize(
    ("kind", "row"), [(kind, row) for kind, told in MARKED.items() for row in range(len(told["answers"]))]
)
def test_every_answer_of_the_golden_files_earns_what_they_say(kind: ItemKind, row: int) -> None:
    told = MARKED[kind]
    expected = told["answers"][row]
    earned = credit(shape_in(told["item"]), told["item"]["key"], expected["answer"])
    assert earned == pytest.approx(expected["credit"])


@pytest.mark.parametrize("kind", MARKED)
def test_an_answer_comes_back_from_the_screen_as_it_was_whatever_the_order(kind: ItemKind) -> None:
    told = MARKED[kind]["item"]
    shape = shape_in(told)
    for seed, row in enumerate(MARKED[kind]["answers"]):
        order = shown_order(shape, told["key"], random.Random(seed))
        answer = clean_response(shape, row["answer"])
        seen = as_seen(shape, order, answer)
        assert as_meant(shape, order, json.loads(json.dumps(seen))) == answer


def test_no_id_reaches_the_screen() -> None:
    for kind, told in MARKED.items():
        shape, right = shape_in(told["item"]), clean_response(shape_in(told["item"]), told["answers"][0]["answer"])
        seen = json.dumps(as_seen(shape, shown_order(shape, told["item"]["key"], random.Random(1)), right))
        if kind in (ItemKind.MATCHING, ItemKind.DOCUMENTS, ItemKind.CASE):
            assert not any(f'"{part.id}"' in seen for part in shape.parts)
        if kind not in (ItemKind.NUMERIC, ItemKind.SHORT_TEXT, ItemKind.CLOZE):
            assert set(seen) <= set('0123456789[]{}":, ')


@pytest.mark.parametrize(
    "shape", [SINGLE, MULTIPLE, ORDERING, MATCHING, NUMERIC, SHORT, CASE, OPEN], ids=lambda s: s.kind
)
@pytest.mark.parametrize("blank", [None, "", "  \n", [], (), {}, {"1": ""}])
def test_a_blank_answer_is_no_answer(shape: Shape, blank: object) -> None:
    assert clean_response(shape, blank) is None


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (SINGLE, "e"),
        (SINGLE, ["a"]),
        (SINGLE, 0),
        (SINGLE, True),
        (SINGLE, {"a": 1}),
        (MULTIPLE, "a"),
        (MULTIPLE, ["a", "a"]),
        (MULTIPLE, ["a", None]),
        (MULTIPLE, ["a", ["b"]]),
        (ORDERING, ["a", "b", "c"]),
        (ORDERING, ["a", "b", "c", "c"]),
        (ORDERING, ["a", "b", "c", "d", "e"]),
        (MATCHING, {"1": "z"}),
        (MATCHING, {"3": "x"}),
        (MATCHING, {"1": ["x"]}),
        (MATCHING, "x"),
        (DOCUMENTS, {"1": "burnt"}),
        (NUMERIC, 12),
        (NUMERIC, "1" * 501),
        (SHORT, ["x"]),
        (CASE, {"1": "c"}),
        (CASE, {"9": "a"}),
        (CASE, {"2": ["1"]}),
        (OPEN, "x" * 20_001),
        (Shape(ItemKind.SCENARIO), "played"),
    ],
)
def test_a_malformed_answer_is_refused(shape: Shape, value: object) -> None:
    with pytest.raises(MarkingError):
        clean_response(shape, value)


@pytest.mark.parametrize(
    ("shape", "sent"),
    [
        (SINGLE, 0),
        (SINGLE, 5),
        (SINGLE, "a"),
        (SINGLE, True),
        (MULTIPLE, [1, "b"]),
        (MATCHING, {"3": 1}),
        (MATCHING, {"1": 0}),
        (MATCHING, {"1": "x"}),
        (DOCUMENTS, {"1": False}),
        (DOCUMENTS, {"1": 3}),
        (CASE, {"a": 1}),
        (CASE, {"1": 3}),
        (CASE, [1]),
    ],
)
def test_what_is_not_on_the_screen_cannot_be_chosen(shape: Shape, sent: Any) -> None:
    order: Any = list(shape.options) or {part.id: list(part.options) for part in shape.parts}
    with pytest.raises(MarkingError):
        as_meant(shape, order, sent)


@pytest.mark.parametrize(
    ("shape", "key"),
    [
        (SINGLE, []),
        (SINGLE, ["a", "b"]),
        (SINGLE, ["e"]),
        (MULTIPLE, []),
        (MULTIPLE, ["a", "a"]),
        (ORDERING, ["a", "b", "c"]),
        (Shape(ItemKind.TRUE_FALSE, FOUR), ["a"]),
        (Shape(ItemKind.SINGLE, ("a",)), ["a"]),
        (Shape(ItemKind.SINGLE, ("a", "a")), ["a"]),
        (MATCHING, {"1": "x"}),
        (MATCHING, {"1": "x", "2": "z"}),
        (MATCHING, ["x", "y"]),
        (DOCUMENTS, {"1": "sound", "2": "sound"}),
        (Shape(ItemKind.DOCUMENTS, ("sound",), (Part("1"), Part("2"))), {"1": "sound", "2": "sound"}),
        (NUMERIC, key_with()),
        (NUMERIC, key_with({"low": "2", "high": "1", "credit": 1})),
        (NUMERIC, key_with({"low": "1", "high": "one", "credit": 1})),
        (NUMERIC, key_with({"low": "1", "high": "1", "credit": 0.5})),
        (NUMERIC, key_with({"low": "1", "high": "1", "credit": 1.5})),
        (NUMERIC, ["1"]),
        (SHORT, key_with({"text": " ", "credit": 1})),
        (SHORT, key_with({"text": "*", "credit": 1})),
        (SHORT, key_with({"text": "a", "credit": True})),
        (CASE, {"1": ["a"]}),
        (CASE, {"1": ["c"], "2": key_with({"low": "1", "high": "1", "credit": 1})}),
        (Shape(ItemKind.CLOZE, (), (Part("1", ItemKind.ORDERING, FOUR),)), {"1": list(FOUR)}),
        (OPEN, {"criteria": []}),
        (OPEN, {"criteria": [{"id": "a", "points": 0}]}),
        (OPEN, {"criteria": [{"id": "a", "points": 1}, {"id": "a", "points": 1}]}),
        (OPEN, {"criteria": [{"id": "a", "points": True}]}),
    ],
)
def test_a_key_that_nobody_could_earn_is_refused(shape: Shape, key: object) -> None:
    with pytest.raises(MarkingError):
        check_key(shape, key)
    with pytest.raises(MarkingError):
        credit(shape, key, None)


def test_a_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(MarkingError):
        shape_of("essay", [])


def test_the_stored_form_of_a_choice_does_not_depend_on_the_order_of_ticking() -> None:
    assert clean_response(MULTIPLE, ["d", "a"]) == ["a", "d"]
    assert clean_response(MULTIPLE, ("a", "d")) == ["a", "d"]


@given(key=st.sets(st.sampled_from(FOUR), min_size=1), answer=st.sets(st.sampled_from(FOUR)))
def test_only_the_exact_set_earns_full_credit(key: set[str], answer: set[str]) -> None:
    earned = credit(MULTIPLE, sorted(key), sorted(answer))
    assert 0 <= earned <= 1
    assert is_right(earned) == (key == answer)


@given(answer=st.permutations(FOUR))
def test_only_the_exact_order_earns_full_credit(answer: list[str]) -> None:
    earned = credit(ORDERING, list(FOUR), answer)
    assert 0 <= earned <= 1
    assert is_right(earned) == (answer == list(FOUR))


@given(
    key=st.lists(st.sampled_from(("old", "torn", "sound")), min_size=2, max_size=2).filter(
        lambda k: k != ["sound"] * 2
    ),
    answer=st.lists(st.sampled_from(("old", "torn", "sound")), min_size=2, max_size=2),
)
def test_only_the_right_reasons_earn_full_credit(key: list[str], answer: list[str]) -> None:
    earned = credit(DOCUMENTS, dict(zip("12", key, strict=True)), dict(zip("12", answer, strict=True)))
    assert 0 <= earned <= 1
    assert is_right(earned) == (key == answer)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_kept_or_is_nothing(typed: str) -> None:
    kept = clean_response(SHORT, typed)
    assert kept is None or (str(kept).strip() and clean_response(SHORT, kept) == kept)
    number = as_number(str(kept or ""))  # of what is kept: characters that nobody can see are not
    assert credit(NUMERIC, key_with({"low": "1", "high": "1", "credit": 1}), typed) == float(number == 1)


def test_what_no_database_can_hold_is_left_out() -> None:
    assert clean_response(SHORT, "居\x00住\ud800证\r\n") == "居住证\n"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,000", "1000"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("+4", "4"),
        ("1,0", None),
        ("1.5,000", None),
        (",1", None),
    ],
)
def test_numbers_as_people_type_them(typed: str, number: str | None) -> None:
    read = as_number(typed)
    assert (None if read is None else str(read)) == number


def test_case_counts_where_the_author_says_so() -> None:
    key = key_with({"text": "A-1", "credit": 1})
    assert credit(SHORT, key, "a-1") == 1
    assert credit(SHORT, key | {"match_case": True}, "a-1") == 0


def test_many_stars_are_matched_in_one_pass() -> None:
    key = key_with({"text": "a*" * 200 + "b", "credit": 1})
    assert credit(SHORT, key, "a" * 500) == 0
    assert credit(SHORT, key_with({"text": "ab*ba", "credit": 1}), "aba") == 0


def test_what_people_mark_has_no_credit_of_its_own() -> None:
    with pytest.raises(MarkingError):
        credit(OPEN, GUIDE, "I would first apologise.")
    assert credit(OPEN, GUIDE, "") == 0


def test_points_come_to_a_credit() -> None:
    assert credit_of_points(GUIDE, {"law": 3, "tone": 0}) == pytest.approx(0.6)
    for given_points in ({"law": 3}, {"law": 4, "tone": 0}, {"law": -1, "tone": 0}, {"law": True, "tone": 0}):
        with pytest.raises(MarkingError):
            credit_of_points(GUIDE, given_points)


def test_an_ordering_never_starts_solved_and_true_comes_before_false() -> None:
    true_false = Shape(ItemKind.TRUE_FALSE, marking.TRUE_FALSE_OPTIONS)
    for seed in range(40):
        shown = shown_order(ORDERING, list(FOUR), random.Random(seed))
        assert isinstance(shown, list)
        assert sorted(shown) == list(FOUR) != shown
        assert shown_order(true_false, ["true"], random.Random(seed)) == ["true", "false"]
    assert len({tuple(shown_order(SINGLE, ["a"], random.Random(seed))) for seed in range(200)}) == 24


def test_credit_counts_as_right_from_the_bar_on() -> None:
    assert [is_right(earned, 0.6) for earned in (0, 0.59, 0.6, 1)] == [False, False, True, True]
    for earned, bar in ((1.01, 1), (-0.1, 1), (0.5, 0)):
        with pytest.raises(MarkingError):
            is_right(earned, bar)
