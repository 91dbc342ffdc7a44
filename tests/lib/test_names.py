"""How names are found: by sound, by initials, whatever marks are typed or left out."""

import pytest

from training.lib.names import LONGEST_KEY, search_key, search_words


def is_found(typed: str, display_name: str, latin_name: str = "") -> bool:
    key = search_key(display_name, latin_name)
    return all(any(f" {word}" in key for word in search_words(part)) for part in typed.split())


@pytest.mark.parametrize(
    "typed",
    ["wangxiaohong", "wang", "Wang Xiaohong", "xiaohong", "hong", "wxh", "WX", "xh", "wángxiǎohóng", "wang2xiao3hong2"],
)
def test_a_chinese_name_is_found_by_its_sound(typed: str) -> None:
    assert is_found(typed, "王小红")


@pytest.mark.parametrize("typed", ["angxiaohong", "wh", "wangxh2", "li", "hx"])
def test_what_it_does_not_begin_with_does_not_find_it(typed: str) -> None:
    assert not is_found(typed, "王小红")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zeng", "曾敏"),
        ("ceng", "曾敏"),
        ("shan", "单雄"),
        ("dan", "单雄"),
        ("lv", "吕娜"),
        ("lu", "吕娜"),
        ("lǚ", "吕娜"),
    ],
)
def test_every_reading_of_a_character_counts(typed: str, name: str) -> None:
    assert is_found(typed, name)


@pytest.mark.parametrize("typed", ["mamat", "ayigulmamat", "am", "Äyigul", "ayiguli", "maimaiti"])
def test_a_name_of_both_scripts_is_found_by_either(typed: str) -> None:
    assert is_found(typed, "阿依古丽·买买提", "Ayigul Mamat")


@pytest.mark.parametrize("typed", ["Xi'an", "xian", "Şükrü", "sukru"])
def test_marks_and_apostrophes_do_not_matter(typed: str) -> None:
    assert is_found(typed, "", "Xi'an Şükrü")


def test_characters_mean_no_sound() -> None:
    assert search_words("王小") == []


def test_the_longest_name_has_a_key_that_ends_with_a_whole_spelling() -> None:
    key = search_key("单曾" * 50, "")
    assert len(key) <= LONGEST_KEY
    assert key.startswith(" danceng")
    assert search_key("", "") == ""
