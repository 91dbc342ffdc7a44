"""Chinese numerals, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.lib.numerals import in_chinese, of_chinese


@given(st.integers(1, 9_999))
def test_every_number_comes_back(number: int) -> None:
    assert of_chinese(in_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十一", 11),
        ("二十", 20),
        ("一百零三", 103),
        ("二〇二六", 2026),
        ("12", 12),
        ("两百", 200),
        ("", None),
        ("甲", None),
    ],
)
def test_how_numbers_are_written(text: str, number: int | None) -> None:
    assert of_chinese(text) == number


def test_how_laws_write_them() -> None:
    assert [in_chinese(n) for n in (10, 11, 110, 1001, 10_000)] == ["十", "十一", "一百一十", "一千零一", "10000"]
