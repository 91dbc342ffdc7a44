"""The demo centre's questions: enough of every kind, marked by their keys, giving nothing away."""

from collections import Counter

import pytest

from assessments.rules import problems_of
from assessments.scoring.marking import ItemKind, check_key, credit, shape
from cms.demo.banks import draft_of
from cms.demo.content import _translated
from tests.cms.demo_tables import AREAS, CHOOSING, CONTENT, EXERCISE, FURTHER, ITEMS, PRACTICE, Row


def test_bank_counts() -> None:
    assert Counter(item["kind"] for item in ITEMS) == {"single": 20, "multiple": 8, "true_false": 6, "ordering": 6}
    assert Counter(item["competency"] for item in ITEMS) == {"one-time-notice": 20, "first-asked": 20}
    assert {item["level"] for item in ITEMS} <= {2, 3, 4}


def test_every_area_has_twelve_items_of_five_kinds() -> None:
    kinds: dict[str, Counter[str]] = {}
    for item in AREAS:
        kinds.setdefault(item["competency"], Counter())[item["kind"]] += 1
    assert set(kinds) == {"food-permit", "social-insurance", "residence-registration", "complaint-handling"}
    for counted in kinds.values():
        assert counted == {"single": 6, "multiple": 2, "true_false": 2, "numeric": 1, "ordering": 1}


def test_every_kind_of_question_and_every_state_is_there() -> None:
    assert {item["kind"] for item in (*ITEMS, *PRACTICE)} == set(ItemKind)
    states = {item.get("state", "live") for item in PRACTICE}
    assert states == {"draft", "waiting", "back", "reviewed", "pilot", "live", "suspended"}


@pytest.mark.parametrize("item", [*PRACTICE, *AREAS, *FURTHER], ids=lambda item: item["code"])
def test_practice_item_is_finished(item: Row) -> None:
    assert problems_of(draft_of(_translated(item)), "en", ["en", "zh-hans"]) == []


@pytest.mark.parametrize("item", EXERCISE, ids=lambda item: item["code"])
def test_exercise_is_finished_and_explains_itself(item: Row) -> None:
    assert problems_of(draft_of(_translated(item)), "en", ["en", "zh-hans"]) == []
    assert item["rationale"]["en"]
    assert item["cites"]


def test_exercises_cover_both_courses_in_every_kind_that_is_marked_at_once() -> None:
    held = Counter(item["competency"] for item in EXERCISE)
    rows = CONTENT["exercise"]["exam"]["blueprint"]
    assert all(2 * row["count"] <= held[row["competency"]] for row in rows)
    assert {item["kind"] for item in EXERCISE} >= set(ItemKind) - {"open", "scenario", "short_text"}


def test_papers_of_twenty_can_be_drawn_with_eight_items_at_each_competency() -> None:
    rows = CONTENT["items"]["exam"]["blueprint"]
    held = Counter(item["competency"] for item in ITEMS)
    assert sum(row["count"] for row in rows) == 20
    assert all(8 <= row["count"] < held[row["competency"]] for row in rows)


@pytest.mark.parametrize("item", CHOOSING, ids=lambda item: item["code"])
def test_item_can_be_marked(item: Row) -> None:
    ids = [option["id"] for option in item["options"]]
    check_key(shape(item["kind"], ids), item["key"])
    one = item["kind"] in {"single", "true_false"}
    assert credit(shape(item["kind"], ids), item["key"], item["key"][0] if one else item["key"]) == 1
    assert 0.35 <= item["judged_p"] <= 0.85
    assert item["cites"]


@pytest.mark.parametrize("item", CHOOSING, ids=lambda item: item["code"])
def test_item_does_not_give_itself_away(item: Row) -> None:
    texts = [option["text"]["en"] for option in item["options"]]
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if "of the above" in text]
    if item["kind"] == "single":
        assert len(texts) == 4
        assert max(map(len, texts)) <= 2.4 * min(map(len, texts)) or max(map(len, texts)) < 25
    if item["kind"] == "multiple":
        assert 2 <= len(item["key"]) < len(texts)
    if item["kind"] == "ordering":
        assert item["key"] == [option["id"] for option in item["options"]]
        assert len(texts) in {4, 5}


@pytest.mark.parametrize("items", [ITEMS, AREAS], ids=["items", "areas"])
def test_right_answers_are_spread_over_the_places_and_are_not_the_longest_as_a_rule(items: list[Row]) -> None:
    single = [item for item in items if item["kind"] == "single"]
    places = Counter(item["key"][0] for item in single)
    assert set(places) == set("abcd")
    assert max(places.values()) <= 7
    longest = [max(item["options"], key=lambda option: len(option["text"]["en"]))["id"] for item in single]
    assert sum(option == item["key"][0] for option, item in zip(longest, single, strict=True)) <= len(single) // 2


@pytest.mark.parametrize("items", [ITEMS, AREAS], ids=["items", "areas"])
def test_true_and_false_both_occur(items: list[Row]) -> None:
    keys = Counter(item["key"][0] for item in items if item["kind"] == "true_false")
    assert min(keys["true"], keys["false"]) >= 2
