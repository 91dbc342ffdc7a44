"""Codes that people copy by hand: an alphabet without look-alikes, read back whatever way they are typed."""

import secrets
import unicodedata
from collections.abc import Callable

# Digits and capitals without I, L, O (read as 1, 1, 0) and U (read as V): what is left out can be read back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
GROUP = 4


def new_code(length: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """Make a code of that many random characters, 5 bits each."""
    return "".join(choose(ALPHABET) for _ in range(length))


def plain(text: str) -> str:
    """The code as it is meant: full-width forms made plain, capitals, no spaces or dashes, I L O U read as 1 1 0 V."""
    wide = unicodedata.normalize("NFKC", text).upper()
    kept = (c for c in wide if not c.isspace() and unicodedata.category(c) not in {"Pd", "Cf"} and c not in "_−·")
    return "".join(kept).translate(LOOK_ALIKES)


def grouped(code: str) -> str:
    """The code as printed, in groups of four: 7K2M-Q9XA-40TB."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
