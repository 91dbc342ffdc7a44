"""The text of a policy taken apart into clauses, as laws, notices and English rules number them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.matters.rules import ClauseRow, LawText, Line, Told, joined, parted, read_law
from training.matters.rules.marks import mark_of, number_of

LAW = """滨湖区政务服务一次性告知办法
滨政办〔2026〕3号
目　录
第一章　总则
第二章　附则
第一章　总则
第一条　为了规范一次性告知，制定本办法。
第二条　告知包括下列事项：
（一）材料；
（二）时限。
第三条规定的情形除外。
第三条　【告知方式】告知应当书面。
第四条（收费）
不得收费。
第二章　附则
第十条　本办法自2026年1月1日起施行。
第十条之一　解释权归中心。
附件1：告知书格式
一、姓名"""
ENGLISH = """Rules on One-time Notice
Made under the Act.
Chapter 1 General
Article 1 Scope
These rules apply to everyone.
Article 2
(a) one;
(b) two.
Article 3 applies as well.
Article 3. Staff must sign.
1. first
2. second"""


def read(text: str, preamble: str = "序言") -> LawText:
    return read_law([Line(n, line) for n, line in enumerate(text.split("\n"), 1)], preamble=preamble)


def told(law: LawText) -> list[tuple[int, str]]:
    return [(remark.line, remark.code) for remark in law.remarks]


def test_a_chinese_regulation() -> None:
    law = read(LAW)
    assert (law.title, law.document_number) == ("滨湖区政务服务一次性告知办法", "滨政办〔2026〕3号")
    assert [(row.label, row.heading, row.chapter) for row in law.clauses] == [
        ("第一条", "", "第一章　总则"),
        ("第二条", "", ""),
        ("第三条", "告知方式", ""),
        ("第四条", "收费", ""),
        ("第十条", "", "第二章　附则"),
        ("第十条之一", "", ""),
        ("附件1", "告知书格式", ""),
    ]
    assert law.clauses[1].text == "告知包括下列事项：\n（一）材料；\n（二）时限。\n\n第三条规定的情形除外。"
    assert told(law) == [(3, Told.CONTENTS), (11, Told.REFERENCE), (16, Told.JUMP)]


def test_english_rules() -> None:
    law = read(ENGLISH, "Preamble")
    assert [(row.label, row.heading, row.text) for row in law.clauses] == [
        ("Preamble", "", "Made under the Act."),
        ("Article 1", "Scope", "These rules apply to everyone."),
        ("Article 2", "", "(a) one;\n(b) two.\n\nArticle 3 applies as well."),
        ("Article 3", "", "Staff must sign.\n1. first\n2. second"),
    ]
    assert law.clauses[1].chapter == "Chapter 1 General"
    assert told(law) == [(9, Told.REFERENCE)]


def test_a_notice_without_articles_is_numbered_by_its_highest_numbers() -> None:
    law = read("关于办事的通知\n各部门：\n一、总体要求\n坚持便民。\n（一）目标。\n1．细则。\n二、主要任务\n完成任务。")
    assert [(row.label, row.heading) for row in law.clauses] == [
        ("序言", ""),
        ("一、", "总体要求"),
        ("二、", "主要任务"),
    ]
    assert law.clauses[1].text == "坚持便民。\n（一）目标。\n1．细则。"


def test_sections_below_articles() -> None:
    law = read("Title\nArticle I General\nSection 1.1 Duties\nDo it.\nSection 1.2 More words. And more.", "Preamble")
    assert [(row.label, row.heading, row.chapter) for row in law.clauses] == [
        ("Section 1.1", "Duties", "Article I General"),
        ("Section 1.2", "", ""),
    ]


def test_tables_are_kept_as_lines_and_told() -> None:
    law = read_law([Line(1, "第一条　收费如下："), Line(2, "项目 | 第二条", in_table=True)], preamble="序言")
    assert [row.text for row in law.clauses] == ["收费如下：\n\n项目 | 第二条"]
    assert told(law) == [(2, Told.TABLE)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("第一条　甲。\n第一条　乙。", Told.REPEATED),
        ("第一条　甲。\n第二条", Told.EMPTY),
        ("只有一句话。\n第二段。", Told.NO_NUMBERING),
        ("第一条　甲。\n2026年1月1日", Told.SIGNATURE),
        ("第一条　甲。\n第二章　附则\n本章说明。", Told.NO_LABEL),
        ("\n".join(f"第{n}条　甲。" for n in range(1, 610)), Told.TOO_MANY),
    ],
)
def test_what_is_not_sure_is_told(text: str, code: Told) -> None:
    assert code in [remark.code for remark in read(text).remarks]


def test_a_heading_with_nothing_under_it_stays_and_is_told() -> None:
    law = read("第一条 甲\n第二章 附则")
    assert [(row.label, row.text, row.chapter) for row in law.clauses] == [
        ("第一条", "甲", ""),
        ("", "", "第二章 附则"),
    ]
    assert told(law) == [(2, Told.EMPTY)]


@given(st.text(alphabet="第一二三条章、（）。.1a Article\n附件序言目录：的", max_size=120))
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost(text: str) -> None:
    """Every sign of the text stands in the title or in a clause, unless it is told as a list of contents."""
    law = read(text)
    if Told.CONTENTS in [remark.code for remark in law.remarks]:
        return
    kept = law.title + law.document_number
    kept += "".join(row.label + row.heading + row.text + row.chapter for row in law.clauses)
    for sign in set(text) - set(" \n:：.．、-–—\u3000【】[]（）()"):
        assert kept.count(sign) >= text.count(sign), (sign, law)


def test_hostile_texts_are_read_in_time() -> None:
    begun = time.monotonic()
    for text in (
        "（" * 100_000,
        "第" * 100_000,
        "1." * 50_000,
        "【" * 100_000 + "\n" + "第一条 " + "(" * 99_999,
        " " * 200_000,
    ):
        read(text)
    read("第一条　甲。\n" * 19_000)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("第十一条", (11,)),
        ("第一百二十三条", (123,)),
        ("第十条之一", (10, 1)),
        ("Article 11", (11,)),
        ("Art. IV", (4,)),
        ("§ 2.1", (2, 1)),
        ("一、", (1,)),
        ("附件2", (-1, 2)),
        ("Annex B", (-1, 2)),
        ("序言", (0,)),
        ("Preamble", (0,)),
        ("Foreword", None),
    ],
)
def test_numbers_say_the_same_in_both_languages(label: str, number: tuple[int, ...] | None) -> None:
    assert number_of(label) == number


@pytest.mark.parametrize(
    "line", ["2026.1.1 起施行", "1.5万元", "附件齐全的，应当受理。", "序言部分应当简短。", "条例", ""]
)
def test_what_is_no_number(line: str) -> None:
    assert mark_of(line) is None


def test_joining_keeps_every_word_and_where_they_came_from() -> None:
    rows = [
        ClauseRow("第一条", text="甲。", continues="a"),
        ClauseRow("第二条", "标题", "乙。\n（一）丙。", continues="b", also=("c",)),
    ]
    (one,) = joined(rows, 1)
    assert one == ClauseRow("第一条", text="甲。\n\n第二条 标题\n\n乙。\n（一）丙。", continues="a", also=("b", "c"))
    with pytest.raises(IndexError):
        joined(rows, 0)


def test_parting_makes_a_clause_that_comes_from_the_same_one() -> None:
    rows = [ClauseRow("第一条", text="甲。\n\n第二条　乙。\n\n丙。", line=4, continues="a")]
    first, second = parted(rows, 0, 1)
    assert first == ClauseRow("第一条", text="甲。", line=4, continues="a")
    assert second == ClauseRow("第二条", text="乙。\n\n丙。", line=4, also=("a",))
    for paragraph in (0, 3):
        with pytest.raises(IndexError):
            parted(rows, 0, paragraph)
