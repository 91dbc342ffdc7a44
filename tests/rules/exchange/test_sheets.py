"""The template: rows in, rows out, both languages, every kind a row can hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exchange.canonical import canonical
from assessments.exchange.report import Read, ReadFile, Told
from assessments.exchange.sheet_columns import KINDS_SHOWN
from assessments.exchange.sheet_samples import SAMPLES
from assessments.exchange.sheet_writing import write_rows
from assessments.exchange.sheets import read_rows
from assessments.rules import Choice, ItemDraft
from assessments.scoring.marking import SOUND, ItemKind
from training.lib.office import FileRefused

from .drafts import LANGUAGES, OF_KIND, OPTIONS, choice_drafts, matching_drafts, whole, word_drafts, zh


def table(*rows: Mapping[str, str]) -> ReadFile:
    header = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [(line, [row.get(heading, "") for heading in header]) for line, row in enumerate(rows, start=2)]
    return read_rows(header, cells, **OPTIONS)


def row(**changes: str) -> Read:
    cells = {"题型": "单选题", "题干": "先做什么？", "A": "退件", "B": "告知", "答案": "B"} | changes
    (found,) = table({heading: cell for heading, cell in cells.items() if cell}).items
    return found


def draft_of(found: Read) -> Any:
    assert found.draft, found.refusals
    return found.draft


def test_a_row_as_an_office_fills_it() -> None:
    facts = {
        "能力项": "INTAKE", "等级": "3", "预估答对率": "60%", "依据条款": "standards/2.1；notice/3", "解析": "第三条",
        "生效日期": "2026/3/1", "失效日期": "2027-02-28", "编号": "k-1",
    }  # fmt: skip
    draft = draft_of(row(**facts))
    assert (draft.kind, draft.key, draft.code, draft.level, draft.judged_p) == ("single", ["b"], "k-1", 3, 0.6)
    assert (draft.valid_from, draft.valid_until) == (date(2026, 3, 1), date(2027, 2, 28))
    assert (draft.cites, draft.rationale) == (("standards/2.1", "notice/3"), zh("第三条"))


@pytest.mark.parametrize("typed", ["0.6", "60%", "６０％", "60"])
def test_a_share_is_typed_as_one_likes(typed: str) -> None:
    assert draft_of(row(预估答对率=typed)).judged_p == 0.6


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"题型": "多选", "答案": "Ａ、Ｂ"}, ["a", "b"]),
        ({"题型": "排序题", "答案": "BA"}, ["a", "b"]),
        ({"题型": "判断题", "A": "", "B": "", "答案": "×"}, ["false"]),
        ({"题型": "True or false", "A": "", "B": "", "答案": "TRUE"}, ["true"]),
        ({"题型": "材料审核题", "左侧各项": "身份证\n合同", "答案": "1-A 2-无误"}, {"1": "a", "2": SOUND}),
        ({"题型": "匹配题", "左侧各项": "身份证\n合同", "答案": "1A,2B"}, {"1": "a", "2": "b"}),
    ],
)
def test_keys_of_each_kind(changes: dict[str, str], key: object) -> None:
    assert draft_of(row(**changes)).key == key


def test_typed_keys() -> None:
    blank = {"A": "", "B": ""}
    number = draft_of(row(**blank, 题型="数值题", 答案="5 | 5±1（50%）"))
    assert number.key["answers"] == [
        {"low": "5", "high": "5", "credit": 1.0},
        {"low": "4", "high": "6", "credit": 0.5},
    ]
    words = draft_of(row(**blank, 题型="短文本题", 答案="居住证 | 暂住证 (50%)", 区分大小写="是"))
    assert [(one["text"], one["credit"]) for one in words.key["answers"]] == [("居住证", 1.0), ("暂住证", 0.5)]
    assert words.key["match_case"]
    gaps = draft_of(
        row(**blank, 题型="填空题", 题干="由[[1]]在[[2]]日内[[3]]", 答案="1：窗口|柜台\n2: #3..5\n3: 办结*|退件")
    )
    assert [part.kind.value for part in gaps.parts] == ["short_text", "numeric", "single"]
    assert gaps.key["3"] == ["a"]


def test_an_open_answer_without_a_guide_keeps_its_model_answer() -> None:
    found = row(题型="简答题", A="", B="", 答案="先致歉")
    assert draft_of(found).key["model_answer"] == zh("先致歉")
    assert [loss.code for loss in found.losses] == [Told.GUIDE_SET]


def test_a_kind_that_is_not_named_is_taken_from_the_answer() -> None:
    found = row(题型="", 答案="AB")
    assert draft_of(found).kind is ItemKind.MULTIPLE
    assert [loss.code for loss in found.losses] == [Told.KIND_TAKEN]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"题型": "口试"}, Told.UNKNOWN_KIND),
        ({"题型": "", "答案": "也许"}, Told.NO_KIND),
        ({"答案": ""}, Told.NO_ANSWER),
        ({"答案": "C"}, Told.NOT_AN_OPTION),
        ({"答案": "AA"}, Told.ANSWER_UNREADABLE),
        ({"答案": "AB"}, Told.PROBLEM),
        ({"等级": "高"}, Told.CELL),
        ({"生效日期": "明天"}, Told.CELL),
        ({"预估答对率": "大半"}, Told.CELL),
        ({"预估答对率": "120"}, Told.PROBLEM),
        ({"题型": "匹配题", "左侧各项": "甲\n乙", "答案": "1-A"}, Told.ANSWER_UNREADABLE),
        ({"题型": "匹配题", "左侧各项": "甲\n乙", "答案": "²-A 1-B"}, Told.ANSWER_UNREADABLE),
        ({"题型": "匹配题", "答案": "1-A 2-B"}, Told.MISSING_PART),
        ({"题型": "填空题", "题干": "由[[1]]办结", "答案": "2: 窗口"}, Told.PROBLEM),
    ],
)
def test_what_cannot_come_in_says_why_and_where(changes: dict[str, str], code: Told) -> None:
    if changes.get("答案") == "":
        changes = {**changes, "答案": " "}
    found = row(**changes)
    assert found.draft is None
    assert (found.refusals[0].code, found.line) == (code, 2)


def test_unknown_columns_are_told_and_missing_ones_refuse_the_file() -> None:
    file = table({"题干": "甲", "答案": "对", "题型": "判断题", "备注": "x", "错误原因": "y"})
    assert [dict(note.values) for note in file.notes] == [{"heading": "备注"}]
    with pytest.raises(FileRefused) as refused:
        table({"题干": "甲"})
    assert dict(refused.value.values) == {"heading": "答案"}


def again(draft: ItemDraft) -> Read:
    columns, rows, _left = write_rows([draft], language="zh-hans")
    (found,) = read_rows([column.chinese for column in columns], list(enumerate(rows, start=2)), **OPTIONS).items
    return found


@pytest.mark.parametrize("kind", list(KINDS_SHOWN))
def test_what_goes_out_comes_in_the_same(kind: ItemKind) -> None:
    assert write_rows([OF_KIND[kind]], language="zh-hans")[2] == ()
    found = again(OF_KIND[kind])
    assert (found.draft, found.losses) == (OF_KIND[kind], ())


@pytest.mark.parametrize("draft", SAMPLES, ids=lambda draft: draft.kind.value)
@pytest.mark.parametrize("heading", ["chinese", "english", "field"])
def test_every_sample_of_the_template_comes_in_under_headings_of_both_languages(draft: ItemDraft, heading: str) -> None:
    columns, rows, left = write_rows([draft], language="en")
    assert left == ()
    (found,) = read_rows(
        [getattr(column, heading) for column in columns],
        [(2, rows[0])],
        language="en",
        source="en",
        languages=LANGUAGES,
    ).items
    assert (found.draft, found.losses) == (canonical(draft), ())


def test_the_template_has_a_sample_of_every_kind_a_row_can_hold() -> None:
    assert [draft.kind for draft in SAMPLES] == list(KINDS_SHOWN)


@given(
    st.one_of(
        choice_drafts(ItemKind.SINGLE),
        choice_drafts(ItemKind.MULTIPLE),
        choice_drafts(ItemKind.ORDERING),
        word_drafts(),
        matching_drafts().filter(lambda draft: not any("\n" in line.text["zh-hans"] for line in draft.parts)),
    ).map(whole)
)
def test_any_words_survive(draft: ItemDraft) -> None:
    found = again(draft)
    assert (found.draft, found.losses) == (draft, ())


def test_options_of_true_and_false_in_other_words_survive() -> None:
    draft = replace(OF_KIND[ItemKind.TRUE_FALSE], options=(Choice("true", zh("可以")), Choice("false", zh("不可以"))))
    assert again(draft).draft == draft


def test_what_a_row_cannot_hold_is_left_out_by_name() -> None:
    too_long = replace(OF_KIND[ItemKind.SINGLE], stem=zh("长" * 2_001))
    left = write_rows([OF_KIND[ItemKind.CASE], too_long], language="zh-hans")[2]
    assert [(one.is_out, one.notes[-1].code) for one in left] == [(True, Told.KIND), (True, Told.LONG_CELL)]
