"""The roster: who stands at which window in which half of which day."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.days import day_of
from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step
from training.lib.tables import Table
from training.people import permissions
from training.people.models import Shift, User, Window
from training.people.models.working_time import Half
from training.people.services import ShiftRow, set_roster

from .persons import PERSON_COLUMNS, Persons, person_in, persons_of
from .windows import window_in

AT_ONCE = 2_000


@dataclass(frozen=True)
class Books:
    """People, windows by number, the words for halves of a day, and the shifts on record of those people."""

    persons: Persons
    windows: dict[str, Window]
    halves: dict[str, str]
    shifts: dict[Hashable, Shift]


class RosterImport(RecordImport):
    """One row is one half of one day of one person."""

    kind, icon, key_field = "roster", "calendar-days", "staff_number"
    label = gettext_lazy("Roster")
    about = gettext_lazy(
        "One row puts one person at one window for one half of a day. The export begins with this week's Monday."
    )
    needs = gettext_lazy("Only HR and administrators import the roster.")
    columns = (
        *PERSON_COLUMNS,
        Column("day", "Day", "日期", required=True, also=("date", "值班日期")),
        Column(
            "half",
            "Half of the day",
            "上下午",
            required=True,
            hint=gettext_lazy("Morning or afternoon."),
            also=("half", "班次", "时段"),
        ),
        Column("window", "Window", "窗口号", required=True, also=("window number", "窗口")),
    )

    def may(self, person: User) -> bool:
        return bool(permissions.KEEPERS & person.role_names)

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        staff = User.objects.active().filter(department__in=permissions.departments_kept(person)).order_by("pk").first()
        window = Window.objects.filter(until=None).order_by("number").first()
        known = {"staff_number": staff.staff_number, "name": staff.display_name} if staff else {"staff_number": "20418"}
        for half in Half:
            yield {**known, "day": "2026-03-02", "half": str(half.label), "window": window.number if window else 1}

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        for half in Half:
            yield "half", str(half.label), half.value
        for window in Window.objects.filter(until=None).order_by("number"):
            yield "window", str(window.number), str(window)

    def count(self, viewer: User, *, at: datetime) -> int:
        return shifts_of(viewer, timezone.localdate(at)).count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        shifts = shifts_of(viewer, timezone.localdate(at)).select_related("person", "window")
        for shift in shifts.order_by("day", "half", "person__staff_number").iterator(chunk_size=AT_ONCE):
            yield {
                "staff_number": shift.person.staff_number,
                "name": shift.person.display_name,
                "day": shift.day,
                "half": str(Half(shift.half).label),
                "window": shift.window.number,
            }

    def load(self, table: Table, *, by: Any, at: datetime) -> Books:
        persons = persons_of(table, by, timezone.localdate(at))
        days = sorted(filter(None, map(day_of, cells_of(table, "day"))))
        shifts: dict[Hashable, Shift] = {}
        if days:
            people = {person.pk: person for person in persons.by_number.values()}
            for shift in Shift.objects.between(days[0], days[-1]).select_related("window"):
                if shift.person_id in people:
                    shifts[people[shift.person_id].staff_number, shift.day.isoformat(), shift.half] = shift
        windows = {str(window.number): window for window in Window.objects.all()}
        return Books(persons, windows, half_words(), shifts)

    def read(self, cells: Cells, books: Books) -> Entry | None:
        person, day, window = (
            person_in(cells, books.persons),
            cells.required_day("day"),
            window_in(cells, books.windows),
        )
        word = cells.required("half")
        half = books.halves.get(word.casefold())
        if word and half is None:
            cells.fault("half", _("“%(value)s” is no half of a day: write morning or afternoon.") % {"value": word})
        if person is None or day is None or window is None or half is None:
            return None
        if window.until is not None and window.until < day:
            facts = {"number": window.number, "day": window.until.isoformat()}
            cells.fault("window", _("Window %(number)s closed on %(day)s. Choose another.") % facts)
        return Entry(
            cells.line,
            (person.staff_number, day.isoformat(), half),
            f"{person.display_name} {day} {Half(half).label}",
            {"window": window.number},
        )

    def on_record(self, books: Books) -> Mapping[Hashable, Mapping[str, Any]]:
        return {key: {"window": shift.window.number} for key, shift in books.shifts.items()}

    def write_steps(self, steps: Sequence[Step], books: Books, *, by: Any, at: datetime, progress: Progress) -> None:
        rows = []
        for step in steps:
            number, day, half = step.entry.key  # type: ignore[misc]  # made by `read`
            person, window = books.persons.by_number[number.upper()], books.windows[str(step.entry.facts["window"])]
            rows.append(ShiftRow(person, window, date.fromisoformat(day), half))
        set_roster(rows=rows, by=by, at=at)
        progress.advance(len(steps))


def shifts_of(viewer: User, today: date) -> "QuerySet[Shift]":
    """Return the shifts of this week and later of whom the viewer keeps."""
    monday = today - timedelta(days=today.weekday())
    return Shift.objects.filter(day__gte=monday, person__department__in=permissions.departments_kept(viewer))


def half_words() -> dict[str, str]:
    """Return every word for a half of a day: its code, and its name in each language."""
    words = {half.value: half.value for half in Half}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {str(half.label).casefold(): half.value for half in Half}
    return words


def cells_of(table: Table, field: str) -> Iterator[str]:
    place = table.header.index(field)
    return (row.cells[place] for row in table.rows)
