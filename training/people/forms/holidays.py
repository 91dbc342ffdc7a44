"""A year's holidays and make-up days as a list that is typed or pasted: one line for a day or for days in a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from training.lib.workdays import days_from
from training.people.imports.holidays import kind_words
from training.people.services import CalendarRow

DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
LINE = re.compile(rf"{DAY}(?:\s*(?:至|到|~|—|–|-|to)\s*{DAY})?(.*)", re.IGNORECASE)
BETWEEN = " \t,，;；:：、"
FIRST_YEAR, LAST_YEAR = 2000, 2099
LONGEST_HOLIDAY = 31
MOST_LINES = 200
CHINESE = re.compile(r"[\u3400-\u9fff]")


class LineError(ValueError):
    """What is wrong with a line, as a sentence."""


@dataclass(frozen=True)
class Line:
    """What one line says: a kind of day, and the holiday it belongs to, for each day from first to last."""

    first: date
    last: date
    is_working: bool
    name: str

    def rows(self) -> Iterator[CalendarRow]:
        language = "zh-hans" if CHINESE.search(self.name) else "en"
        for day in days_from(self.first, self.last):
            yield CalendarRow(day, self.is_working, {language: self.name})


class HolidayListField(forms.CharField):
    """Lines such as "2026-10-01 to 2026-10-07, holiday, National Day"; cleaned, rows of the calendar."""

    widget = forms.Textarea

    def __init__(self, **facts: Any) -> None:
        super().__init__(required=False, max_length=20_000, strip=False, **facts)  # lines keep their numbers

    def clean(self, value: Any) -> list[CalendarRow]:
        return calendar_rows(super().clean(value))


def calendar_rows(text: str) -> list[CalendarRow]:
    """Return the days a list speaks of. Raises `ValidationError` with a sentence for each line that says nothing."""
    rows: dict[date, CalendarRow] = {}
    problems = []
    words = kind_words()
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(_("That are more than %(most)d lines. Enter one year at a time.") % {"most": MOST_LINES})
    for number, line in lines:
        try:
            said = list(line_of(line, words).rows())
            if twice := next((row.day for row in said if row.day in rows), None):
                raise LineError(_("%(day)s stands in the list twice.") % {"day": twice.isoformat()})
        except LineError as error:
            problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": error})
        else:
            rows |= {row.day: row for row in said}
    if problems:
        raise ValidationError(problems)
    return list(rows.values())


def line_of(line: str, words: dict[str, bool]) -> Line:
    """Return what a line says; `words` are those for a kind of day. Raises `LineError`."""
    found = LINE.fullmatch(line)
    if found is None:
        raise LineError(_("it does not begin with a day such as 2026-10-01."))
    parts = found.groups()
    first = day_in(*parts[:3])
    last = day_in(*parts[3:6]) if parts[3] else first
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        raise LineError(_("the last day comes before the first, or more than a month after it."))
    rest = parts[6].strip(BETWEEN)
    kind = max((word for word in words if rest.casefold().startswith(word)), key=len, default="")
    if not kind:
        raise LineError(_("after the day say whether it is a holiday or a make-up working day."))
    if not (name := rest[len(kind) :].strip(BETWEEN)):
        raise LineError(_("say at the end which holiday it belongs to."))
    return Line(first, last, words[kind], name[:100])


def day_in(year: str, month: str, day: str) -> date:
    """Return the day. Raises `LineError` for one that no calendar has."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        found = date.min
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise LineError(_("%(day)s is no day.") % {"day": f"{year}-{month}-{day}"})
    return found
