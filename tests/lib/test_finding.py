"""How texts are folded, looked for and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.lib.finding import Part, excerpt, fold, marked, texts_of, words_of


def shown(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("申请人应当持居住证办理", "居住证"),
        ("申请人应当持居住证办理", "证"),
        ("请出示ＩＤ卡", "ID卡"),
        ("请出示id卡", "ＩＤ卡"),
        ("Straße 12", "STRASSE"),
        ("㈱ and ﬁne print", "fine"),
        ("line\nbreak", "line break"),
    ],
)
def test_what_people_do_not_tell_apart_is_the_same(text: str, word: str) -> None:
    assert fold(word) in fold(text)


def test_a_query_falls_into_a_few_words_once_each() -> None:
    assert words_of("  居住证\u3000ID 居住证 id ") == ["居住证", "id"]
    assert words_of("   ") == []
    assert len(words_of(" ".join(str(number) for number in range(40)))) == 8
    assert len("".join(words_of("x" * 500))) == 100


def test_hits_are_marked_as_they_are_written_there() -> None:
    assert shown(marked("请出示ＩＤ卡 or id卡", ["id卡"])) == "请出示[ＩＤ卡] or [id卡]"
    assert shown(marked("ﬁne", ["fin"])) == "[ﬁn]e"
    assert shown(marked("nothing", ["x"])) == "nothing"
    assert marked("", ["x"]) == []


def test_a_passage_stands_round_the_first_hit() -> None:
    text = "前" * 100 + "居住证" + "后" * 200
    told = shown(excerpt(["no hit here", text], ["居住证"]))
    assert "…" + "前" * 60 + "[居住证]" in told
    assert told.endswith("后…")
    assert shown(excerpt(["a first text"], ["zz"])) == "a first text"
    assert excerpt([], ["zz"]) == []


def test_only_texts_and_official_codes_of_frozen_content_are_looked_at() -> None:
    content = {
        "kind": "permit",
        "basic_code": "0001",
        "trips": 2,
        "materials": [{"need": "required", "name": {"en": "Card", "zh-hans": "卡"}, "source": {}}],
    }
    assert list(texts_of(content)) == ["0001", "Card", "卡"]
    assert list(texts_of(content, "en")) == ["0001", "Card"]


@given(st.text(max_size=60), st.text(min_size=1, max_size=4))
def test_marking_loses_nothing(text: str, word: str) -> None:
    assert "".join(part.text for part in marked(text, words_of(word) or ["x"])) == text
