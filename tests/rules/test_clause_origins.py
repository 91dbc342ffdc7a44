"""Which clause each clause of a new text goes on as."""

import time

from training.matters.rules import ClauseRow, Known, origins, places

OLD = [
    Known("a", "第一条", "为了规范一次性告知，方便申请人，制定本办法。"),
    Known("b", "第二条", "窗口人员应当一次告知全部材料。告知应当书面，并由申请人签字确认收到。"),
    Known("c", "第三条", "收费标准应当公示。"),
    Known("d", "第四条", "投诉应当在五个工作日内答复。"),
]


def kinds(*rows: ClauseRow) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(origin.kind, origin.continues, origin.also) for origin in origins(OLD, rows)]


def test_the_same_words_go_on_whatever_their_number() -> None:
    assert kinds(ClauseRow("第九条", text=OLD[3].text)) == [("continues", "d", ())]


def test_a_reworded_clause_of_the_same_number_goes_on() -> None:
    found = kinds(ClauseRow("第一条", text="为了规范一次性告知工作，便利申请人，制定本规定。"))
    assert found == [("continues", "a", ())]


def test_a_clause_of_the_same_number_about_something_else_is_new() -> None:
    assert kinds(ClauseRow("第三条", text="自助机二十四小时开放。")) == [("new", "", ())]


def test_a_clause_cut_in_two_is_split() -> None:
    found = kinds(
        ClauseRow("第二条", text="窗口人员应当一次告知全部材料。"),
        ClauseRow("第三条", text="告知应当书面，并由申请人签字确认收到。"),
    )
    assert sorted(found) == [("continues", "b", ()), ("split", "", ("b",))]


def test_two_clauses_put_together_are_merged() -> None:
    found = kinds(ClauseRow("第三条", text=OLD[2].text + OLD[3].text))
    assert found in ([("merged", "c", ("d",))], [("merged", "d", ("c",))])


def test_english_clauses_that_only_share_common_words_are_not_merged() -> None:
    known = [
        Known(
            "a",
            "Article 1",
            "The clerk who takes a file in tells the applicant at once in writing what lacks.",
        ),
        Known("b", "Article 2", "The head of the section hears a complaint in five days and answers in writing."),
    ]
    row = ClauseRow(
        "Article 1",
        text="The clerk who takes a file in tells the applicant at once in writing what lacks in "
        "the file; the head of the section signs it within the day and hears what the applicant has to say.",
    )
    assert [(one.kind, one.continues) for one in origins(known, [row])] == [("continues", "a")]


def test_a_translation_is_placed_by_number_and_then_by_order() -> None:
    english = [
        Known("p", "Preamble", ""),
        Known("a", "Article 1", ""),
        Known("x", "Terms", ""),
        Known("b", "Annex 1", ""),
    ]
    rows = [ClauseRow("序言"), ClauseRow("第一条"), ClauseRow("名词解释"), ClauseRow("附件1")]
    assert [origin.continues for origin in places(english, rows)] == ["p", "a", "x", "b"]
    more = [*rows, ClauseRow("补充说明")]
    assert [origin.continues for origin in places(english, more)] == ["p", "a", "", "b", ""]


def test_long_policies_are_matched_in_time() -> None:
    known = [Known(str(n), f"第{n}条", f"第{n}项规定的内容{n * 7919}" * 20) for n in range(400)]
    rows = [ClauseRow(f"第{n + 5}条", text=f"第{n}项规定的其他内容{n * 7919}" * 20) for n in range(400)]
    begun = time.monotonic()
    assert len(origins(known, rows)) == 400
    assert time.monotonic() - begun < 10
