"""What reading or writing a file tells: the items, what was lost of each, and why one cannot come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assessments.rules import ItemDraft
from training.lib.office import FileRefused

from .media import Brought

MOST_ITEMS = 2_000
LONGEST_SNIPPET = 200
MOST_NOTES = 50
"""Losses told of one item; whoever has more has a broken item."""


class Format(StrEnum):
    """The formats questions come in and go out in."""

    XLSX = "xlsx"
    TEXT = "text"
    WORD = "word"
    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE = "moodle"
    QTI2 = "qti2"
    CANVAS = "canvas"


class Told(StrEnum):
    """What can be told of an item or a file; the words for each stand in `assessments.services.exchange`."""

    # what an item loses on the way
    FEEDBACK = "feedback"
    RESULT_FEEDBACK = "result_feedback"
    HINT = "hint"
    MARKUP = "markup"
    SCRIPT = "script"
    IMAGE = "image"
    FILE = "file"
    TABLE = "table"
    LINK = "link"
    CONTROL = "control"
    MARKDOWN = "markdown"
    SHARES = "shares"
    PENALTY = "penalty"
    GUIDE_SET = "guide_set"
    LAST_MARK = "last_mark"
    TAG = "tag"
    POINTS = "points"
    LITERAL_STAR = "literal_star"
    OPEN_BOUND = "open_bound"
    EMPTY_OPTION = "empty_option"
    EMPTY_LINE = "empty_line"
    KIND_TAKEN = "kind_taken"
    FRAGMENT = "fragment"
    FIXED_ORDER = "fixed_order"
    OWN_SCORING = "own_scoring"
    TITLE = "title"
    SETTING = "setting"
    ASSOCIATION = "association"
    UNIT = "unit"
    # what the format of an export cannot carry
    LANGUAGE = "language"
    ONLY_LANGUAGE = "only_language"
    KIND = "kind"
    GUIDE = "guide"
    MODEL_ANSWER = "model_answer"
    WILDCARD = "wildcard"
    MATCH_CASE = "match_case"
    GAP_KIND = "gap_kind"
    SCORING = "scoring"
    LONG_CELL = "long_cell"
    MEDIA = "media"
    SPACES = "spaces"
    # why an item cannot come in
    UNKNOWN_KIND = "unknown_kind"
    NO_KIND = "no_kind"
    NO_ANSWER = "no_answer"
    NO_RIGHT = "no_right"
    SEVERAL_RIGHT = "several_right"
    NO_FULL_CREDIT = "no_full_credit"
    ANSWER_UNREADABLE = "answer_unreadable"
    NOT_AN_OPTION = "not_an_option"
    ANSWERED_TWICE = "answered_twice"
    DESCRIPTION = "description"
    CATEGORY = "category"
    CALCULATED = "calculated"
    RANDOM = "random"
    UNCLOSED = "unclosed"
    GAPS = "gaps"
    FEW_LINES = "few_lines"
    BY_MEDIA = "by_media"
    INTERACTIONS = "interactions"
    MISSING_PART = "missing_part"
    UNREADABLE = "unreadable"
    CELL = "cell"
    SAME_NAME = "same_name"
    PROBLEM = "problem"
    # what the bank an item comes into adds or misses
    COMPETENCY_SET = "competency_set"
    LEVEL_SET = "level_set"
    JUDGED_SET = "judged_set"
    CODE_CHANGED = "code_changed"
    CLAUSE_UNKNOWN = "clause_unknown"
    COMPETENCY_UNKNOWN = "competency_unknown"
    RETIRED = "retired"
    LANGUAGE_MISSING = "language_missing"
    MEDIA_UNFIT = "media_unfit"
    # why a whole file cannot come in
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    XML_BROKEN = "xml_broken"
    XML_HOSTILE = "xml_hostile"
    ZIP_BROKEN = "zip_broken"
    ZIP_HOSTILE = "zip_hostile"
    OLD_OFFICE = "old_office"
    TOO_MANY_LINES = "too_many_lines"
    LONG_LINE = "long_line"
    TOO_MANY_ITEMS = "too_many_items"
    UNKNOWN_FORMAT = "unknown_format"
    WRONG_FORMAT = "wrong_format"
    NOTHING_FOUND = "nothing_found"
    NO_COLUMNS = "no_columns"
    UNKNOWN_COLUMN = "unknown_column"


Value = str | int


@dataclass(frozen=True, slots=True)
class Note:
    """One thing told; `values` are what its sentence names."""

    code: Told
    values: Mapping[str, Value] = field(default_factory=dict)


def note(code: Told, **values: Value) -> Note:
    """Return a note whose texts are short enough for a sentence."""
    return Note(code, {name: snippet(value) if isinstance(value, str) else value for name, value in values.items()})


def snippet(text: str, longest: int = LONGEST_SNIPPET) -> str:
    """Return the beginning of a text, on one line."""
    flat = " ".join(text[: 4 * longest].split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


class Refused(Exception):
    """An item that cannot come in; the others of its file can."""

    def __init__(self, code: Told, **values: Value) -> None:
        self.note = note(code, **values)
        super().__init__(code)


def note_of(refused: FileRefused) -> Note:
    """Return why a file was refused, as a note."""
    return note(Told(refused.code), **refused.values)


@dataclass(frozen=True, slots=True)
class Read:
    """One question of a file: a draft with what it lost, or the reasons why there is none.

    `line` counts from 1 where the format has lines; `name` is what the file calls the question, `text` how it begins;
    `media` is what it shows: the draft names each by its number.
    """

    line: int | None
    name: str
    text: str
    draft: ItemDraft | None
    losses: tuple[Note, ...] = ()
    refusals: tuple[Note, ...] = ()
    media: tuple[Brought, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Every question of a file in its order, and what is told of the file as a whole."""

    format: Format
    items: tuple[Read, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What a file could not carry of one item; `is_out`: the item is not in the file at all."""

    name: str
    notes: tuple[Note, ...]
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and everything it could not carry."""

    data: bytes
    left: tuple[Left, ...] = ()
