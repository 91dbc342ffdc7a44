"""What a staff number and a name may look like, how roles rank, how postings follow each other."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

# Words that stand in an address where a person's staff number may stand.
RESERVED = (
    "codes", "competencies", "export", "hire", "import", "keys", "language", "matrix", "me", "organisation", "theme"
)  # fmt: skip
STAFF_NUMBER = rf"(?!(?:{'|'.join(RESERVED)})(?:/|$))[A-Za-z0-9][A-Za-z0-9._-]{{0,29}}"

# A role may be given by holders of a role that ranks as high or higher.
RANKS = {
    "clerk": 0,
    "teacher": 1,
    "editor": 1,
    "reviewer": 1,
    "examiner": 1,
    "invigilator": 1,
    "marker": 1,
    "head": 2,
    "hr": 3,
    "director": 4,
    "auditor": 4,
    "administrator": 5,
}


def is_staff_number(text: str) -> bool:
    """Tell whether the text can be a staff number: letters and digits, inside also dot, dash, underscore."""
    return re.fullmatch(STAFF_NUMBER, text) is not None


def is_name(text: str) -> bool:
    """Tell whether the text can be a person's name: one line that begins with a letter of any script.

    What begins with a sign is a formula or a slip, never a name.
    """
    return bool(text) and text[0].isalpha() and text.isprintable()


def is_latin_name(text: str) -> bool:
    """Tell whether the text is a name all of whose letters are Latin, accents included."""
    return is_name(text) and all(
        unicodedata.name(letter, "").startswith("LATIN ") for letter in text if letter.isalpha()
    )


def may_give(own: frozenset[str], role: str) -> bool:
    """Tell whether the holder of the roles `own` may give `role`: it must not rank above the highest of theirs."""
    return max((RANKS[name] for name in own), default=-1) >= RANKS[role]


@dataclass(frozen=True)
class Place:
    """Where a posting puts somebody: the keys of position, department, section and window."""

    position: int
    department: int
    section: int | None
    window: int | None


@dataclass(frozen=True)
class Held:
    """A posting somebody holds or held; without `until` it is still open."""

    place: Place
    starts_on: date
    until: date | None = None


class PostingOrderError(Exception):
    """The new posting does not fit behind those before; `earliest` is the first day that would."""

    def __init__(self, earliest: date) -> None:
        self.earliest = earliest
        super().__init__(f"earliest {earliest}")


def follow_up(history: list[Held], place: Place, starts_on: date) -> str:
    """Tell what it means that somebody stands at `place` since `starts_on`, given their postings so far.

    "same": nothing new; "open": a first posting, or one after a break; "correct": the open posting was entered
    wrongly, the day or the place; "move": the open posting ends the day before. Raises `PostingOrderError` when the
    day lies in a posting that has ended, or before the open one began at another place.
    """
    closed = [held.until for held in history if held.until is not None]
    earliest = max(closed) + timedelta(days=1) if closed else None
    if earliest and starts_on < earliest:
        raise PostingOrderError(earliest)
    current = next((held for held in history if held.until is None), None)
    if current is None:
        return "open"
    if current.place == place:
        return "same" if current.starts_on == starts_on else "correct"
    if starts_on < current.starts_on:
        raise PostingOrderError(current.starts_on)
    return "correct" if starts_on == current.starts_on else "move"


# What browsers and systems call themselves, the telling word first: each names others too, to be let in everywhere.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> tuple[str, str]:
    """Return browser and system by what the browser says of itself; "" for what cannot be told."""

    def named(known: tuple[tuple[str, str], ...]) -> str:
        return next((name for word, name in known if word in user_agent), "")

    return named(BROWSERS), named(SYSTEMS)
