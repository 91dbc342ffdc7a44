"""Questions as offices type them, in text and Word files."""

import io
import zipfile
from typing import Any

import pytest

from assessments.exchange.report import Read, ReadFile, Told
from assessments.exchange.text import read_text
from assessments.exchange.word import read_word
from assessments.scoring.marking import ItemKind
from training.lib.office import FileRefused

from .drafts import OPTIONS, zh

PAPER = """窗口人员业务考试题库

一、单项选择题（每题2分，共4分）
1．群众材料不齐时，窗口应当（ B ）。
A．直接退件   B．一次性告知
C．收件后再说   D．转办
解析：依据《一次性告知制度》第三条。
2、首问负责人是谁？
A.第一个接待的人；
B.科长；
答案：A
二、多选题
1. 哪些材料要查验原件？（　　）
Ａ．身份证　Ｂ．照片　Ｃ．营业执照
【答案】Ａ、Ｃ 【解析】照片不必。
三、判断题
1. 首问负责制只适用于导办台。（×）
2. 咨询台也要一次性告知。
3. 可以收取手续费。
答案：2.√ 3.×
四、填空题
1. 收到申请后____个工作日内，由____出具受理通知书。
答案：5|五；窗口
五、简答题
1. 怎样答复情绪激动的群众？
答案：1. 先致歉。
2. 再说明依据。
2. 哪些事项可以容缺受理？
答案：次要材料欠缺的。
六、排序题
1. 请排列办理步骤
A.审查 B.受理 C.办结
答案：BAC
"""


def read(text: str, encoding: str = "utf-8") -> ReadFile:
    return read_text(text.encode(encoding), **OPTIONS)


def one(text: str) -> Any:
    (found,) = read(text).items
    assert found.draft, found.refusals
    return found.draft


def refusal(text: str) -> Read:
    (found,) = read(text).items
    assert found.draft is None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_whole_paper_in_every_encoding_of_an_office(encoding: str) -> None:
    file = read(PAPER, encoding)
    assert [item.refusals for item in file.items] == [()] * 10
    kinds = [item.draft.kind.value for item in file.items if item.draft]
    assert kinds == [
        "single", "single", "multiple", "true_false", "true_false", "true_false", "cloze", "open", "open", "ordering",
    ]  # fmt: skip
    assert [note.code for note in file.notes] == [Told.FRAGMENT, Told.FRAGMENT]


def test_an_answer_in_the_brackets_of_the_stem() -> None:
    draft = read(PAPER).items[0].draft
    assert draft
    assert (draft.stem, draft.key) == (zh("群众材料不齐时，窗口应当（　）。"), ["b"])
    assert [option.text["zh-hans"] for option in draft.options] == ["直接退件", "一次性告知", "收件后再说", "转办"]
    assert draft.rationale == zh("依据《一次性告知制度》第三条。")


def test_full_width_letters_and_brackets() -> None:
    found = read(PAPER).items[2]
    assert found.draft
    assert (found.draft.key, found.draft.rationale, found.line) == (["a", "c"], zh("照片不必。"), 13)


def test_answers_on_one_line_at_the_end_of_a_section() -> None:
    assert [item.draft.key for item in read(PAPER).items[3:6] if item.draft] == [["false"], ["true"], ["false"]]


def test_blanks_are_filled_in_their_order() -> None:
    draft: Any = read(PAPER).items[6].draft
    assert draft.stem == zh("收到申请后[[1]]个工作日内，由[[2]]出具受理通知书。")
    assert [row["text"] for row in draft.key["1"]["answers"]] == ["5", "五"]


def test_numbered_steps_of_an_open_answer_are_no_questions() -> None:
    first, second = (item.draft for item in read(PAPER).items[7:9])
    assert first
    assert second
    assert first.key["model_answer"] == zh("1. 先致歉。\n2. 再说明依据。")  # type: ignore[index]
    assert second.stem == zh("哪些事项可以容缺受理？")
    assert read(PAPER).items[7].losses[0].code is Told.GUIDE_SET


def test_an_ordering_stands_in_its_right_order() -> None:
    draft = read(PAPER).items[9].draft
    assert draft
    assert [option.text["zh-hans"] for option in draft.options] == ["受理", "审查", "办结"]


@pytest.mark.parametrize("listed", ["1-5 ABCDA", "1.A 2.B 3.C 4.D 5.A", "1-3：ABC，4-5：DA", "1A2B3C4D5A"])
def test_answers_to_all_questions_at_the_end(listed: str) -> None:
    asked = "".join(f"{n}. 题目{n}\nA. 甲 B. 乙 C. 丙 D. 丁\n" for n in range(1, 6))
    items = read(f"单选题\n{asked}参考答案：\n{listed}\n").items
    assert [item.draft.key for item in items if item.draft] == [["a"], ["b"], ["c"], ["d"], ["a"]]


def test_answers_under_headings_at_the_end() -> None:
    asked = "一、单选题\n1. 甲题\nA. 甲 B. 乙\n二、判断题\n1. 乙题\n2. 丙题\n"
    items = read(f"{asked}参考答案\n一、单选题\n1.B\n二、判断题\n1.对 2.错").items
    assert [item.draft.key for item in items if item.draft] == [["b"], ["true"], ["false"]]


def test_a_question_may_say_its_kind_itself_or_by_its_answer() -> None:
    assert one("1. （多选题）哪些？\nA. 甲\nB. 乙\n答案：A").kind is ItemKind.MULTIPLE
    (found,) = read("1. 哪些？\nA. 甲\nB. 乙\n答案：AB").items
    assert found.draft
    assert found.draft.kind is ItemKind.MULTIPLE
    assert [loss.code for loss in found.losses] == [Told.KIND_TAKEN]


def test_true_and_false_as_options() -> None:
    assert one("判断题\n1. 可以收费\nA. 正确\nB. 错误\n答案：B").key == ["false"]


def test_numbers_with_a_point_begin_no_question_and_lines_go_on() -> None:
    draft = one("单选题\n1. 办结时限\n3.5 天是不是太长？\nA. 是\n的确\nB. 否\n答案：A")
    assert draft.stem == zh("办结时限\n3.5 天是不是太长？")
    assert draft.options[0].text == zh("是\n的确")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("单选题\n1. 哪项？\nA. 甲\nB. 乙", Told.NO_ANSWER),
        ("单选题\n1. 哪项？\nA. 甲\nB. 乙\n答案：AB", Told.SEVERAL_RIGHT),
        ("单选题\n1. 哪项？\nA. 甲\nB. 乙\n答案：C", Told.NOT_AN_OPTION),
        ("单选题\n1. 哪项？\nA. 甲\nC. 乙\n答案：A", Told.NOT_AN_OPTION),
        ("单选题\n1. 哪项？\n答案：A", Told.MISSING_PART),
        ("单选题\n1. 哪项（A）？\nA. 甲\nB. 乙\n答案：B", Told.ANSWERED_TWICE),
        ("判断题\n1. 可以收费。\n答案：也许", Told.ANSWER_UNREADABLE),
        ("填空题\n1. 由____在____办结。\n答案：窗口", Told.GAPS),
        ("连线题\n1. 连一连\n答案：1-A", Told.UNKNOWN_KIND),
    ],
)
def test_what_cannot_come_in_says_why_and_where(text: str, code: Told) -> None:
    found = refusal(text)
    assert (found.refusals[0].code, found.line) == (code, 2)


def test_a_listed_answer_to_no_question_is_told() -> None:
    file = read("单选题\n1. 哪项？\nA. 甲\nB. 乙\n参考答案\n1.A 2.B")
    assert [dict(note.values) for note in file.notes] == [{"text": "2 B"}]


def paragraph(text: str, level: int | None = None, extra: str = "") -> str:
    number = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>' if level is not None else ""
    )
    return f"<w:p>{number}<w:r><w:t>{text}</w:t></w:r>{extra}</w:p>"


def word(*paragraphs: str, body: str = "") -> bytes:
    buffer = io.BytesIO()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="%{n + 1}."/></w:lvl>'
        for n, style in enumerate(("decimal", "upperLetter"))
    )
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {space}><w:body>{''.join(paragraphs)}{body}</w:body></w:document>"
        )
        archive.writestr(
            "word/numbering.xml",
            f'<w:numbering {space}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>',
        )
    return buffer.getvalue()


def test_word_with_numbers_word_counts_itself() -> None:
    data = word(
        paragraph("单选题"),
        paragraph("先做什么？", 0),
        paragraph("退件", 1),
        paragraph("一次性告知", 1),
        paragraph("答案：B"),
        paragraph("谁是首问负责人？", 0),
        paragraph("接待的人", 1),
        paragraph("科长", 1),
        paragraph("答案：A"),
    )
    items = read_word(data, **OPTIONS).items
    assert [(item.line, item.draft.key) for item in items if item.draft] == [(2, ["b"]), (6, ["a"])]


def test_underlined_blanks_pictures_and_tables_of_word() -> None:
    blank = '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">   </w:t></w:r>'
    picture = "<w:r><w:drawing/></w:r><w:r><w:t>。</w:t></w:r>"
    data = word(
        paragraph("填空题"), paragraph("1. 落户须持", extra=blank + picture), paragraph("答案：居住证"), body="<w:tbl/>"
    )
    file = read_word(data, **OPTIONS)
    (found,) = file.items
    assert found.draft
    assert found.draft.stem == zh("落户须持[[1]]。")
    assert [loss.code for loss in found.losses] == [Told.IMAGE]
    assert [note.code for note in file.notes] == [Told.TABLE]


def test_another_zip_is_no_word_file() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileRefused):
        read_word(buffer.getvalue(), **OPTIONS)
