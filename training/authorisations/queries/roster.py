"""The roster of a week: who stands where, who of them is away, and who may not handle what the window serves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q

from training.authorisations.models import Authorisation, Entrustment
from training.lib.texts import text_in
from training.lib.workdays import week_of
from training.matters.models import ServiceMatter, WindowMatter
from training.people import permissions
from training.people.models import CalendarDay, Half, Posting, Section, Shift, User, Window
from training.people.models.organisation import PlaceQuerySet
from training.people.queries import away, working_calendar

from .gone import Whereabouts

Pairs: TypeAlias = set[tuple[int, int]]
SHOWN = 60
"""How many people a cell offers at most; the search reaches all others."""


@dataclass(frozen=True)
class Standing:
    """Somebody on the roster: whether they are away or gone, and which matters of the window they may not handle."""

    person: User
    is_away: bool
    gone: str
    lacks: list[ServiceMatter]


@dataclass(frozen=True)
class Cell:
    """One window in one half of one day; `others` stand there whom the viewer does not oversee."""

    window: Window
    day: date
    half: str
    standing: list[Standing]
    others: bool
    is_working: bool

    @property
    def is_empty(self) -> bool:
        """Whether nobody who is there that day stands at a window that should be manned."""
        manned = self.others or any(not one.is_away and not one.gone for one in self.standing)
        return self.is_working and not manned


@dataclass(frozen=True)
class DayHead:
    """A day of the week as the head of its columns."""

    day: date
    is_working: bool
    name: str
    is_today: bool


@dataclass(frozen=True)
class SectionRows:
    """The windows of one section with their cells, in the order of the days."""

    section: Section
    rows: list[tuple[Window, list[Cell]]]


@dataclass(frozen=True)
class Week:
    """The roster of one week."""

    days: list[DayHead]
    sections: list[SectionRows]

    @property
    def columns(self) -> int:
        """How many columns the table has: the window and two halves of each day."""
        return 1 + 2 * len(self.days)

    @property
    def cells(self) -> Iterable[Cell]:
        return (cell for section in self.sections for _window, cells in section.rows for cell in cells)

    @property
    def empty(self) -> int:
        """How many half-days a window stands empty."""
        return sum(cell.is_empty for cell in self.cells)

    @property
    def unqualified(self) -> int:
        """How many times somebody stands where they may not handle something."""
        return sum(bool(one.lacks) for cell in self.cells for one in cell.standing)

    @property
    def gone(self) -> int:
        """How many half-days are those of people who have left or moved."""
        return sum(bool(one.gone) for cell in self.cells for one in cell.standing)


def week_of_roster(viewer: User, monday: date, *, section: Section | None, today: date) -> Week:
    """Return the week as `viewer` may see it; as many queries for one window as for a hundred."""
    week = week_of(monday)
    windows = list(visible_windows(viewer, week[0], week[-1], section=section, today=today))
    seen = Exists(permissions.overseen_staff(viewer, today=today).filter(pk=OuterRef("person")))
    shifts = Shift.objects.between(week[0], week[-1]).filter(window__in=windows).annotate(seen=seen)
    found = list(shifts.select_related("person").order_by("person__staff_number"))
    days = _days(week, {shift.day for shift in found}, today)
    facts = _Facts(windows, found, days)
    by_section: dict[Section, list[tuple[Window, list[Cell]]]] = defaultdict(list)
    for window in windows:
        cells = [facts.cell(window, head, half) for head in days for half in Half.values]
        by_section[window.section].append((window, cells))
    return Week(days, [SectionRows(place, rows) for place, rows in by_section.items()])


class _Facts:
    """What the cells of a week are made of, read once for all of them."""

    def __init__(self, windows: list[Window], shifts: list[Shift], days: list[DayHead]) -> None:
        people = {shift.person_id for shift in shifts if shift.seen}  # type: ignore[attr-defined]  # annotated
        first, last = min(head.day for head in days), max(head.day for head in days)
        self.absent = away(User.objects.filter(pk__in=people), first, last)
        self.whereabouts = Whereabouts(people)
        self.served = matters_of(windows, first, last)
        self.allowed = {head.day: may_handle_on(people, head.day) for head in days}
        self.shifts: dict[tuple[int, date, str], list[Shift]] = defaultdict(list)
        for shift in shifts:
            self.shifts[shift.window_id, shift.day, shift.half].append(shift)

    def cell(self, window: Window, head: DayHead, half: str) -> Cell:
        here = self.shifts[window.pk, head.day, half]
        standing = [self._standing(shift, window) for shift in here if shift.seen]  # type: ignore[attr-defined]  # annotated
        is_open = window.until is None or window.until >= head.day
        return Cell(window, head.day, half, standing, len(standing) < len(here), head.is_working and is_open)

    def _standing(self, shift: Shift, window: Window) -> Standing:
        matters = [row.matter for row in self.served[shift.window_id] if _runs_on(row, shift.day)]
        lacks = [matter for matter in matters if (shift.person_id, matter.pk) not in self.allowed[shift.day]]
        gone = self.whereabouts.gone(shift.person, window.section_id, shift.day)
        is_away = not shift.person.is_active or (shift.person_id, shift.day) in self.absent
        return Standing(shift.person, is_away, gone, [] if gone else lacks)


def visible_windows(
    viewer: User, first: date, last: date, *, section: Section | None, today: date
) -> "PlaceQuerySet[Window]":
    """Return the windows open then; whoever oversees a part sees those its people are posted to or stand at."""
    windows = Window.objects.open_on(first).select_related("section__hall")
    if section is not None:
        windows = windows.filter(section=section)
    if not permissions.oversees_centre(viewer):
        people = permissions.overseen_staff(viewer, today=today)
        posted = Posting.objects.on(today).filter(person__in=people).values("window")
        standing = Shift.objects.between(first, last).filter(person__in=people).values("window")
        windows = windows.filter(Q(pk__in=posted) | Q(pk__in=standing))
    return windows.order_by("section__hall__code", "section__code", "number")


def matters_of(windows: Iterable[Window], first: date, last: date) -> dict[int, list[WindowMatter]]:
    """Return, by window, what it serves on any day between the two."""
    rows = WindowMatter.objects.filter(
        Q(until=None) | Q(until__gte=first), window__in=list(windows), starts_on__lte=last
    )
    served: dict[int, list[WindowMatter]] = defaultdict(list)
    for row in rows.select_related("matter").order_by("matter__code"):
        served[row.window_id].append(row)
    return served


def may_handle_on(people: Iterable[int], day: date) -> Pairs:
    """Return (person, matter) for what these people may handle that day, if need be with a teacher beside."""
    rows = Authorisation.objects.effective_on(day).filter(person__in=list(people), entrustment__gte=Entrustment.DIRECT)
    return set(rows.values_list("person", "matter"))


@dataclass(frozen=True)
class Candidate:
    """Somebody who could stand at the window: where they are posted and stand, whether away, what they lack."""

    person: User
    is_here: bool
    elsewhere: Window | None
    is_away: bool
    is_posted: bool
    lacks: list[ServiceMatter]


def candidates(keeper: User, window: Window, day: date, half: str, *, words: str = "") -> list[Candidate]:
    """Return whom `keeper` could put there: who stands there, who is posted to its section, or whom `words` find."""
    kept = User.objects.active().filter(department__in=permissions.departments_kept(keeper))
    standing = Shift.objects.filter(day=day, half=half)
    here = set(standing.filter(window=window).values_list("person", flat=True))
    posted = set(Posting.objects.on(day).filter(window=window).values_list("person", flat=True))
    if words:
        found = list(kept.found_by(words).order_by("staff_number")[:SHOWN])
    else:
        near = Posting.objects.on(day).filter(section=window.section).values("person")
        found = list(kept.filter(pk__in=near).order_by("staff_number")[:SHOWN])
        found = [*kept.filter(pk__in=(here | posted) - {one.pk for one in found}).order_by("staff_number"), *found]
    people = {person.pk for person in found}
    at = {shift.person_id: shift.window for shift in standing.filter(person__in=people).select_related("window")}
    absent = away(User.objects.filter(pk__in=people), day, day)
    matters = [row.matter for row in matters_of([window], day, day)[window.pk]]
    allowed = may_handle_on(people, day)
    made = [
        Candidate(
            person,
            person.pk in here,
            at.get(person.pk) if person.pk not in here else None,
            (person.pk, day) in absent,
            person.pk in posted,
            [matter for matter in matters if (person.pk, matter.pk) not in allowed],
        )
        for person in found
    ]
    return sorted(made, key=lambda one: (not one.is_here, one.is_away, not one.is_posted, len(one.lacks)))


def _runs_on(row: WindowMatter, day: date) -> bool:
    return row.starts_on <= day and (row.until is None or row.until >= day)


def _days(week: list[date], used: set[date], today: date) -> list[DayHead]:
    """Return the days to show: Monday to Friday, and a weekend day that is worked or has shifts."""
    calendar = working_calendar(week[0], week[-1])
    names = {one.day: text_in(one.name) for one in CalendarDay.objects.filter(day__range=(week[0], week[-1]))}
    return [
        DayHead(day, calendar.is_working(day), names.get(day, ""), day == today)
        for day in week
        if calendar.is_working(day) or day in used or day in names or day.isoweekday() in calendar.weekdays
    ]
