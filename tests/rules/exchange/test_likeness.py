"""Near-duplicates in Chinese and English."""

import time

import pytest

from assessments.exchange.likeness import likeness_of, pieces, words_of

from .drafts import OF_KIND

STEM = "群众提交的材料不齐时，窗口人员首先应当怎样做？"


@pytest.mark.parametrize(
    ("text", "other", "is_alike"),
    [
        (STEM, "群众提交的材料不齐全时,窗口人员首先应当怎样做", True),
        (STEM, "群众提交的材料齐全时，后台人员多久应当办结？", False),
        ("Who signs the form first?", "WHO  signs the form first", True),
        ("Who signs the form first?", "Where does the clerk keep the seal?", False),
        ("", "", False),
    ],
)
def test_what_is_alike(text: str, other: str, is_alike: bool) -> None:
    found = likeness_of([("k", other)]).nearest(text)
    assert bool(found) is is_alike


def test_a_question_is_not_like_itself_and_the_nearest_is_named() -> None:
    likeness = likeness_of([("own", STEM), ("near", STEM + "请选择"), ("far", STEM + "请从下列选项中选择一项")])
    found = likeness.nearest(STEM, without="own")
    assert found
    assert found.name == "near"


def test_pieces_ignore_width_and_signs() -> None:
    assert pieces("ＡＢＣ，ｄ") == pieces("abc d")


def test_words_are_those_a_candidate_reads() -> None:
    assert "一次性告知" in words_of(OF_KIND["single"], "zh-hans")  # type: ignore[index]
    assert "正确" not in words_of(OF_KIND["true_false"], "zh-hans")  # type: ignore[index]


def test_two_hundred_questions_against_five_thousand_are_quick() -> None:
    texts = [
        (str(n), f"第{n}号事项由第{n * 7 % 97}号窗口在{n % 13}日内办结并告知申请人材料清单{n * 31}")
        for n in range(5_000)
    ]
    likeness = likeness_of(texts)
    start = time.perf_counter()
    for n in range(200):
        likeness.nearest(f"第{n}号事项由第{n}号窗口受理", without=str(n))
    assert time.perf_counter() - start < 5
