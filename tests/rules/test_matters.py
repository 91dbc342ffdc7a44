"""What counts as a change, and how a bundle's days are laid out."""

from hypothesis import given
from hypothesis import strategies as st

from training.matters.rules import Cell, Span, in_one_language, still_translated, swim_lanes

LANGUAGES = ("en", "zh-hans")


def test_texts_become_the_text_of_one_language_wherever_they_stand() -> None:
    content = {
        "name": {"en": "Card", "zh-hans": "卡"},
        "rows": [{"text": {"zh-hans": "只有中文"}, "days": 2}],
        "none": {},
    }
    assert in_one_language(content, "en", LANGUAGES) == {"name": "Card", "rows": [{"text": "", "days": 2}], "none": ""}


def test_a_mapping_with_other_keys_is_not_taken_for_texts() -> None:
    content = {"before": 3, "en": "x"}
    assert in_one_language(content, "en", LANGUAGES) == content


def test_a_translation_stays_only_of_a_text_that_stays() -> None:
    old = {"en": "Wait", "zh-hans": "等候"}
    assert still_translated(old, "en", "Wait") == old
    assert still_translated(old, "en", "Wait in turn") == {"en": "Wait in turn"}
    assert still_translated({}, "en", "Wait") == {"en": "Wait"}


def test_what_follows_shares_a_row_and_what_overlaps_gets_another() -> None:
    first, second, third = Span("health", "a", 1, 1), Span("health", "b", 1, 2), Span("health", "c", 3, 3)
    lanes = swim_lanes([first, second, third], days=4)
    assert lanes == {
        "health": [
            [Cell(1, first), Cell(1), Cell(1, third), Cell(1)],
            [Cell(2, second), Cell(2)],
        ]
    }


def test_lanes_keep_the_order_in_which_they_are_named() -> None:
    spans = [Span("lead", "late", 4, 5), Span("other", "early", 1, 1)]
    assert list(swim_lanes(spans, days=5)) == ["lead", "other"]


@given(
    st.lists(
        st.builds(
            lambda lane, first, length: Span(lane, f"{lane}{first}", first, first + length),
            st.sampled_from("abc"),
            st.integers(1, 9),
            st.integers(0, 5),
        )
    ),
    st.integers(1, 9),
)
def test_each_row_fills_the_days_exactly_and_nothing_inside_them_is_lost(spans: list[Span], days: int) -> None:
    lanes = swim_lanes(spans, days)
    drawn = [cell.span for rows in lanes.values() for row in rows for cell in row if cell.span]
    assert all(sum(cell.days for cell in row) == days for rows in lanes.values() for row in rows)
    assert sorted(drawn, key=repr) == sorted((span for span in spans if span.first <= days), key=repr)
