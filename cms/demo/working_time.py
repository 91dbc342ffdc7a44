"""The demo's holidays, leave and roster: past weeks, this one and the next two."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from training.lib.workdays import days_from, week_of
from training.people.models import Half, Leave, Posting, User, Window
from training.people.queries import away, working_calendar
from training.people.services import (
    CalendarRow,
    LeaveRow,
    ShiftRow,
    enter_leaves,
    set_calendar,
    set_roster,
)

from .clock import Clock
from .content import load

WEEKS_BACK, WEEKS_AHEAD = 3, 2
AT_ONE_WINDOW = 2
# The last week ahead is still being filled: these windows have nobody yet, nor has anybody's mistake been noticed.
UNFILLED = 5
OVERLOOKED = 0.05
KINDS = (
    (Leave.Kind.ANNUAL, 3, 10, 0.7),
    (Leave.Kind.SICK, 1, 4, 0.25),
    (Leave.Kind.TRAINING, 2, 5, 0.12),
    (Leave.Kind.OTHER, 1, 3, 0.06),
)


def build_calendar(clock: Clock) -> None:
    """Enter the holidays of last year, this one and the next."""
    rows = [row for year in range(clock.today.year - 1, clock.today.year + 2) for row in _holidays(year)]
    set_calendar(rows=rows, by="build_demo", at=clock.at(370))


def build_leave(clock: Clock, chance: random.Random) -> None:
    """Let everybody be away now and then, over the last year and the coming weeks; a few are away for long."""
    people = User.objects.active().order_by("staff_number")
    # Whom the demo's story is about are there today.
    spared = set(User.objects.exclude(staff_number__startswith="2").values_list("pk", flat=True))
    rows = [row for person in people for row in _leave_of(person, clock, chance, spared=person.pk in spared)]
    enter_leaves(rows=rows, by="build_demo", at=clock.at(0, 7))


def build_roster(clock: Clock, chance: random.Random) -> None:
    """Put people at their windows, week by week; some gaps and one or two mistakes are left, as in any roster."""
    monday = week_of(clock.today)[0]
    first, last = monday - timedelta(weeks=WEEKS_BACK), monday + timedelta(weeks=WEEKS_AHEAD, days=6)
    calendar, absent = working_calendar(first, last), away(None, first, last)
    posted: dict[Window, list[User]] = defaultdict(list)
    postings = Posting.objects.on(clock.today).exclude(window=None).filter(person__is_active=True)
    found = postings.select_related("person", "window").order_by("is_loan", "-person__staff_number")
    # Who is lent stands where they are lent to: the loan comes last.
    for posting in {one.person_id: one for one in found}.values():
        posted[posting.window].append(posting.person)
    unfilled = {window.pk for window in sorted(posted, key=lambda one: one.number)[-UNFILLED:]}
    rows = []
    for day in days_from(first, last):
        if not calendar.is_working(day):
            continue
        for window, people in posted.items():
            if window.pk in unfilled and day > last - timedelta(weeks=1):
                continue
            rows.extend(_day_of(window, people, day, absent, chance))
    set_roster(rows=rows, by="build_demo", at=clock.at(0, 7))


def _day_of(
    window: Window, people: list[User], day: date, absent: set[tuple[int, date]], chance: random.Random
) -> Iterator[ShiftRow]:
    """Yield who stands at the window that day: the demo's accounts each morning, the others by turns."""
    for place, half in enumerate(Half.values):
        turn = day.toordinal() * len(Half.values) + place
        there = [one for one in people if not one.staff_number.isdecimal()] if half == Half.MORNING else []
        there += [people[(turn + step) % len(people)] for step in range(AT_ONE_WINDOW)]
        for person in dict.fromkeys(there[:AT_ONE_WINDOW]):
            if (person.pk, day) not in absent or chance.random() < OVERLOOKED:
                yield ShiftRow(person, window, day, half)


def _leave_of(person: User, clock: Clock, chance: random.Random, *, spared: bool) -> Iterator[LeaveRow]:
    """Yield times away that do not meet, from a year ago to five weeks ahead."""
    day, end = clock.ago(350), clock.ago(-35)
    if not spared and chance.random() < 1 / 60:
        first = clock.ago(chance.randint(20, 70))
        yield LeaveRow(person, Leave.Kind.MATERNITY, first, first + timedelta(days=157))
        end = first - timedelta(days=1)
    while day < end:
        day = week_of(day + timedelta(days=chance.randint(30, 150)))[chance.randint(0, 4)]
        kind, shortest, longest, likely = chance.choice(KINDS)
        until = day + timedelta(days=chance.randint(shortest, longest) - 1)
        meets_today = spared and day <= clock.today <= until
        if until < end and not meets_today and chance.random() < likely:
            yield LeaveRow(person, kind, day, until)
            day = until


def _holidays(year: int) -> Iterator[CalendarRow]:
    content = load("holidays")
    published = [row for row in content["published"] if row["year"] == year]
    for row in published:
        first, last = map(date.fromisoformat, row["off"])
        yield from (CalendarRow(day, is_working=False, name=row["name"]) for day in days_from(first, last))
        yield from (CalendarRow(date.fromisoformat(day), is_working=True, name=row["name"]) for day in row["worked"])
    for row in () if published else content["fixed"]:
        first, last = (date.fromisoformat(f"{year}-{day}") for day in row["off"])
        yield from (CalendarRow(day, is_working=False, name=row["name"]) for day in days_from(first, last))
