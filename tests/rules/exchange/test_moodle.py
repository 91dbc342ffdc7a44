"""Moodle XML: its question types in, the kinds it has out, and back again."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exchange.moodle import read_moodle
from assessments.exchange.moodle_writing import write_moodle
from assessments.exchange.report import Read, Told
from assessments.rules import ItemDraft, stem_pieces
from assessments.scoring.marking import ItemKind

from .drafts import OF_KIND, OPTIONS, choice_drafts, matching_drafts, whole, word_drafts, zh

CARRIED = ("single", "multiple", "true_false", "ordering", "matching", "numeric", "short_text", "cloze", "open")


def read(body: str, kind: str = "multichoice") -> Read:
    """A question with this body."""
    data = f"""<?xml version="1.0"?><quiz><question type="{kind}"><name><text>Q1</text></name>
    <questiontext format="html"><text><![CDATA[<p>哪一项？</p>]]></text></questiontext>
    {body}</question></quiz>"""
    (found,) = read_moodle(data.encode(), **OPTIONS).items
    return found


def answers(*pairs: tuple[str, str]) -> str:
    return "".join(f'<answer fraction="{share}"><text>{text}</text></answer>' for text, share in pairs)


def told(found: Read) -> list[Told]:
    return [loss.code for loss in found.losses]


def draft_of(found: Read) -> ItemDraft:
    assert found.draft, found.refusals
    return found.draft


def refusal(found: Read) -> Told:
    assert found.draft is None
    return found.refusals[0].code


def test_a_single_choice_with_all_it_loses() -> None:
    body = (
        "<single>true</single><shuffleanswers>0</shuffleanswers><defaultgrade>2.0000000</defaultgrade>"
        '<correctfeedback format="html"><text>&lt;p&gt;Well done&lt;/p&gt;</text></correctfeedback>'
        "<hint><text>Think</text></hint>"
        '<answer fraction="100" format="html"><text>&lt;b&gt;甲&lt;/b&gt;</text><feedback><text>Yes</text></feedback>'
        '</answer><answer fraction="50"><text>乙</text></answer>'
    )
    found = read(body)
    assert draft_of(found).key == ["a"]
    assert draft_of(found).options[0].text == zh("甲")
    assert told(found) == [
        Told.RESULT_FEEDBACK, Told.HINT, Told.POINTS, Told.FIXED_ORDER, Told.FEEDBACK, Told.MARKUP, Told.SHARES,
    ]  # fmt: skip


def test_thirds_are_one_share_each() -> None:
    found = read(answers(("甲", "33.33333"), ("乙", "33.33333"), ("丙", "33.33333"), ("丁", "-33.33333")))
    assert draft_of(found).kind is ItemKind.MULTIPLE
    assert draft_of(found).key == ["a", "b", "c"]
    assert told(found) == []


def test_true_or_false() -> None:
    assert draft_of(read(answers(("true", "0"), ("false", "100")), "truefalse")).key == ["false"]


def test_short_answers_by_case() -> None:
    key = draft_of(read("<usecase>1</usecase>" + answers(("ID", "100"), ("id", "50")), "shortanswer")).key
    assert key == {"answers": [{"text": "ID", "credit": 1.0}, {"text": "id", "credit": 0.5}], "match_case": True}


def test_numbers_with_a_tolerance() -> None:
    body = '<answer fraction="100"><text>5</text><tolerance>0.5</tolerance></answer>' + answers(("*", "0"))
    assert draft_of(read(body, "numerical")).key == {"answers": [{"low": "4.5", "high": "5.5", "credit": 1.0}]}


@pytest.mark.parametrize("kind", ["matching", "ddmatch"])
def test_matching(kind: str) -> None:
    body = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in (("居住证", "综合"), ("落户", "综合"), ("", "税务"))
    )
    draft = draft_of(read(body, kind))
    assert draft.key == {"1": "a", "2": "a"}
    assert [option.text["zh-hans"] for option in draft.options] == ["综合", "税务"]


def test_an_essay_with_a_guide_and_one_without() -> None:
    guide = "<graderinfo><text>[3] 依据\n[2] 语气\n先致歉。</text></graderinfo>"
    key: Any = draft_of(read(guide, "essay")).key
    assert [row["points"] for row in key["criteria"]] == [3, 2]
    assert key["model_answer"] == zh("先致歉。")
    assert told(read("", "essay")) == [Told.GUIDE_SET]


def test_ordering() -> None:
    draft = draft_of(read(answers(("受理", "1"), ("审查", "2"), ("办结", "3")), "ordering"))
    assert draft.key == ["a", "b", "c"]


def test_a_cloze_of_three_kinds() -> None:
    text = (
        "在{1:NUMERICAL:=5:0.5~%50%7:0}日内由{2:MULTICHOICE:导办台#不是~%50%后台~=窗口}"
        "出具{1:SA:=受理通知书~=回\\}执}。"
    )
    data = f'<quiz><question type="cloze"><questiontext><text>{text}</text></questiontext></question></quiz>'
    (found,) = read_moodle(data.encode(), **OPTIONS).items
    draft: Any = draft_of(found)
    assert draft.stem == zh("在[[1]]日内由[[2]]出具[[3]]。")
    assert [part.kind.value for part in draft.parts] == ["numeric", "single", "short_text"]
    assert draft.key["1"]["answers"][0] == {"low": "4.5", "high": "5.5", "credit": 1.0}
    assert draft.key["2"] == ["c"]
    assert [row["text"] for row in draft.key["3"]["answers"]] == ["受理通知书", "回}执"]
    assert set(told(found)) == {Told.POINTS, Told.FEEDBACK, Told.SHARES}


@pytest.mark.parametrize(("kind", "tag"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_words_to_place(kind: str, tag: str) -> None:
    data = (
        f'<quiz><question type="{kind}"><questiontext><text>[[2]]在[[3]]受理</text></questiontext>'
        + "".join(
            f"<{tag}><text>{text}</text><group>{group}</group></{tag}>"
            for text, group in (("导办", 1), ("窗口", 1), ("当日", 2), ("次日", 2))
        )
        + "</question></quiz>"
    )
    (found,) = read_moodle(data.encode(), **OPTIONS).items
    draft: Any = draft_of(found)
    assert draft.stem == zh("[[1]]在[[2]]受理")
    assert draft.key == {"1": ["b"], "2": ["a"]}


def test_general_feedback_tags_and_names() -> None:
    body = (
        "<single>true</single><generalfeedback><text>依据第三条</text></generalfeedback><idnumber>k-9</idnumber>"
        "<tags><tag><text>level:2</text></tag><tag><text>hall</text></tag></tags>" + answers(("甲", "100"), ("乙", "0"))
    )
    found = read(body)
    draft = draft_of(found)
    assert (draft.rationale, draft.code, draft.level) == (zh("依据第三条"), "k-9", 2)
    assert told(found) == [Told.TITLE, Told.TAG]


def test_files_in_a_text_that_are_not_kept_are_named() -> None:
    data = """<quiz><question type="truefalse"><questiontext format="html">
    <text>&lt;img src="@@PLUGINFILE@@/map.gif"&gt;看图</text>
    <file name="map.gif" path="/" encoding="base64">aGFsbG8=</file></questiontext>
    <answer fraction="100"><text>true</text></answer></question></quiz>"""
    (found,) = read_moodle(data.encode(), **OPTIONS).items
    assert [(loss.code, dict(loss.values)) for loss in found.losses] == [
        (Told.IMAGE, {"name": "map.gif"}),
        (Told.FILE, {"name": "map.gif"}),
    ]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("description", "", Told.DESCRIPTION),
        ("calculated", "", Told.CALCULATED),
        ("randomsamatch", "", Told.RANDOM),
        ("ddmarker", "", Told.BY_MEDIA),
        ("stack", "", Told.UNKNOWN_KIND),
        ("multichoice", "<single>true</single>" + answers(("甲", "100"), ("乙", "100")), Told.SEVERAL_RIGHT),
        ("multichoice", "<single>true</single>" + answers(("甲", "80"), ("乙", "0")), Told.NO_FULL_CREDIT),
        ("multichoice", answers(("甲", "x"), ("乙", "0")), Told.ANSWER_UNREADABLE),
        ("multichoice", answers(("甲", "inf"), ("乙", "0")), Told.ANSWER_UNREADABLE),
        ("truefalse", "", Told.NO_ANSWER),
        ("shortanswer", "", Told.NO_ANSWER),
        ("numerical", answers(("many", "100")), Told.ANSWER_UNREADABLE),
        ("cloze", "", Told.PROBLEM),
    ],
)
def test_what_cannot_come_in_says_why(kind: str, body: str, code: Told) -> None:
    found = read(body, kind)
    assert refusal(found) is code
    assert (found.name, found.line) == ("Q1", 1)


def test_a_category_is_told_once_for_the_file() -> None:
    data = b'<quiz><question type="category"><category><text>$course$/a</text></category></question>' + (
        b'<question type="description"><questiontext><text>x</text></questiontext></question></quiz>'
    )
    assert [note.code for note in read_moodle(data, **OPTIONS).notes] == [Told.CATEGORY]


@pytest.mark.parametrize("kind", CARRIED)
def test_what_goes_out_comes_in_the_same(kind: str) -> None:
    draft = OF_KIND[kind]  # type: ignore[index]
    written = write_moodle([draft], language="zh-hans")
    assert written.left == ()
    (found,) = read_moodle(written.data, **OPTIONS).items
    assert (found.draft, found.losses) == (draft, ())


@st.composite
def clozes(draw: st.DrawFn) -> ItemDraft:
    """A cloze with a gap for a choice and one for words, among any words."""
    one, two = draw(choice_drafts(ItemKind.SINGLE)), draw(word_drafts())
    cloze = OF_KIND[ItemKind.CLOZE]
    parts = (replace(cloze.parts[1], id="1", options=one.options), replace(cloze.parts[2], id="2"))
    stem = f"{one.stem['zh-hans']}[[1]]{two.stem['zh-hans']}[[2]]。"
    return ItemDraft(ItemKind.CLOZE, zh(stem), {"1": one.key, "2": two.key}, parts=parts)


@given(
    st.one_of(
        choice_drafts(ItemKind.SINGLE),
        choice_drafts(ItemKind.MULTIPLE),
        choice_drafts(ItemKind.ORDERING),
        matching_drafts(),
        word_drafts(),
        clozes().filter(lambda draft: len(stem_pieces(draft.stem["zh-hans"])) == 3),
    ).map(whole)
)
def test_any_words_survive(draft: ItemDraft) -> None:
    written = write_moodle([draft], language="zh-hans")
    if written.left:
        assert [note.code for note in written.left[0].notes] == [Told.FRAGMENT]
        return
    (found,) = read_moodle(written.data, **OPTIONS).items
    assert (found.draft, found.losses) == (draft, ())


@pytest.mark.parametrize("kind", ["documents", "case", "scenario"])
def test_what_moodle_cannot_say_is_left_out_by_name(kind: str) -> None:
    (left,) = write_moodle([OF_KIND[kind]], language="zh-hans").left  # type: ignore[index]
    assert (left.name, left.is_out, left.notes[-1].code) == ("q-1", True, Told.KIND)
