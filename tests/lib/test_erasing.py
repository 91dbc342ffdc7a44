"""How somebody is found in texts, and what takes the place of their name."""

import pytest

from training.lib.erasing import Identity

WHO = Identity.of("王伟 Wang Wei", "王伟", "Wang Wei", "K7123", "", "x", instead="Former 5", spared=["王伟明"])


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("王伟 Wang Wei", "Former 5"),
        ("与王伟谈话", "与Former 5谈话"),
        ("wang wei (k7123)", "Former 5 (Former 5)"),
        ("王伟明", "王伟明"),
        ("王伟明和王伟", "王伟明和Former 5"),
        ("K71234, AK7123", "K71234, AK7123"),
        ("Wang Weiming", "Wang Weiming"),
        ("x", "x"),
        ("q=%E7%8E%8B%E4%BC%9F&n=Wang+Wei", "q=Former 5&n=Former 5"),
        ("", ""),
    ],
)
def test_the_name_goes_and_longer_ones_stay(said: str, left: str) -> None:
    assert WHO.replaced(said) == left


def test_json_is_gone_through() -> None:
    value = {"王伟": ["K7123", {"a": "王伟"}, 7, None, True], "b": 7123}
    assert WHO.replaced(value) == {"Former 5": ["Former 5", {"a": "Former 5"}, 7, None, True], "b": 7123}


def test_nobody_is_in_no_text() -> None:
    assert Identity.of("", "a", instead="-").replaced("a b") == "a b"
