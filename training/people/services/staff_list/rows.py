"""Reads the rows of a staff list into what they mean, and names every cell that means nothing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from training.lib.days import day_of
from training.lib.imports import Layout, Progress, shown
from training.lib.tables import Fault, Row, Table
from training.people import rules
from training.people.models import Department, Position, Role, Section, Window

from .directory import Directory

Thing = TypeVar("Thing")
ROLE_SEPARATORS = re.compile(r"[;；、]")
LONGEST_NAME = 100
STRIDE = 200
"""Rows between two tellings of how far the work is."""
A_YEAR = timedelta(days=366)
NUMBER_FAULT = gettext_noop("“%(value)s” is not a staff number: up to 30 letters and digits, without spaces.")
NAME_FAULT = gettext_noop("“%(value)s” is not a name: a name begins with a letter and stands on one line.")
LATIN_FAULT = gettext_noop("“%(value)s” is not a name in Latin letters.")


@dataclass(frozen=True)
class StaffRow:
    """One line of the list; None for what its file does not say, which keeps what is on record."""

    line: int
    staff_number: str
    display_name: str
    latin_name: str | None
    department: Department
    posted_to: Department
    """Where the posting puts the person: the department itself, unless the list says another."""
    position: Position
    section: Section | None
    window: Window | None
    starts_on: date
    language: str | None
    roles: tuple[str, ...]
    email: str | None


@dataclass
class RowReader:
    """Reads the cells of one row; `faults` collects what is wrong with them."""

    row: Row
    layout: Layout
    directory: Directory
    today: date
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> StaffRow | None:
        """Return what the row says; None when a cell is faulty."""
        department, posted_to = self.department(), self.posted_to()
        position = self.look_up("position", self.directory.positions, _("no position has the code “%(value)s”."))
        section, window = self.section_and_window()
        starts_on = self.starts_on()
        staff_number = self.checked("staff_number", rules.is_staff_number, NUMBER_FAULT)
        display_name = self.name("name", rules.is_name, NAME_FAULT)
        latin_name = self.name("latin_name", rules.is_latin_name, LATIN_FAULT)
        language, roles, email = self.language(), self.roles(), self.email()
        if self.faults or department is None or position is None or starts_on is None:
            return None
        return StaffRow(
            line=self.row.line,
            staff_number=staff_number,
            display_name=display_name or "",
            latin_name=latin_name,
            department=department,
            posted_to=posted_to or department,
            position=position,
            section=section,
            window=window,
            starts_on=starts_on,
            language=language,
            roles=roles,
            email=email,
        )

    def cell(self, name: str) -> str | None:
        """The text of a field; None when the file has no such column. A required one that is blank is a fault."""
        place = self.layout.places.get(name)
        return None if place is None else self.row.cells[place]

    def fault(self, name: str, text: str) -> None:
        self.faults.append(Fault(text, self.row.line, self.layout.letters[name]))

    def required(self, name: str) -> str:
        text = self.cell(name) or ""
        if not text:
            self.fault(name, _("the cell is empty; it must be filled in."))
        return text

    def checked(self, name: str, is_right: Callable[[str], bool], text: str) -> str:
        value = self.required(name)
        if value and not is_right(value):
            self.fault(name, _(text) % {"value": shown(value)})
        return value

    def name(self, name: str, is_right: Callable[[str], bool], text: str) -> str | None:
        value = self.cell(name) if name == "latin_name" else self.required(name)
        if value and len(value) > LONGEST_NAME:
            self.fault(name, _("more than %(limit)d characters for a name.") % {"limit": LONGEST_NAME})
        elif value and not is_right(value):
            self.fault(name, _(text) % {"value": shown(value)})
        return value

    def look_up(self, name: str, things: Mapping[str, Thing], text: str) -> Thing | None:
        """Find what the code in a required cell names; suggests the code that was probably meant."""
        code = self.required(name)
        if not code or code in things:
            return things.get(code)
        near = get_close_matches(code, things, n=1)
        hint = " " + _("Did you mean “%(code)s”?") % {"code": near[0]} if near else ""
        self.fault(name, text % {"value": shown(code)} + hint)
        return None

    def department(self) -> Department | None:
        text = _("no department has the code “%(value)s”.")
        department = self.look_up("department", self.directory.departments, text)
        if department is not None and not self.directory.may_keep(department.pk):
            self.fault("department", _("you are not HR of the department “%(code)s”.") % {"code": department.code})
        return department

    def posted_to(self) -> Department | None:
        if not self.cell("posted_to"):
            return None
        return self.look_up("posted_to", self.directory.departments, _("no department has the code “%(value)s”."))

    def section_and_window(self) -> tuple[Section | None, Window | None]:
        section = window = None
        if self.cell("section"):
            section = self.look_up("section", self.directory.sections, _("no section has the code “%(value)s”."))
        if self.cell("window"):
            window = self.look_up("window", self.directory.windows, _("no window has the number “%(value)s”."))
        if section and window and window.section_id != section.pk:
            text = _("window %(number)s is in the section “%(code)s”, not in “%(other)s”.")
            facts = {"number": window.number, "code": window.section.code, "other": section.code}
            self.fault("window", text % facts)
        return section or (window.section if window else None), window

    def starts_on(self) -> date | None:
        text = self.required("starts_on")
        day = day_of(text)
        if text and day is None:
            self.fault("starts_on", _("“%(value)s” is not a date. Write it as 2026-03-01.") % {"value": shown(text)})
        if day and day > self.today + A_YEAR:
            self.fault("starts_on", _("“%(value)s” is more than a year ahead.") % {"value": shown(text)})
        return day

    def language(self) -> str | None:
        text = self.cell("language")
        if text and text.casefold() not in self.directory.languages:
            facts = {"value": shown(text), "known": ", ".join(sorted(set(self.directory.languages.values())))}
            self.fault("language", _("“%(value)s” is not a language of the platform. Known are: %(known)s.") % facts)
        return self.directory.languages.get(text.casefold()) if text else None

    def roles(self) -> tuple[str, ...]:
        words = [word.strip() for word in ROLE_SEPARATORS.split(self.cell("roles") or "")]
        found = []
        for word in filter(None, words):
            role = self.directory.roles.get(word.casefold())
            if role is None:
                facts = {"value": shown(word), "known": ", ".join(Role.values)}
                self.fault("roles", _("“%(value)s” is not a role. Known are: %(known)s.") % facts)
            else:
                found.append(role)
        return tuple(dict.fromkeys(found))

    def email(self) -> str | None:
        text = self.cell("email")
        if text:
            try:
                validate_email(text)
            except ValidationError:
                self.fault("email", _("“%(value)s” is not an e-mail address.") % {"value": shown(text)})
        return text


def read_rows(
    table: Table, layout: Layout, directory: Directory, today: date, progress: Progress
) -> tuple[list[StaffRow], list[Fault]]:
    """Return the rows that mean something, and the faults of all others; rows that share a number are faulty all."""
    rows, faults = [], []
    for number, row in enumerate(table.rows, start=1):
        reader = RowReader(row, layout, directory, today)
        meant = reader.read()
        faults += reader.faults
        if meant is not None:
            rows.append(meant)
        if number % STRIDE == 0:
            progress.advance(STRIDE)
    progress.advance(len(table.rows) % STRIDE)
    repeated = list(repetitions(table, layout))
    faults += repeated
    bad_lines = {fault.line for fault in repeated}
    return [row for row in rows if row.line not in bad_lines], faults


def repetitions(table: Table, layout: Layout) -> Iterable[Fault]:
    """Yield a fault for each row whose staff number stands in another row too, in whatever case."""
    place, letter = layout.places["staff_number"], layout.letters["staff_number"]
    lines: dict[str, list[int]] = defaultdict(list)
    for row in table.rows:
        if number := row.cells[place]:
            lines[number.upper()].append(row.line)
    for number, found in lines.items():
        for line in found if len(found) > 1 else ():
            other = found[1] if line == found[0] else found[0]
            facts = {"value": shown(number), "line": other}
            yield Fault(_("the staff number “%(value)s” is in line %(line)d too.") % facts, line, letter)
