"""GIFT: every kind of question of its documentation, and back again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exchange.gift import read_gift
from assessments.exchange.gift_writing import write_gift
from assessments.exchange.report import Read, Told
from assessments.rules import ItemDraft, Line
from assessments.scoring.marking import ItemKind
from training.lib.office import FileRefused

from .drafts import LANGUAGES, NUMBER, OF_KIND, OPTIONS, choice_drafts, matching_drafts, whole, word_drafts, zh

BANKS = Path(__file__).parents[2] / "data" / "question-banks"
ENGLISH: dict[str, Any] = {"language": "en", "source": "en", "languages": LANGUAGES}
ONE_GAP = replace(
    OF_KIND[ItemKind.CLOZE],
    stem=zh("收到申请后[[1]]日内办结。"),
    key={"1": NUMBER},
    parts=(Line("1", kind=ItemKind.NUMERIC),),
)
CARRIED = [OF_KIND[kind] for kind in ("single", "multiple", "true_false", "matching", "numeric", "short_text")]  # type: ignore[index]


def read(text: str) -> list[Read]:
    return list(read_gift(text.encode(), **ENGLISH).items)


def one(text: str) -> ItemDraft:
    (found,) = read(text)
    assert found.draft, found.refusals
    return found.draft


def losses(read_: Read) -> list[str]:
    return [loss.code.value for loss in read_.losses]


def refusal(text: str) -> str:
    (found,) = read(text)
    assert found.draft is None
    return found.refusals[0].code.value


def test_a_single_choice() -> None:
    draft = one("::Q 1:: Who is first? {~no =yes ~maybe}")
    assert (draft.kind, draft.key, draft.code) == (ItemKind.SINGLE, ["b"], "Q 1")
    assert [option.text["en"] for option in draft.options] == ["no", "yes", "maybe"]


def test_shares_of_a_single_choice_are_told() -> None:
    (found,) = read("Which? {~wrong ~%50%half =full}")
    assert [(loss.code, dict(loss.values)) for loss in found.losses] == [
        (Told.SHARES, {"option": "half", "percent": 50})
    ]


def test_several_right_answers_by_percentages() -> None:
    (found,) = read("Which two? {~%-50%a ~%50%b ~%50%c ~%-50%d}")
    assert found.draft
    assert found.draft.key == ["b", "c"]
    assert not found.losses
    (found,) = read("Which two? {~a ~%50%b ~%50%c}")
    assert losses(found) == ["penalty"]


def test_two_whole_answers_of_a_single_choice_are_refused() -> None:
    assert refusal("Which? {~a =b =c}") == "several_right"


@pytest.mark.parametrize(
    ("answer", "right"), [("T", "true"), ("FALSE", "false"), ("TRUE#no#yes", "true"), ("f", "false")]
)
def test_true_or_false(answer: str, right: str) -> None:
    draft = one(f"The sun rises. {{{answer}}}")
    assert (draft.kind, draft.key) == (ItemKind.TRUE_FALSE, [right])


def test_short_answers_with_shares() -> None:
    draft = one("Born where? {=Nazareth =%75%Nazereth =%25%Bethlehem#half}")
    assert draft.key == {
        "answers": [
            {"text": "Nazareth", "credit": 1.0},
            {"text": "Nazereth", "credit": 0.75},
            {"text": "Bethlehem", "credit": 0.25},
        ]
    }


def test_matching_with_an_answer_too_many() -> None:
    draft = one("Match. {\n=Canada -> Ottawa\n=Italy -> Rome\n= -> Paris\n}")
    assert [line.text["en"] for line in draft.parts] == ["Canada", "Italy"]
    assert [option.text["en"] for option in draft.options] == ["Ottawa", "Rome", "Paris"]
    assert draft.key == {"1": "a", "2": "b"}


def test_a_share_in_front_of_a_pair_is_a_word_of_it() -> None:
    draft = one("Match. {=%50% -> half =%100% -> all}")
    assert [line.text["en"] for line in draft.parts] == ["%50%", "%100%"]


def test_a_missing_word_is_a_gap() -> None:
    draft = one("Two plus {=two =2} equals four.")
    assert draft.kind is ItemKind.CLOZE
    assert draft.stem["en"] == "Two plus [[1]] equals four."
    assert draft.parts[0].kind is ItemKind.SHORT_TEXT


def test_a_stop_behind_the_answers_is_told() -> None:
    (found,) = read("How many? {#1..5}.")
    assert found.draft
    assert found.draft.kind is ItemKind.NUMERIC
    assert losses(found) == ["last_mark"]


@pytest.mark.parametrize(
    ("answer", "low", "high"),
    [("#1822", "1822", "1822"), ("#-3.142:0.001", "-3.143", "-3.141"), ("#-5..5", "-5", "5"), ("#3.50", "3.5", "3.5")],
)
def test_numbers(answer: str, low: str, high: str) -> None:
    assert one(f"How many? {{{answer}}}").key == {"answers": [{"low": low, "high": high, "credit": 1.0}]}


def test_several_numbers_one_of_them_worth_half() -> None:
    key = one("When? {#\n =1822:0#exact\n =%50%1822:2\n ~#no}").key
    assert key == {
        "answers": [{"low": "1822", "high": "1822", "credit": 1.0}, {"low": "1820", "high": "1824", "credit": 0.5}]
    }


def test_an_essay_gets_a_guide_and_says_so() -> None:
    (found,) = read("Write about it. {}")
    assert found.draft
    assert found.draft.kind is ItemKind.OPEN
    assert losses(found) == ["guide_set"]


def test_texts_between_questions_are_refused_by_name() -> None:
    assert refusal("You can use your pencil now.") == "description"


def test_escapes_lines_and_general_feedback() -> None:
    draft = one(r"::a\:b::Is 1 \= 1\{x\}\n(\~\#\\)? {=yes ~no####Because\n1 \= 1}")
    assert draft.stem["en"] == "Is 1 = 1{x}\n(~#\\)?"
    assert (draft.code, draft.rationale["en"]) == ("a:b", "Because\n1 = 1")


def test_html_becomes_words_and_says_what_went() -> None:
    (found,) = read('::q::[html]<p>Look<br>here</p><img src\\="x/map.png"><script>alert(1)</script>{=<b>a</b> ~c}')
    assert found.draft
    assert found.draft.stem["en"] == "Look\nhere"
    assert found.draft.options[0].text["en"] == "a"
    assert losses(found) == ["image", "script", "markup"]


def test_comments_carry_id_and_tags_and_categories_are_told() -> None:
    file = read_gift(b"$CATEGORY: a/b\n\n// [id:k-1] [tag:level:3] [tag:loud]\n::T::Q? {=a ~b}", **ENGLISH)
    (found,) = file.items
    assert found.draft
    assert (found.draft.code, found.draft.level) == ("k-1", 3)
    assert losses(found) == ["title", "tag"]
    assert [dict(told.values) for told in file.notes] == [{"category": "a/b"}]


def test_a_blank_line_inside_answers_is_borne_and_an_open_brace_costs_one_question_only() -> None:
    assert one("Q? {\n=a\n\n~b}").key == ["a"]
    first, second = read("Q? {=a ~b\n\nR? {=c ~d}")
    assert first.refusals[0].code is Told.UNCLOSED
    assert second.draft
    assert second.line == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A {=a ~b} and {=c ~d}", "gaps"),
        ("A? {#many}", "answer_unreadable"),
        ("A? {perhaps}", "answer_unreadable"),
        ("A? {#=%50%3}", "no_full_credit"),
        ("A? {~a ~b}", "no_right"),
        ("A? {=a ~a}", "problem"),
    ],
)
def test_what_cannot_come_in_says_why(text: str, code: str) -> None:
    assert refusal(text) == code


@pytest.mark.parametrize("name", ["peg_multiline_feedback", "peg_numerical1", "peg_options1"])
def test_every_question_of_the_real_files_comes_in(name: str) -> None:
    file = read_gift((BANKS / f"{name}.gift").read_bytes(), **ENGLISH)
    assert {"peg_multiline_feedback": 2, "peg_numerical1": 10, "peg_options1": 14}[name] == len(file.items)
    assert all(item.draft for item in file.items)


@pytest.mark.parametrize("draft", [*CARRIED, ONE_GAP], ids=lambda draft: draft.kind.value)
def test_what_goes_out_comes_in_the_same(draft: ItemDraft) -> None:
    written = write_gift([draft], language="zh-hans")
    assert written.left == ()
    (found,) = read_gift(written.data, **OPTIONS).items
    assert (found.draft, found.losses) == (draft, ())


@given(
    st.one_of(choice_drafts(ItemKind.SINGLE), choice_drafts(ItemKind.MULTIPLE), matching_drafts(), word_drafts()).map(
        whole
    )
)
def test_any_words_survive(draft: ItemDraft) -> None:
    written = write_gift([draft], language="zh-hans")
    if written.left:
        assert [told.code for told in written.left[0].notes] == [Told.FRAGMENT]
        return
    (found,) = read_gift(written.data, **OPTIONS).items
    assert (found.draft, found.losses) == (draft, ())


@pytest.mark.parametrize("kind", ["ordering", "documents", "cloze", "case", "scenario"])
def test_what_gift_cannot_say_is_left_out_by_name(kind: str) -> None:
    draft = OF_KIND[kind]  # type: ignore[index]
    written = write_gift([draft], language="zh-hans")
    assert [(left.name, left.is_out) for left in written.left] == [("q-1", True)]
    with pytest.raises(FileRefused):
        read_gift(written.data, **OPTIONS)


def test_an_open_answer_leaves_its_guide_and_the_other_language_behind() -> None:
    draft = replace(OF_KIND[ItemKind.OPEN], stem={"en": "How?", **zh("怎样？")})
    (left,) = write_gift([draft], language="zh-hans").left
    assert [told.code for told in left.notes] == [Told.LANGUAGE, Told.GUIDE, Told.MODEL_ANSWER]
    assert not left.is_out
