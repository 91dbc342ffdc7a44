"""What keeps an item from being used."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.rules import Choice, ItemDraft, Line, Medium, ProblemCode, gaps_of, problems_of, stem_pieces
from assessments.scoring.marking import ItemKind

LANGUAGES = ("en", "zh-hans")


def option(ident: str, **text: str) -> Choice:
    return Choice(ident, {"en": text.get("en", f"Option {ident}"), "zh-hans": text.get("zh", f"选项{ident}")})


GOOD = ItemDraft(
    kind=ItemKind.SINGLE,
    stem={"en": "Which comes first?", "zh-hans": "先办哪一项？"},
    options=(option("a"), option("b")),
    key=["a"],
    level=3,
    judged_p=0.6,
)
CLOZE = ItemDraft(
    kind=ItemKind.CLOZE,
    stem={"en": "Within [[1]] days [[2]].", "zh-hans": "[[2]]，[[1]]日内。"},
    parts=(Line("1", kind=ItemKind.NUMERIC), Line("2", kind=ItemKind.SINGLE, options=(option("a"), option("b")))),
    key={"1": {"answers": [{"low": "5", "high": "5", "credit": 1}]}, "2": ["a"]},
)


def codes(draft: ItemDraft) -> list[tuple[ProblemCode, str]]:
    return [(problem.code, problem.where) for problem in problems_of(draft, "en", LANGUAGES)]


@pytest.mark.parametrize("draft", [GOOD, CLOZE], ids=["single", "cloze"])
def test_a_whole_item_has_no_problem(draft: ItemDraft) -> None:
    assert codes(draft) == []


def in_chinese_alone(draft: ItemDraft) -> ItemDraft:
    """The draft as an office writes it that has no English."""
    options = tuple(replace(one, text={"zh-hans": one.text["zh-hans"]}) for one in draft.options)
    return replace(draft, stem={"zh-hans": draft.stem["zh-hans"]}, options=options, rationale={})


def test_an_item_in_one_language_is_whole_whichever_it_is() -> None:
    draft = in_chinese_alone(GOOD)
    assert codes(draft) == []
    first, *others = draft.options
    assert codes(replace(draft, options=(replace(first, text={"en": "Only here"}), *others))) == [
        (ProblemCode.EMPTY_OPTION, first.id)
    ]
    picture = Medium("a1", is_picture=True, text={"en": "A form"})
    assert codes(replace(draft, media=(picture,))) == [(ProblemCode.NO_ALT, "a1")]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"stem": {"en": " ", "zh-hans": ""}}, (ProblemCode.NO_STEM, "")),
        ({"stem": {"en": "x" * 10_001}}, (ProblemCode.TOO_LONG, "")),
        ({"options": tuple(option(f"o{n}") for n in range(27)), "key": ["o1"]}, (ProblemCode.TOO_MANY, "")),
        ({"options": (option("a"), option("b", en=" "))}, (ProblemCode.EMPTY_OPTION, "b")),
        ({"options": (option("a", en="Same"), option("b", en=" same "))}, (ProblemCode.SAME_OPTION, "b")),
        ({"options": (option("a"), option("b", zh=""))}, (ProblemCode.LANGUAGE_INCOMPLETE, "zh-hans")),
        ({"key": ["c"]}, (ProblemCode.BROKEN_KEY, "")),
        ({"judged_p": 0.99}, (ProblemCode.CHANCE, "")),
        ({"bar": 0.0}, (ProblemCode.BAR, "")),
        ({"valid_from": date(2026, 3, 2), "valid_until": date(2026, 3, 1)}, (ProblemCode.DATES_REVERSED, "")),
    ],
)
def test_each_problem_is_named(change: dict[str, object], problem: tuple[ProblemCode, str]) -> None:
    assert codes(replace(GOOD, **change)) == [problem]  # type: ignore[arg-type]


def test_an_item_may_be_in_one_language_only() -> None:
    assert (
        codes(replace(GOOD, stem={"en": "Which?"}, options=(Choice("a", {"en": "A"}), Choice("b", {"en": "B"})))) == []
    )


def test_each_language_has_the_same_gaps() -> None:
    assert codes(replace(CLOZE, stem=dict(CLOZE.stem) | {"zh-hans": "[[1]]日内。"})) == [
        (ProblemCode.GAPS_DIFFER, "zh-hans")
    ]


def test_a_part_without_words_is_named() -> None:
    lines = (Line("1", {"en": "Form"}), Line("2", {"en": ""}))
    draft = replace(GOOD, kind=ItemKind.MATCHING, parts=lines, key={"1": "a", "2": "b"}, stem={"en": "Match"})
    assert codes(draft) == [(ProblemCode.EMPTY_PART, "2")]


def test_a_stem_with_gaps_falls_into_pieces() -> None:
    assert gaps_of("Within [[1]] days [[2]].") == ["1", "2"]
    assert stem_pieces("Within [[1]] days [[2]].") == [("Within ", "1"), (" days ", "2"), (".", "")]
    assert stem_pieces("No gap [[ 1 ]]") == [("No gap [[ 1 ]]", "")]
