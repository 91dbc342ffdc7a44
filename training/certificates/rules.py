"""Certificate numbers, verify codes (16 random characters of a 32-letter alphabet and one to check), the last day."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from training.lib.codes import ALPHABET, grouped, new_code, plain

RANDOM_CHARACTERS = 16
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive: x has order 31 in GF(32)


def new_verify_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Make a code of 17 characters, 80 random bits. Pass `random.Random(seed).choice` for a demo that repeats."""
    body = new_code(RANDOM_CHARACTERS, choose)
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that completes a body: sum of value_i * x^(n-i) in GF(32), by Horner's rule.

    Multiplication by x is one-to-one and the powers up to x^16 are all different, so every single wrong character
    and every swap of two different ones, adjacent or not, check character included, is detected.
    """
    return ALPHABET[_times_x_sum(ALPHABET.index(character) for character in body)]


def normalise_verify_code(text: str) -> str:
    """The code as stored: full-width forms made plain, capitals, no spaces or dashes, I L O U read as 1 1 0 V."""
    return plain(text)


def is_verify_code(code: str) -> bool:
    """Say whether a normalised code could have been issued: 17 characters of the alphabet, and the check holds."""
    if len(code) != RANDOM_CHARACTERS + 1 or any(character not in ALPHABET for character in code):
        return False
    return check_character(code[:-1]) == code[-1]


def format_verify_code(code: str) -> str:
    """The code as printed, in groups of four: 7K2M-Q9XA-40TB-VE6H-3."""
    return grouped(code)


def certificate_number(prefix: str, year: int, serial: int) -> str:
    """The number as printed: BH-2026-000418. Raises ValueError for a serial below 1 or a prefix not of capitals."""
    if serial < 1:
        raise ValueError("Certificates are numbered from 1.")
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise ValueError(f"The prefix of a certificate number is of capital letters A to Z, not {prefix!r}.")
    return f"{prefix}-{year:04d}-{serial:06d}"


def last_valid_day(issued_on: date, months: int) -> date:
    """The day before the same day of the month, `months` later; the month's last day where it has no such day."""
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    if issued_on.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, issued_on.day) - timedelta(days=1)


def code_left(code: str) -> str:
    """What is kept in place of a code whose holder was made anonymous: it finds the certificate by the paper's code.

    80 bits of SHA-256, as many as the code has at random, behind a mark that no code begins with.
    """
    return "-" + base64.b32encode(hashlib.sha256(code.encode()).digest()[:10]).decode()


def name_digest(code: str, name: str) -> str:
    """What is kept in place of a printed name: only who has the code on the paper can try names against it."""
    return hmac.new(code.encode(), plain_name(name).encode(), hashlib.sha256).hexdigest()


def plain_name(name: str) -> str:
    """The name as it is compared: without spaces and dots, whatever the width and case of its letters."""
    wide = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in wide if character.isalnum())


def _times_x_sum(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total = (total ^ value) << 1
        if total > len(ALPHABET) - 1:
            total ^= FIELD_POLYNOMIAL
    return total
