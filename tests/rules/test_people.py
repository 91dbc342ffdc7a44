"""What staff numbers, names and days look like, and how postings follow each other."""

from datetime import date

import pytest

from training.lib.days import day_of
from training.people.rules import (
    RANKS,
    RESERVED,
    Held,
    Place,
    PostingOrderError,
    follow_up,
    is_latin_name,
    is_name,
    is_staff_number,
    may_give,
)

TAX = Place(position=1, department=1, section=None, window=None)
MARKET = Place(position=1, department=2, section=None, window=None)


@pytest.mark.parametrize("text", ["20418", "k7", "A-1.b_2", "0007", "mentor", "imports", "x" * 30])
def test_a_staff_number(text: str) -> None:
    assert is_staff_number(text)


@pytest.mark.parametrize("text", ["", "x" * 31, "2 4", "工号", "-1", ".", "a/b", "<b>", "1\n", *RESERVED])
def test_no_staff_number(text: str) -> None:
    assert not is_staff_number(text)


@pytest.mark.parametrize("text", ["李娜", "阿依古丽·买买提", "𠮷田", "O'Brien", "Ångström, J. (Jr)", "ཚེ་རིང"])
def test_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "=1+1", "+86", "-x", "@x", " x", "\tx", "'=x", "1x", "a\nb", "a\x07b", "＝x"])
def test_no_name(text: str) -> None:
    assert not is_name(text)


def test_a_latin_name_has_latin_letters_alone() -> None:
    assert is_latin_name("Zoë O'Brien-Łuk")
    assert not is_latin_name("Li 娜")
    assert not is_latin_name("Наташа")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026-02-30", None),
        ("1 March 2026", None),
        ("03/01/2026", None),
        ("1899-12-30", None),
        ("2026-03-01 10:00", None),
        ("", None),
    ],
)
def test_a_day(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_a_role_is_given_by_those_who_hold_as_much() -> None:
    assert may_give(frozenset({"hr"}), "hr")
    assert may_give(frozenset({"hr"}), "editor")
    assert not may_give(frozenset({"hr"}), "auditor")
    assert not may_give(frozenset(), "clerk")
    assert all(may_give(frozenset({"administrator"}), role) for role in RANKS)


@pytest.mark.parametrize(
    ("history", "place", "starts_on", "step"),
    [
        ([], TAX, date(2024, 3, 1), "open"),
        ([Held(TAX, date(2024, 3, 1))], TAX, date(2024, 3, 1), "same"),
        ([Held(TAX, date(2024, 3, 1))], TAX, date(2024, 2, 1), "correct"),
        ([Held(TAX, date(2024, 3, 1))], MARKET, date(2024, 3, 1), "correct"),
        ([Held(TAX, date(2024, 3, 1))], MARKET, date(2024, 3, 2), "move"),
        ([Held(TAX, date(2024, 3, 1), date(2024, 5, 31))], TAX, date(2024, 6, 1), "open"),
    ],
)
def test_what_a_posting_means_after_those_before(history: list[Held], place: Place, starts_on: date, step: str) -> None:
    assert follow_up(history, place, starts_on) == step


@pytest.mark.parametrize(
    ("history", "starts_on", "earliest"),
    [
        ([Held(TAX, date(2024, 3, 1))], date(2024, 2, 28), date(2024, 3, 1)),
        ([Held(TAX, date(2024, 3, 1), date(2024, 5, 31))], date(2024, 5, 31), date(2024, 6, 1)),
        (
            [Held(TAX, date(2024, 3, 1), date(2024, 5, 31)), Held(MARKET, date(2024, 8, 1))],
            date(2024, 5, 1),
            date(2024, 6, 1),
        ),
    ],
)
def test_a_posting_that_does_not_fit_names_the_first_day_that_does(
    history: list[Held], starts_on: date, earliest: date
) -> None:
    with pytest.raises(PostingOrderError) as error:
        follow_up(history, MARKET, starts_on)
    assert error.value.earliest == earliest
