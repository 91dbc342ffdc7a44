"""Windows with the section and the hall they stand in: found by the number over them."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step, shown, texts_columns
from training.lib.tables import Table
from training.operations.services import Event, record_many
from training.people.models import Hall, Section, User, Window

from .closing import above_closed, day_from, in_the_way, is_above_closed, until_column, until_in, until_of
from .codes import code_in
from .walls import WholeCentre, event_of, names_in, names_of, texts_from

BATCH = 500
LARGEST_NUMBER = 9_999
PARTS = ("hall", "section")


@dataclass(frozen=True)
class Books:
    """Halls and sections by code, windows by number."""

    halls: dict[str, Hall]
    sections: dict[str, Section]
    windows: dict[int, Window]


class WindowImport(WholeCentre, RecordImport):
    """One row is one window; halls and sections that are named for the first time come along."""

    kind, icon, key_field = "windows", "layout-grid", "number"
    label = gettext_lazy("Windows")
    about = gettext_lazy("One row is one window, found by its number. Its section and hall are made if they are new.")
    columns = (
        Column("number", "Number", "窗口号", required=True, also=("window", "window number", "窗口", "编号")),
        *texts_columns(english="Window name", chinese="窗口名称"),
        until_column(),
        Column("section", "Section", "区域", required=True, also=("section code", "区域代码")),
        *texts_columns("section_", "Section name", "区域名称"),
        until_column("section_", "Last day of the section", "区域停用日期"),
        Column("hall", "Hall", "大厅", required=True, also=("hall code", "大厅代码")),
        *texts_columns("hall_", "Hall name", "大厅名称"),
        until_column("hall_", "Last day of the hall", "大厅停用日期"),
    )

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        hall = {"hall": "1F", "hall_name_en": "First floor", "hall_name_zh": "一楼大厅"}
        section = {"section": "A", "section_name_en": "Business start-up", "section_name_zh": "企业开办区"}
        yield {"number": 1, "name_en": "Registration", "name_zh": "企业登记", **section, **hall}
        yield {"number": 2, "name_en": "Seals", "name_zh": "公章刻制", **section, **hall}

    def count(self, viewer: User, *, at: datetime) -> int:
        return Window.objects.count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        for window in Window.objects.select_related("section__hall").order_by("number"):
            yield {"number": window.number, **facts_of(window)}

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        return Books(
            {hall.code: hall for hall in Hall.objects.all()},
            {section.code: section for section in Section.objects.select_related("hall")},
            {window.number: window for window in Window.objects.select_related("section__hall")},
        )

    def read(self, cells: Cells, books: Books) -> Entry | None:
        cells.required("number")
        number = cells.whole("number", 1, LARGEST_NUMBER)
        if number is None:
            return None
        facts = {
            **names_in(cells),
            "until": until_in(cells),
            "section": code_in(cells, "section", books.sections),
            **told({**names_in(cells, "section_"), "section_until": until_in(cells, "section_")}),
            "hall": code_in(cells, "hall", books.halls),
            **told({**names_in(cells, "hall_"), "hall_until": until_in(cells, "hall_")}),
        }
        return Entry(cells.line, number, _("Window %(number)s") % {"number": number}, facts)

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {number: facts_of(window) for number, window in books.windows.items()}

    def check(self, entries: Sequence[Entry], books: Books) -> Iterable[tuple[Entry, str, str]]:
        """Find rows that say something else of a hall or section than an earlier row, and new ones without a name."""
        said: dict[tuple[str, str], tuple[Any, int]] = {}
        for entry in entries:
            for key, field, value in statements(entry):
                before, line = said.setdefault((key, field), (value, entry.line))
                if before != value:
                    facts = {"line": line, "value": before}
                    yield entry, field, _("line %(line)d says “%(value)s” of the same code.") % facts
        named = {key for key, field in said if field != "hall"}
        for entry in entries:
            for part, known in (("hall", books.halls), ("section", books.sections)):
                code = entry.facts[part]
                if code not in known and f"{part} {code}" not in named:
                    text = _("“%(code)s” is new: give its name, in one language at least.")
                    yield entry, part, text % {"code": code}
        yield from closing_faults(entries, books)

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        events = write_parts(steps, books)
        new, known = [], []
        for step in steps:
            facts, number = step.entry.facts, int(str(step.entry.key))
            window = books.windows.get(number) or Window(number=number)
            window.section = books.sections[facts["section"]]
            window.name = texts_from(facts, window.name)
            window.until = day_from(facts["until"]) if facts["until"] is not None else window.until
            (known if window.pk else new).append(window)
        Window.objects.bulk_create(new, batch_size=BATCH)
        Window.objects.bulk_update(known, ["section", "name", "until"], batch_size=BATCH)
        written = {window.number: window for window in [*new, *known]}
        events += [event_of("window", step, written[int(str(step.entry.key))], moved_by=["section"]) for step in steps]
        record_many(events, by=by, at=at)
        progress.advance(len(steps))


def window_in(cells: Cells, windows: Mapping[str, Window]) -> Window | None:
    """Return the window whose number stands in a required cell, with or without leading zeros."""
    number = cells.required("window")
    found = windows.get(number.lstrip("0") if number.isdigit() else number)
    if number and found is None:
        cells.fault("window", _("no window has the number “%(value)s”.") % {"value": shown(number)})
    return found


def facts_of(window: Window) -> dict[str, Any]:
    section, hall = window.section, window.section.hall
    return {
        **names_of(window.name),
        "until": until_of(window),
        "section": section.code,
        **names_of(section.name, "section_"),
        "section_until": until_of(section),
        "hall": hall.code,
        **names_of(hall.name, "hall_"),
        "hall_until": until_of(hall),
    }


def statements(entry: Entry) -> Iterator[tuple[str, str, Any]]:
    """Yield what a row says of its hall and its section: of which, the field, the value."""
    facts = entry.facts
    yield f"section {facts['section']}", "hall", facts["hall"]
    for part in PARTS:
        for field in (f"{part}_name_en", f"{part}_name_zh", f"{part}_until"):
            if facts[field]:
                yield f"{part} {facts[part]}", field, facts[field]


def closing_faults(entries: Sequence[Entry], books: Books) -> Iterator[tuple[Entry, str, str]]:
    """Yield the rows whose window, section or hall would close on somebody, or be open in one that has closed."""
    windows, sections, halls = days_after(entries, books)
    section_of = {entry.key: entry.facts["section"] for entry in entries}

    def goes_too(one: Any, until: str) -> bool:
        """Tell whether the list itself closes a part of what closes, or takes it elsewhere."""
        if isinstance(one, Window):
            moves = section_of.get(one.number, one.section.code) != one.section.code
            return moves or not is_above_closed(windows[one.number], until)
        return isinstance(one, Section) and not is_above_closed(sections[one.code], until)

    for entry in entries:
        facts, number = entry.facts, int(str(entry.key))
        known = books.windows.get(number)
        section = sections.get(facts["section"], "")
        as_before = known and (known.section.code, until_of(known)) == (facts["section"], windows[number])
        if not as_before and is_above_closed(windows[number], section):
            yield entry, "until", above_closed(facts["section"])
        elif facts["section_until"] != "" and is_above_closed(section, halls.get(facts["hall"], "")):
            yield entry, "section_until", above_closed(facts["hall"])
        for part, field in (
            (known, "until"),
            (books.sections.get(facts["section"]), "section_until"),
            (books.halls.get(facts["hall"]), "hall_until"),
        ):
            if text := in_the_way(part, facts[field], goes_too):
                yield entry, field, text


def days_after(entries: Sequence[Entry], books: Books) -> tuple[dict[int, str], dict[str, str], dict[str, str]]:
    """Return the last days of windows, sections and halls as they are once the list is written."""
    windows = {number: until_of(window) for number, window in books.windows.items()}
    sections = {code: until_of(section) for code, section in books.sections.items()}
    halls = {code: until_of(hall) for code, hall in books.halls.items()}
    for entry in entries:
        facts, number = entry.facts, int(str(entry.key))
        windows[number] = facts["until"] if facts["until"] is not None else windows.get(number, "")
        if facts["section_until"]:
            sections[facts["section"]] = facts["section_until"]
        if facts["hall_until"]:
            halls[facts["hall"]] = facts["hall_until"]
    return windows, sections, halls


def write_parts(steps: Sequence[Step], books: Books) -> list[Event]:
    """Write halls and sections, and put sections into their hall, before windows; return what closes as events."""
    events: list[Event] = []
    for step in steps:
        facts = step.entry.facts
        hall = books.halls.get(facts["hall"]) or Hall(code=facts["hall"])
        write_part(hall, facts, "hall_", events)
        books.halls[hall.code] = hall
        section = books.sections.get(facts["section"]) or Section(code=facts["section"])
        write_part(section, facts, "section_", events, hall=hall)
        books.sections[section.code] = section
    return events


def write_part(part: Hall | Section, facts: Mapping[str, Any], prefix: str, events: list[Event], **place: Hall) -> None:
    """Make the hall or section what the row says, if it is not."""
    until = day_from(facts[f"{prefix}until"]) or part.until
    wanted = {"name": texts_from(facts, part.name, prefix), "until": until, **place}
    moves = bool(place) and getattr(part, "hall_id", None) != place["hall"].pk
    if part.pk and not moves and (part.name, part.until) == (wanted["name"], until):
        return
    closes, before = bool(part.pk) and part.until != until, until_of(part)
    for field, value in wanted.items():
        setattr(part, field, value)
    part.save()
    if closes:
        kind = prefix.rstrip("_")
        events.append(Event(f"people.{kind}_closed", part, before={"until": before}, after={"until": until_of(part)}))


def told(names: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the names a row really gives: a blank cell beside a code says nothing of a hall or section."""
    return {field: name or None for field, name in names.items()}
