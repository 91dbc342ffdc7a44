"""QTI 1.2 as Canvas exports it: every question type, with and without the type named."""

from pathlib import Path
from typing import Any

import pytest

from assessments.exchange.canvas import read_canvas
from assessments.exchange.report import Read, Told
from assessments.scoring.marking import ItemKind

from .drafts import LANGUAGES, OPTIONS, zh

BANKS = Path(__file__).parents[2] / "data" / "question-banks"


@pytest.fixture(scope="module")
def simple() -> dict[str, Read]:
    data = (BANKS / "canvas_all_simple_qti12.xml").read_bytes()
    return {item.name: item for item in read_canvas(data, language="en", source="en", languages=LANGUAGES).items}


def draft_of(found: Read) -> Any:
    assert found.draft, found.refusals
    return found.draft


def told(found: Read) -> set[Told]:
    return {loss.code for loss in found.losses}


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("Question 1", "single", ["a"]),
        ("Question 2", "true_false", ["true"]),
        ("Question 5", "multiple", ["a", "b", "c"]),
        ("Question 6", "cloze", {"1": ["a"]}),
        ("Question 7", "matching", {"1": "a", "2": "a", "3": "b", "4": "a", "5": "b"}),
    ],
)
def test_chosen_answers(simple: dict[str, Read], name: str, kind: str, key: object) -> None:
    draft = draft_of(simple[name])
    assert (draft.kind.value, draft.key) == (kind, key)
    assert draft.rationale == {"en": "Item Feedback, Neutral"}
    assert {Told.RESULT_FEEDBACK, Told.TITLE} <= told(simple[name])


def test_typed_answers(simple: dict[str, Read]) -> None:
    assert [row["text"] for row in draft_of(simple["Question 3"]).key["answers"]] == ["Blank", "blank"]
    blanks = draft_of(simple["Question 4"])
    assert blanks.stem["en"].startswith("Question 4, Fill in [[1]] [[2]], Answers")
    assert [row["text"] for row in blanks.key["2"]["answers"]] == ["Blanks", "blanks"]


def test_numbers_exact_in_a_range_and_by_precision(simple: dict[str, Read]) -> None:
    spans = [(row["low"], row["high"]) for row in draft_of(simple["Question 8"]).key["answers"]]
    assert spans == [("0", "0"), ("41.5", "42.5"), ("41.995", "42.005")]
    assert Told.OPEN_BOUND in told(simple["Question 8"])


def test_what_is_empty_is_told(simple: dict[str, Read]) -> None:
    assert Told.EMPTY_OPTION in told(simple["Question 5"])
    assert Told.EMPTY_LINE in told(simple["Question 7"])


def test_an_essay_and_a_formula(simple: dict[str, Read]) -> None:
    assert draft_of(simple["Question 10"]).kind is ItemKind.OPEN
    assert Told.GUIDE_SET in told(simple["Question 10"])
    assert [refusal.code for refusal in simple["Question 9"].refusals] == [Told.CALCULATED]


def test_questions_that_name_no_type() -> None:
    data = (BANKS / "canvas_edge_cases_qti12.xml").read_bytes()
    blanks, lists, matching, unnamed = read_canvas(data, language="en", source="en", languages=LANGUAGES).items
    assert draft_of(blanks).parts[0].kind is ItemKind.SHORT_TEXT
    assert draft_of(lists).parts[0].kind is ItemKind.SINGLE
    assert Told.KIND_TAKEN in told(blanks) & told(lists)
    assert [found.refusals[0].code for found in (matching, unnamed)] == [Told.FEW_LINES] * 2


def one(kind: str, presentation: str, processing: str = "", extra: str = "") -> Read:
    data = f"""<questestinterop><assessment><section><item ident="i9"><itemmetadata><qtimetadata><qtimetadatafield>
    <fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
    <presentation><material><mattext texttype="text/html">&lt;p&gt;题目&lt;/p&gt;</mattext></material>{presentation}
    </presentation><resprocessing>{processing}</resprocessing>{extra}</item></section></assessment></questestinterop>"""
    (found,) = read_canvas(data.encode(), **OPTIONS).items
    return found


def test_a_formula_with_one_answer_whose_numbers_are_not_shown() -> None:
    extra = (
        "<itemproc_extension><calculated><vars><var name='x'/></vars><var_sets><var_set><answer>42.0</answer></var_set>"
        "<var_set><answer>42.0</answer></var_set></var_sets></calculated></itemproc_extension>"
    )
    draft = draft_of(one("calculated_question", '<response_str ident="response1"/>', extra=extra))
    assert draft.stem == zh("题目")
    assert draft.key["answers"][0]["low"] == "42"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("text_only_question", Told.DESCRIPTION),
        ("file_upload_question", Told.BY_MEDIA),
        ("hot_spot_question", Told.UNKNOWN_KIND),
        ("multiple_choice_question", Told.INTERACTIONS),
    ],
)
def test_what_cannot_come_in_says_why(kind: str, code: Told) -> None:
    assert one(kind, "").refusals[0].code is code
