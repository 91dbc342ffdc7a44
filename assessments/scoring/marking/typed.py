"""Kinds answered by typing: a number, a few words. What was typed is kept as it was; only marking reads it."""

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from .shape import Answer, MarkingError, Order, Seen, Shape, as_list, as_mapping

MOST_CHARACTERS = 500
MOST_OF_AN_OPEN_ANSWER = 20_000
LARGEST_NUMBER = Decimal("1e15")
ANYTHING = "*"


class Typed:
    """Whatever was typed. `longest`: how many characters are taken."""

    longest = MOST_CHARACTERS

    def clean(self, _shape: Shape, value: object) -> Answer:
        """Keep the words as typed, without what no database or screen can hold: control characters, half characters."""
        if not isinstance(value, str):
            raise MarkingError("This answer is typed, not chosen.")
        text = "".join(character for character in value.replace("\r\n", "\n") if _is_text(character))
        if len(text) > self.longest:
            raise MarkingError(f"An answer has at most {self.longest} characters, this one {len(text)}.")
        return text if text.strip() else None

    def shown(self, _shape: Shape, _key: object, _chance: random.Random) -> Order:
        return []

    def seen(self, _shape: Shape, _order: Order, answer: Answer) -> Seen:
        assert isinstance(answer, str)
        return answer

    def meant(self, _shape: Shape, _order: Order, seen: Seen) -> object:
        return seen


class Number(Typed):
    """Key: {"answers": [{"low": "12", "high": "12.5", "credit": 1}, ...]}; bounds belong to the range."""

    def check_key(self, _shape: Shape, key: object) -> None:
        for answer, _credit in _accepted(key):
            low, high = _bound(answer, "low"), _bound(answer, "high")
            if low > high:
                raise MarkingError(f"No number lies between {low} and {high}.")

    def credit(self, _shape: Shape, key: object, answer: Answer) -> float:
        """The most that any range around the number earns; what is no number earns 0."""
        number = as_number(str(answer))
        if number is None:
            return 0.0
        fits = (credit for row, credit in _accepted(key) if _bound(row, "low") <= number <= _bound(row, "high"))
        return max(fits, default=0.0)


class Words(Typed):
    """Key: {"answers": [{"text": "居住证", "credit": 1}, ...], "match_case": false}; * stands for any characters."""

    def check_key(self, _shape: Shape, key: object) -> None:
        for answer, _credit in _accepted(key):
            text = answer.get("text")
            if not isinstance(text, str) or not text.strip(f"{ANYTHING} ") or len(text) > MOST_CHARACTERS:
                raise MarkingError("A right answer has no words, or more than an answer can have.")

    def credit(self, _shape: Shape, key: object, answer: Answer) -> float:
        """The most that any accepted text earns, width, spacing, closing punctuation and (unless asked) case aside."""
        plain = _plain(match_case=bool(as_mapping(key, "The key").get("match_case")))
        given = plain(str(answer))
        return max((credit for row, credit in _accepted(key) if _fits(plain(str(row["text"])), given)), default=0.0)


class Essay(Typed):
    """An open answer: read and marked by people."""

    longest = MOST_OF_AN_OPEN_ANSWER


def as_number(text: str) -> Decimal | None:
    """Read a number as people type it: full-width digits, a comma between thousands. None if it is no number."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("\N{MINUS SIGN}", "-")
    if "," in plain:
        whole, _point, _rest = plain.partition(".")
        first, *groups = whole.lstrip("+-").split(",")
        if not (1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)) or "," in _rest:
            return None
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= LARGEST_NUMBER else None


def _accepted(key: object) -> Sequence[tuple[Mapping[str, object], float]]:
    """Return the accepted answers of a key with what each earns; one of them must earn everything."""
    rows = []
    for row in as_list(as_mapping(key, "The key").get("answers"), "The list of right answers"):
        answer = as_mapping(row, "A right answer")
        credit = answer.get("credit")
        if not isinstance(credit, int | float) or isinstance(credit, bool) or not 0 < credit <= 1:
            raise MarkingError(f"A right answer earns more than 0 and at most 1, not {credit!r}.")
        rows.append((answer, float(credit)))
    if not any(credit == 1 for _answer, credit in rows):
        raise MarkingError("No answer earns full credit.")
    return rows


def _bound(answer: Mapping[str, object], name: str) -> Decimal:
    number = as_number(str(answer.get(name, "")))
    if number is None:
        raise MarkingError(f"{answer.get(name)!r} is not a number.")
    return number


def _plain(*, match_case: bool) -> Callable[[str], str]:
    def plain(text: str) -> str:
        words = " ".join(unicodedata.normalize("NFKC", text).split()).rstrip(" .。,;、!?")
        return words if match_case else words.casefold()

    return plain


def _fits(pattern: str, text: str) -> bool:
    """Whether a text is the pattern, where * stands for any characters. Looks for each piece once, left to right."""
    first, *rest = pattern.split(ANYTHING)
    if not rest:
        return pattern == text
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in rest[:-1]:
        if (found := text.find(piece, at)) < 0:
            return False
        at = found + len(piece)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def _is_text(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
