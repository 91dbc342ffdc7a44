"""Verify codes find every single slip; numbers are printed in one form."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.certificates.rules import (
    ALPHABET,
    certificate_number,
    check_character,
    format_verify_code,
    is_verify_code,
    new_verify_code,
    normalise_verify_code,
)

CODES = st.text(alphabet=ALPHABET, min_size=16, max_size=16).map(lambda body: body + check_character(body))


def test_the_alphabet_has_32_letters_and_none_that_is_read_as_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_new_code_is_valid_random_and_repeats_with_a_seed() -> None:
    codes = {new_verify_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(is_verify_code(code) for code in codes)
    assert new_verify_code(random.Random(3).choice) == new_verify_code(random.Random(3).choice)


@given(code=CODES, position=st.integers(0, 16), character=st.sampled_from(ALPHABET))
def test_every_wrong_character_is_found(code: str, position: int, character: str) -> None:
    changed = code[:position] + character + code[position + 1 :]
    assert is_verify_code(changed) == (changed == code)


@given(code=CODES, position=st.integers(0, 15))
def test_every_swap_of_neighbours_is_found(code: str, position: int) -> None:
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert is_verify_code(swapped) == (swapped == code)


def test_all_single_slips_of_one_code_are_found() -> None:
    code = new_verify_code(random.Random(8).choice)
    wrong = [code[:at] + c + code[at + 1 :] for at in range(17) for c in ALPHABET if c != code[at]]
    assert len(wrong) == 17 * 31
    assert not any(map(is_verify_code, wrong))


@given(CODES)
def test_what_is_printed_reads_back(code: str) -> None:
    printed = format_verify_code(code)
    assert [len(group) for group in printed.split("-")] == [4, 4, 4, 4, 1]
    spoiled = printed.lower().replace("1", "l").replace("0", "o").replace("-", " – ")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in spoiled)
    assert normalise_verify_code(spoiled) == code
    assert normalise_verify_code(full_width) == code


@pytest.mark.parametrize("text", ["", "ABC", "0" * 16, "0" * 18, "U" * 17, "政务" * 8 + "A"])
def test_anything_else_is_no_code(text: str) -> None:
    assert not is_verify_code(text)


@pytest.mark.parametrize("text", ["", "   ", "-----", "\x00\u200b", "政务服务", "I" * 5000])
def test_any_text_can_be_normalised(text: str) -> None:
    assert not is_verify_code(normalise_verify_code(text))


def test_the_number_of_a_certificate() -> None:
    assert certificate_number("BH", 2026, 418) == "BH-2026-000418"
    assert certificate_number("BH", 2026, 1_234_567) == "BH-2026-1234567"


@pytest.mark.parametrize(("prefix", "serial"), [("BH", 0), ("", 1), ("bh", 1), ("B-", 1), ("政", 1)])
def test_a_number_that_could_not_be_read_is_refused(prefix: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"numbered|prefix"):
        certificate_number(prefix, 2026, serial)
