"""The form an item is written in: texts side by side, rows that are added and taken away, what is right.

A sheet holds everything as it was typed, so that nothing is lost whatever is wrong with it; `draft` reads it.
"""

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments import rules
from assessments.models import ItemVersion
from assessments.rules import Choice, ItemDraft, Line, Medium, Problem, ProblemCode
from assessments.scoring import marking
from assessments.scoring.marking import ItemKind
from training.lib.texts import source_language

from .rows import LANGUAGES, Accepted, Criterion, MediaRow, Row

MOST_ROWS = 60  # of one list; whoever sends more does not use the form
# The kinds a gap of a text and a question of a case may have, in the order they are offered.
GAP_KINDS = (ItemKind.SINGLE, ItemKind.SHORT_TEXT, ItemKind.NUMERIC)
CASE_KINDS = (
    ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.TRUE_FALSE, ItemKind.ORDERING, ItemKind.NUMERIC, ItemKind.SHORT_TEXT,
)  # fmt: skip
TRUE_FALSE = {"true": {"en": "True", "zh-hans": "正确"}, "false": {"en": "False", "zh-hans": "错误"}}
# How many empty rows a new item begins with: options, parts, criteria.
BEGINS_WITH = {
    ItemKind.SINGLE: (4, 0, 0),
    ItemKind.MULTIPLE: (5, 0, 0),
    ItemKind.ORDERING: (4, 0, 0),
    ItemKind.MATCHING: (4, 3, 0),
    ItemKind.DOCUMENTS: (3, 3, 0),
    ItemKind.CLOZE: (0, 2, 0),
    ItemKind.CASE: (0, 2, 0),
    ItemKind.OPEN: (0, 0, 2),
    ItemKind.SCENARIO: (0, 0, 2),
}


@dataclass
class Asked:
    """What is answered at once, and what is right: the ids of options, or typed answers."""

    kind: ItemKind
    options: list[Row] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    answers: list[Accepted] = field(default_factory=list)
    match_case: bool = False

    @property
    def is_numeric(self) -> bool:
        return self.kind is ItemKind.NUMERIC

    @property
    def is_typed(self) -> bool:
        return self.kind in (ItemKind.NUMERIC, ItemKind.SHORT_TEXT)

    @property
    def is_ordering(self) -> bool:
        return self.kind is ItemKind.ORDERING

    @property
    def is_true_false(self) -> bool:
        return self.kind is ItemKind.TRUE_FALSE

    @property
    def right_type(self) -> str:
        """How the right options are marked: by radio buttons or boxes; "" where nothing is marked."""
        return {ItemKind.SINGLE: "radio", ItemKind.TRUE_FALSE: "radio", ItemKind.MULTIPLE: "checkbox"}.get(
            self.kind, ""
        )

    @property
    def told(self) -> list[Row]:
        """The options that say something or are marked as right."""
        return [row for row in self.options if not row.is_empty or row.id in self.right]


@dataclass
class Part(Row):
    """A line with the option that is right for it (`pick`), or a gap or question with what is `asked`."""

    pick: str = ""
    asked: Asked = field(default_factory=lambda: Asked(ItemKind.SINGLE))


@dataclass
class Sheet:
    """An item as its form has it."""

    kind: ItemKind
    stem: dict[str, str] = field(default_factory=dict)
    rationale: dict[str, str] = field(default_factory=dict)
    unit: dict[str, str] = field(default_factory=dict)
    model: dict[str, str] = field(default_factory=dict)
    asked: Asked = field(default_factory=lambda: Asked(ItemKind.SINGLE))
    parts: list[Part] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    events: list[Criterion] = field(default_factory=list)
    media: list[MediaRow] = field(default_factory=list)
    media_gone: bool = False
    focus: str = ""

    @property
    def has_options(self) -> bool:
        return bool(self.asked.right_type) or self.asked.is_ordering or self.picks

    @property
    def picks(self) -> bool:
        """Whether lines choose from the options of all."""
        return self.kind in rules.drafts.WITH_LINES

    @property
    def is_cloze(self) -> bool:
        return self.kind is ItemKind.CLOZE

    @property
    def is_case(self) -> bool:
        return self.kind is ItemKind.CASE

    @property
    def is_documents(self) -> bool:
        return self.kind is ItemKind.DOCUMENTS

    @property
    def is_judged(self) -> bool:
        return self.kind in marking.BY_PEOPLE

    @property
    def is_scenario(self) -> bool:
        return self.kind is ItemKind.SCENARIO

    @property
    def part_kinds(self) -> list[tuple[str, Any]]:
        kinds = GAP_KINDS if self.is_cloze else CASE_KINDS
        return [(str(kind), ItemVersion.Kind(kind).label) for kind in kinds]

    @property
    def media_places(self) -> list[tuple[str, str]]:
        """Where a picture or recording may stand, each with what it is called."""
        names = {"": _("The question")}
        names |= {f"o:{row.id}": _("Option %(name)s") % {"name": name} for name, row in _lettered(self.asked.options)}
        names |= {f"p:{row.id}": _("Part %(name)s") % {"name": n} for n, row in enumerate(self.parts, start=1)}
        options, parts = [row.id for row in self.asked.options], [row.id for row in self.parts]
        return [(place, names[place]) for place in rules.places_of(self.kind, options, parts)]

    def lists(self) -> dict[str, tuple[list[Any], Callable[[], Any] | None]]:
        """Return each list of rows by its name, with how an empty row of it is made: media are uploaded."""
        lists: dict[str, tuple[list[Any], Callable[[], Any] | None]] = {
            "m": (self.media, None),
            "o": (self.asked.options, Row),
            "a": (self.asked.answers, Accepted),
            "p": (self.parts, lambda: _new_part(self.kind)),
            "c": (self.criteria, Criterion),
            "e": (self.events, Criterion),
        }
        for index, part in enumerate(self.parts):
            lists[f"p-{index}-o"] = (part.asked.options, Row)
            lists[f"p-{index}-a"] = (part.asked.answers, Accepted)
        return lists

    def number(self) -> "Sheet":
        """Give each row its name, and an id of its own to those that have none."""
        if self.is_cloze:
            self._follow_gaps()
        for name, (rows, _make) in self.lists().items():
            taken = {row.id for row in rows if isinstance(row, Row)}
            for index, row in enumerate(rows):
                row.name = f"{name}-{index}"
                if isinstance(row, Row) and not row.id:
                    row.id = next(ident for ident in _idents(name) if ident not in taken)
                    taken.add(row.id)
        return self

    def act(self, action: str) -> None:
        """Do what a button about rows says: "add:o", "drop:p-1-o-0", "up:o-2", "down:o-2"; nothing for any other."""
        verb, _colon, target = action.partition(":")
        name, index = (target, "") if verb == "add" else target.rpartition("-")[::2]
        rows, make = self.lists().get(name, (None, None))
        if rows is None:
            return
        if verb == "add" and make and len(rows) < MOST_ROWS:
            rows.append(make())
            self.focus = f"{name}-{len(rows) - 1}"
        elif index.isdigit() and int(index) < len(rows):
            place = int(index)
            row = rows.pop(place)
            if verb in ("up", "down"):
                place = min(max(place + (1 if verb == "down" else -1), 0), len(rows))
                rows.insert(place, row)
            self.focus = f"{name}-{min(place, len(rows) - 1)}" if rows else name

    def fit_kinds(self) -> None:
        """Give parts whose kind was changed the rows their kind needs."""
        for part in self.parts:
            _furnish(part.asked)

    def draft(self, facts: Mapping[str, Any]) -> ItemDraft:
        """Return what the sheet says; `facts`: code, competency, level, judged_p, bar, dates, minutes, match_case."""
        details: dict[str, object] = {}
        if self.kind is ItemKind.NUMERIC and rules.spoken(self.unit):
            details["unit"] = rules.spoken(self.unit)
        if self.is_scenario and facts.get("minutes"):
            details["minutes"] = facts["minutes"]
        names = ("code", "competency", "level", "judged_p", "bar", "valid_from", "valid_until")
        return ItemDraft(
            kind=self.kind,
            stem=rules.spoken(self.stem),
            key=self._key(),
            options=tuple(_choices(self.asked)) if self.has_options else (),
            parts=tuple(self._lines()),
            details=details,
            rationale=rules.spoken(self.rationale),
            media=tuple(self._media()),
            **{name: facts[name] for name in names if name in facts},
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield the boxes whose number cannot be read, by name, with what to do."""
        if self.media_gone:
            yield "media", _("A picture or recording was not used for two days and is kept no more. Upload it again.")
        whole = _("Write a whole number from 1 to 100.")
        for asked in [self.asked, *(part.asked for part in self.parts)]:
            for row in asked.answers if asked.is_typed else ():
                if not row.is_empty and not _is_whole(row.credit):
                    yield f"{row.name}-credit", whole
        for row in self.criteria:
            if not row.is_empty and not _is_whole(row.number):
                yield f"{row.name}-number", whole
        for row in self.events:
            if not row.is_empty and not (row.number.strip().isdecimal() and int(row.number) <= 240):
                yield f"{row.name}-number", _("Write the minute as a whole number from 0 to 240.")

    def place_of(self, problem: Problem) -> str:
        """Return the id of the box that a problem is about."""
        first = source_language()
        own = next((code for code in (first, *LANGUAGES) if self.stem.get(code, "").strip()), first)
        rows = [*self.asked.options, *self.parts, *(row for part in self.parts for row in part.asked.options)]
        for row in rows:
            if problem.where and row.id == problem.where:
                return f"{row.name}-{own}"
        for medium in self.media:
            if problem.where == medium.ref:
                return f"{medium.name}-{own}"
        if problem.where in LANGUAGES:
            return f"stem-{problem.where}"
        facts = {
            ProblemCode.CHANCE: "id_judged", ProblemCode.BAR: "id_bar", ProblemCode.DATES_REVERSED: "id_valid_until",
            ProblemCode.BROKEN_KEY: "right", ProblemCode.TOO_MANY_MEDIA: "media",
        }  # fmt: skip
        return facts.get(problem.code, f"stem-{own}")

    def _lines(self) -> Iterator[Line]:
        for part in self._told_parts():
            if self.picks:
                yield Line(part.id, rules.spoken(part.texts))
            else:
                own = tuple(_choices(part.asked)) if not part.asked.is_typed else ()
                texts = {} if self.is_cloze else rules.spoken(part.texts)
                yield Line(part.id, texts, part.asked.kind, own)

    def _media(self) -> Iterator[Medium]:
        places = {place for place, _label in self.media_places}
        for row in self.media:
            place = row.place if row.place in places else ""
            yield Medium(row.ref, row.is_picture, rules.spoken(row.texts), place, row.is_picture and row.decorative)

    def _told_parts(self) -> list[Part]:
        return [part for part in self.parts if self.is_cloze or not part.is_empty or part.asked.told]

    def _key(self) -> object:
        if self.is_judged:
            key: dict[str, Any] = {"criteria": [_numbered(row, "points") for row in self.criteria if not row.is_empty]}
            if self.is_scenario:
                key["events"] = [_numbered(row, "minute") for row in self.events if not row.is_empty]
            if rules.spoken(self.model):
                key["model"] = rules.spoken(self.model)
            return key
        if self.picks:
            return {part.id: part.pick for part in self._told_parts()}
        if self.parts:
            return {part.id: _key_of(part.asked) for part in self._told_parts()}
        return _key_of(self.asked)

    def _follow_gaps(self) -> None:
        """Add a row for each gap that is written into a text and has none; drop empty ones that no text has."""
        written = list(dict.fromkeys(gap for text in self.stem.values() for gap in rules.gaps_of(text)))
        rows = {part.id: part for part in self.parts if part.id}
        if written:
            told = [part for part in self.parts if part.id in written or part.asked.told or _typed(part.asked)]
            self.parts[:] = told
        for gap in written:
            if gap not in rows:
                self.parts.append(Part(gap, asked=_furnish(Asked(ItemKind.SHORT_TEXT))))


def empty_sheet(kind: ItemKind) -> Sheet:
    """Return the sheet a new item of a kind begins with."""
    options, parts, criteria = BEGINS_WITH.get(kind, (0, 0, 0))
    sheet = Sheet(kind, asked=_furnish(Asked(kind)) if not options else Asked(kind))
    sheet.asked.options += [Row() for _number in range(options)]
    sheet.parts = [_new_part(kind) for _number in range(parts)]
    sheet.criteria = [Criterion() for _number in range(criteria)]
    sheet.events = [Criterion()] if kind is ItemKind.SCENARIO else []
    return sheet.number()


def _new_part(kind: ItemKind) -> Part:
    if kind in rules.drafts.WITH_LINES:
        return Part(pick=marking.SOUND if kind is ItemKind.DOCUMENTS else "")
    return Part(asked=_furnish(Asked(ItemKind.SINGLE if kind is ItemKind.CASE else ItemKind.SHORT_TEXT)))


def _furnish(asked: Asked) -> Asked:
    """Give what is asked the empty rows its kind needs, keeping what it has."""
    if asked.is_typed:
        asked.answers = asked.answers or [Accepted()]
    elif asked.is_true_false:
        ids = {row.id for row in asked.options}
        if ids != set(TRUE_FALSE):
            asked.options[:] = [Row(ident, dict(texts)) for ident, texts in TRUE_FALSE.items()]
    elif asked.right_type or asked.is_ordering:
        asked.options += [Row() for _number in range(3 - len(asked.options))]
    return asked


def _idents(name: str) -> Iterator[str]:
    """Yield ids for new rows: letters for options, numbers for what is counted."""
    yield from (str(number) for number in range(1, MOST_ROWS)) if name in ("p", "c", "e") else string.ascii_lowercase
    yield from (f"r{number}" for number in range(1, 10 * MOST_ROWS))


def _choices(asked: Asked) -> Iterator[Choice]:
    rows = asked.options if asked.is_true_false else asked.told
    # The key alone says the order of steps; how the options are stored does not.
    for row in sorted(rows, key=lambda row: row.id) if asked.is_ordering else rows:
        yield Choice(row.id, rules.spoken(row.texts))


def _lettered(rows: list[Row]) -> Iterator[tuple[str, Row]]:
    for index, row in enumerate(rows):
        yield string.ascii_uppercase[index] if index < len(string.ascii_uppercase) else str(index + 1), row


def _typed(asked: Asked) -> bool:
    return asked.is_typed and any(not row.is_empty for row in asked.answers)


def _key_of(asked: Asked) -> object:
    if asked.is_ordering:
        return [row.id for row in asked.told]
    if not asked.is_typed:
        return [row.id for row in asked.options if row.id in asked.right]
    answers = [_answer(row, numeric=asked.is_numeric) for row in asked.answers if not row.is_empty]
    return {"answers": answers} | ({"match_case": True} if asked.match_case and not asked.is_numeric else {})


def _answer(row: Accepted, *, numeric: bool) -> dict[str, object]:
    credit = int(row.credit) / 100 if _is_whole(row.credit) else 0
    earns = {"credit": 1 if credit == 1 else credit}
    if numeric:
        return {"low": row.low.strip(), "high": row.high.strip() or row.low.strip(), **earns}
    return {"text": row.text.strip(), **earns}


def _numbered(row: Criterion, name: str) -> dict[str, object]:
    number = int(row.number) if row.number.strip().isdecimal() else 0
    return {"id": row.id, "text": rules.spoken(row.texts), name: number}


def _is_whole(typed: str) -> bool:
    return typed.strip().isdecimal() and 1 <= int(typed) <= 100
