"""The centre's calendar: holidays, and the weekend days that are worked in their place."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.lib.imports import Cells, Column, Entry, Progress, RecordImport, Step, texts_columns
from training.lib.tables import Table
from training.people.models import CalendarDay, User
from training.people.services import CalendarRow, set_calendar

from .walls import WholeCentre, names_in, names_of, require_a_name, texts_from

KINDS = {False: gettext_lazy("Holiday"), True: gettext_lazy("Make-up working day")}
MORE_WORDS = {"休": False, "放假": False, "节假日": False, "班": True, "上班": True, "调休": True, "补班": True}


class HolidayImport(WholeCentre, RecordImport):
    """One row is one day that is not what its weekday says."""

    kind, icon, key_field = "holidays", "calendar-off", "day"
    label = gettext_lazy("Holidays and make-up days")
    about = gettext_lazy("One row is one day that is not what its weekday says: a holiday, or a make-up working day.")
    columns = (
        Column("day", "Day", "日期", required=True, also=("date",)),
        Column(
            "kind",
            "Kind",
            "类型",
            required=True,
            hint=gettext_lazy("Holiday or make-up working day."),
            also=("type", "性质"),
        ),
        *texts_columns(english="Holiday name", chinese="节日名称"),
    )

    def example(self, person: User) -> Iterator[Mapping[str, object]]:
        names = {"name_en": "National Day", "name_zh": "国庆节"}
        yield {"day": "2026-10-01", "kind": str(KINDS[False]), **names}
        yield {"day": "2026-10-10", "kind": str(KINDS[True]), **names}

    def codes(self, person: User) -> Iterator[tuple[str, str, str]]:
        yield "kind", str(KINDS[False]), _("The centre is closed.")
        yield "kind", str(KINDS[True]), _("The centre works on a day it would not.")

    def count(self, viewer: User, *, at: datetime) -> int:
        return CalendarDay.objects.count()

    def export(self, viewer: User, *, at: datetime) -> Iterator[Mapping[str, object]]:
        for day in CalendarDay.objects.all():
            yield {"day": day.day, "kind": str(KINDS[day.is_working]), **names_of(day.name)}

    def load(self, table: Table, *, by: Any, at: datetime) -> dict[Hashable, CalendarDay]:
        return {day.day.isoformat(): day for day in CalendarDay.objects.all()}

    def read(self, cells: Cells, books: dict[Hashable, CalendarDay]) -> Entry | None:
        day, word, names = cells.required_day("day"), cells.required("kind"), names_in(cells)
        is_working = kind_words().get(word.casefold())
        if word and is_working is None:
            text = _("“%(value)s” is neither a holiday nor a make-up working day.")
            cells.fault("kind", text % {"value": word})
        if day is None or is_working is None:
            return None
        if day.isoformat() not in books or not any(value is None for value in names.values()):
            require_a_name(cells, names, _("say which holiday it belongs to, in one language at least."))
        return Entry(
            cells.line,
            day.isoformat(),
            names["name_zh"] or names["name_en"] or day.isoformat(),
            {"kind": is_working, **names},
        )

    def on_record(self, books: dict[Hashable, CalendarDay]) -> Mapping[Hashable, Mapping[str, Any]]:
        return {key: {"kind": day.is_working, **names_of(day.name)} for key, day in books.items()}

    def words(self, name: str, value: Any) -> str:
        return str(KINDS[value]) if name == "kind" else super().words(name, value)

    def write_steps(
        self, steps: Sequence[Step], books: dict[Hashable, CalendarDay], *, by: Any, at: datetime, progress: Progress
    ) -> None:
        rows = []
        for step in steps:
            known = books.get(step.entry.key)
            name = texts_from(step.entry.facts, known.name if known else None)
            rows.append(CalendarRow(date.fromisoformat(str(step.entry.key)), step.entry.facts["kind"], name))
        set_calendar(rows=rows, by=by, at=at)
        progress.advance(len(steps))


def kind_words() -> dict[str, bool]:
    """Return every word for a kind of day, in each language and as offices abbreviate it."""
    words = dict(MORE_WORDS)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {str(label).casefold(): is_working for is_working, label in KINDS.items()}
    return words
