"""QTI 2.1 and 2.2: single items, files of several, packages, and back again."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exchange.packages import read_package
from assessments.exchange.qti2 import read_qti2
from assessments.exchange.qti2_writing import write_qti2
from assessments.exchange.report import Read, Told
from assessments.rules import ItemDraft
from assessments.scoring.marking import ItemKind

from .drafts import LANGUAGES, OF_KIND, OPTIONS, choice_drafts, matching_drafts, whole, word_drafts, zh

BANKS = Path(__file__).parents[2] / "data" / "question-banks"
SCORED_ELSEWHERE = {ItemKind.ORDERING, ItemKind.DOCUMENTS, ItemKind.CASE}


def item(body: str, declared: str, rest: str = "", attributes: str = "") -> Read:
    data = f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="i1" {attributes}>
    {declared}<itemBody>{body}</itemBody>{rest}</assessmentItem>"""
    (found,) = read_qti2(data.encode(), **OPTIONS).items
    return found


def declared(cardinality: str, base: str, *values: str, mapping: str = "", name: str = "R") -> str:
    right = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{right}</correctResponse>{mapping}</responseDeclaration>"
    )


def choices(*texts: str, most: int = 1) -> str:
    options = "".join(f'<simpleChoice identifier="C{n}">{text}</simpleChoice>' for n, text in enumerate(texts))
    start = f'<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="{most}"><prompt>哪项？</prompt>'
    return f"{start}{options}</choiceInteraction>"


def draft_of(found: Read) -> Any:
    assert found.draft, found.refusals
    return found.draft


def told(found: Read) -> list[Told]:
    return [loss.code for loss in found.losses]


def test_the_example_of_the_specification() -> None:
    data = (BANKS / "qti21_choice.xml").read_bytes()
    (found,) = read_qti2(data, language="en", source="en", languages=LANGUAGES).items
    draft = draft_of(found)
    assert (draft.kind, draft.key, draft.code) == (ItemKind.SINGLE, ["a"], "choice")
    assert draft.stem["en"] == "Look at the text in the picture.\nWhat does it say?"
    assert told(found) == [Told.IMAGE, Told.TITLE]
    assert (found.line, found.name) == (3, "choice")


def test_weights_of_a_mapping() -> None:
    mapping = (
        '<mapping><mapEntry mapKey="C0" mappedValue="1"/><mapEntry mapKey="C1" mappedValue="1"/>'
        '<mapEntry mapKey="C2" mappedValue="-1"/></mapping>'
    )
    processing = '<responseProcessing template="http://x/map_response"/>'
    found = item(choices("甲", "乙", "丙", most=0), declared("multiple", "identifier", mapping=mapping), processing)
    assert (draft_of(found).kind, draft_of(found).key) == (ItemKind.MULTIPLE, ["a", "b"])
    assert told(found) == []


def test_all_or_nothing_is_told() -> None:
    processing = '<responseProcessing template="http://x/match_correct"/>'
    found = item(choices("甲", "乙", "丙", most=0), declared("multiple", "identifier", "C0", "C1"), processing)
    assert draft_of(found).key == ["a", "b"]
    assert told(found) == [Told.OWN_SCORING]


def test_partial_credit_of_a_single_choice_is_told() -> None:
    mapping = '<mapping><mapEntry mapKey="C0" mappedValue="2"/><mapEntry mapKey="C1" mappedValue="1"/></mapping>'
    found = item(choices("甲", "乙"), declared("single", "identifier", "C0", mapping=mapping))
    assert draft_of(found).key == ["a"]
    assert told(found) == [Told.SHARES]


def test_steps_in_order() -> None:
    body = '<orderInteraction responseIdentifier="R"><prompt>排列</prompt>' + "".join(
        f'<simpleChoice identifier="C{n}">{text}</simpleChoice>' for n, text in enumerate(("审查", "受理"))
    )
    draft = draft_of(item(f"{body}</orderInteraction>", declared("ordered", "identifier", "C1", "C0")))
    assert [option.text["zh-hans"] for option in draft.options] == ["受理", "审查"]
    assert draft.stem == zh("排列")


def match_sets(*pairs: str) -> Read:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{i}" matchMax="2">{i}事</simpleAssociableChoice>' for i in ids)
        + "</simpleMatchSet>"
        for ids in (("A", "B"), ("X", "Y", "Z"))
    )
    body = f'<p>配对</p><matchInteraction responseIdentifier="R">{sets}</matchInteraction>'
    return item(body, declared("multiple", "directedPair", *pairs), '<responseProcessing template="u/map_response"/>')


def test_a_match_of_two_sets() -> None:
    draft = draft_of(match_sets("A Y", "B Y"))
    assert draft.kind is ItemKind.MATCHING
    assert draft.key == {"1": "a", "2": "a"}
    assert draft.options[0].text == zh("Y事")


def test_a_match_with_two_answers_to_a_line_is_refused() -> None:
    assert match_sets("A X", "A Y", "B X").refusals[0].code is Told.INTERACTIONS


def test_an_association_is_a_matching_and_says_so() -> None:
    body = '<associateInteraction responseIdentifier="R">' + "".join(
        f'<simpleAssociableChoice identifier="{i}" matchMax="1">{i}事</simpleAssociableChoice>' for i in "ABCDE"
    )
    found = item(f"<p>配对</p>{body}</associateInteraction>", declared("multiple", "pair", "A B", "C D"))
    assert [line.text["zh-hans"] for line in draft_of(found).parts] == ["A事", "C事"]
    assert Told.ASSOCIATION in told(found)


def test_gaps_in_a_text() -> None:
    body = (
        "<p>由<inlineChoiceInteraction responseIdentifier='R'><inlineChoice identifier='C0'>窗口</inlineChoice>"
        "<inlineChoice identifier='C1'>后台</inlineChoice></inlineChoiceInteraction>在"
        "<textEntryInteraction responseIdentifier='S'/>日内办结。</p>"
    )
    both = declared("single", "identifier", "C0") + declared("single", "float", "5", name="S")
    draft = draft_of(item(body, both))
    assert draft.stem == zh("由[[1]]在[[2]]日内办结。")
    assert [part.kind.value for part in draft.parts] == ["single", "numeric"]
    assert draft.key["2"] == {"answers": [{"low": "5", "high": "5", "credit": 1.0}]}


def test_a_number_with_a_tolerance_of_its_own_processing() -> None:
    processing = """<responseProcessing><responseCondition><responseIf>
    <equal toleranceMode="absolute" tolerance="0.5 1"><variable identifier="R"/>
    <baseValue baseType="float">5</baseValue></equal>
    <setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue></responseIf>
    <responseElseIf><and><gte><variable identifier="R"/><baseValue baseType="float">3</baseValue></gte>
    <lt><variable identifier="R"/><baseValue baseType="float">9</baseValue></lt></and>
    <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseElseIf>
    </responseCondition></responseProcessing>"""
    body = '<p>几日？<textEntryInteraction responseIdentifier="R"/></p>'
    found = item(body, declared("single", "float", "5"), processing)
    assert draft_of(found).key == {
        "answers": [{"low": "4.5", "high": "6", "credit": 1.0}, {"low": "3", "high": "9", "credit": 0.5}]
    }
    assert told(found) == [Told.OPEN_BOUND]


def test_an_open_answer_takes_its_guide_from_the_rubric() -> None:
    body = (
        '<p>怎样答复？</p><extendedTextInteraction responseIdentifier="R"/>'
        '<rubricBlock view="scorer"><p>[3] 依据</p><p>先致歉。</p></rubricBlock>'
    )
    draft = draft_of(item(body, declared("single", "string")))
    assert draft.key["criteria"][0]["points"] == 3
    assert draft.key["model_answer"] == zh("先致歉。")
    assert draft.stem == zh("怎样答复？")


@pytest.mark.parametrize(
    ("body", "declaration", "code"),
    [
        ("<p>只有文字</p>", "", Told.DESCRIPTION),
        ('<hotspotInteraction responseIdentifier="R"/>', declared("single", "identifier", "A"), Told.BY_MEDIA),
        ('<sliderInteraction responseIdentifier="R"/>', declared("single", "integer", "1"), Told.UNKNOWN_KIND),
        (choices("甲", "乙"), "", Told.MISSING_PART),
        (choices("甲", "乙"), declared("single", "identifier", "C9"), Told.NOT_AN_OPTION),
        (choices("甲", "乙"), declared("single", "identifier"), Told.NO_ANSWER),
        (choices("甲", "乙"), declared("single", "identifier", ""), Told.NOT_AN_OPTION),
        (choices("甲", "乙") * 2 + "<p>x</p>", '<templateDeclaration identifier="T"/>', Told.CALCULATED),
    ],
)
def test_what_cannot_come_in_says_why(body: str, declaration: str, code: Told) -> None:
    assert item(body, declaration).refusals[0].code is code


def package(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_package_without_a_manifest_and_with_a_broken_part() -> None:
    good = (BANKS / "qti21_choice.xml").read_bytes()
    files = (("images/sign.png", b"x"), ("images/other.png", b"y"))
    data = package(("a/1.xml", good), ("a/2.xml", b"<broken"), *files)
    file = read_package(data, language="en", source="en", languages=LANGUAGES)
    assert [bool(found.draft) for found in file.items] == [True, False]
    assert file.items[1].refusals[0].code is Told.UNREADABLE
    assert [(one.name, one.data) for one in file.items[0].media] == [("sign.png", b"x")]
    assert [dict(note.values) for note in file.notes] == [{"name": "images/other.png"}]


def test_a_package_of_canvas_is_known() -> None:
    data = package(("q/q.xml", (BANKS / "canvas_edge_cases_qti12.xml").read_bytes()))
    file = read_package(data, language="en", source="en", languages=LANGUAGES)
    assert (file.format.value, len(file.items)) == ("canvas", 4)


@pytest.mark.parametrize("kind", [kind for kind in ItemKind if kind is not ItemKind.SCENARIO])
def test_what_goes_out_comes_in_the_same(kind: ItemKind) -> None:
    written = write_qti2([OF_KIND[kind]], language="zh-hans")
    elsewhere = [Told.SCORING] if kind in SCORED_ELSEWHERE else []
    assert [note.code for left in written.left for note in left.notes] == elsewhere
    (found,) = read_package(written.data, **OPTIONS).items
    assert found.draft == OF_KIND[kind]
    assert set(told(found)) <= {Told.OWN_SCORING}


@given(
    st.one_of(
        choice_drafts(ItemKind.SINGLE),
        choice_drafts(ItemKind.MULTIPLE),
        choice_drafts(ItemKind.ORDERING),
        matching_drafts(),
        word_drafts(),
    ).map(whole)
)
def test_any_words_survive_or_are_told(drawn: ItemDraft) -> None:
    draft = replace(drawn, code="q-1")  # QTI wants a name for each item
    written = write_qti2([draft], language="zh-hans")
    (found,) = read_package(written.data, **OPTIONS).items
    if Told.SPACES in [note.code for left in written.left for note in left.notes]:
        return
    assert found.draft == draft


def test_a_scenario_is_left_out_by_name() -> None:
    (left,) = write_qti2([OF_KIND[ItemKind.SCENARIO]], language="zh-hans").left
    assert (left.name, left.is_out, left.notes[-1].code) == ("q-1", True, Told.KIND)
