"""The inbox: notices of one kind and day stand together as one line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Least, RowNumber, TruncDate
from django.utils.translation import ngettext

from training.notices.models import Notice
from training.notices.texts import TEXTS, THEMES
from training.people.models import User

# Of more than these in one line the newest are shown; the rest has a page of its own.
SHOWN = 20
# A longer number tells nobody more.
MOST_COUNTED = 100


@dataclass(frozen=True)
class InboxFilter:
    """Which notices to show: only unread ones, of one theme; kind and day together open one line."""

    unread: bool = False
    theme: str = ""
    kind: str = ""
    day: date | None = None

    @property
    def is_one_line(self) -> bool:
        return bool(self.kind and self.day)


@dataclass(frozen=True)
class Line:
    """Notices of one kind and day, newest first: all of them, or the newest `SHOWN` of `number`."""

    kind: str
    day: date
    number: int
    unread: int
    notices: Sequence[Notice]

    @property
    def text(self) -> str:
        """What the line says for all of them, in the language that is active now."""
        if self.number == 1:
            return self.notices[0].sentence
        said = TEXTS[self.kind].say_several(self.number)
        if said:
            return said
        more = ngettext("%(sentence)s (and %(n)d more)", "%(sentence)s (and %(n)d more)", self.number - 1)
        return more % {"sentence": self.notices[0].sentence, "n": self.number - 1}

    @property
    def icon(self) -> str:
        return TEXTS[self.kind].icon

    @property
    def hidden(self) -> int:
        """How many of them are not among `notices`."""
        return self.number - len(self.notices)


def unread_count(person: User) -> Least:
    """Return how many notices the person has not read, for a query that reads something else of the page's frame.

    `MOST_COUNTED` stands for that many and more.
    """
    unread = person.notices.filter(read_at=None).order_by().values("person").annotate(n=Count("pk")).values("n")
    return Least(Coalesce(Subquery(unread), 0), Value(MOST_COUNTED))


def filtered(person: User, shown: InboxFilter) -> "QuerySet[Notice]":
    """Return the person's notices that the filter keeps, each with its `day` where the centre is."""
    notices = person.notices.alias(local_day=TruncDate("created_at"))
    if shown.unread:
        notices = notices.filter(read_at=None)
    if shown.theme in THEMES:
        notices = notices.filter(kind__in=THEMES[shown.theme].kinds)
    if shown.is_one_line:
        notices = notices.filter(kind=shown.kind, local_day=shown.day)
    return notices


def lines(person: User, shown: InboxFilter) -> "QuerySet[Notice, dict[str, Any]]":
    """Return the lines of the inbox as mappings, newest first; give a page of them to `page_of_lines`.

    The filter for one line gives each of its notices a line of its own.
    """
    notices = filtered(person, shown).order_by()
    keys = ("kind", "day", "pk") if shown.is_one_line else ("kind", "day")
    return (
        notices.annotate(day=TruncDate("created_at"))
        .values(*keys)
        .annotate(
            number=Count("pk"), unread=Count("pk", filter=Q(read_at=None)), newest=Max("created_at"), last=Max("pk")
        )
        .order_by("-newest", "-last")
    )


def page_of_lines(person: User, shown: InboxFilter, rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return the lines with their notices, brought in one query."""
    if shown.is_one_line:
        found = Notice.objects.in_bulk([row["pk"] for row in rows])
        return [Line(row["kind"], row["day"], 1, row["unread"], [found[row["pk"]]]) for row in rows]
    by_line = defaultdict(list)
    for notice in _newest_of_each(person, shown, rows):
        by_line[notice.kind, notice.local_day].append(notice)
    return [
        Line(row["kind"], row["day"], row["number"], row["unread"], by_line[row["kind"], row["day"]]) for row in rows
    ]


def _newest_of_each(person: User, shown: InboxFilter, rows: Sequence[Mapping[str, Any]]) -> "QuerySet[Notice]":
    """Return the newest notices of every kind and day of the rows, `SHOWN` of each."""
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(kind=row["kind"], local_day=row["day"])
    # By moments first: they have an index, a local day is worked out row by row.
    days = [row["day"] for row in rows] or [date(2000, 1, 1)]
    since = datetime.combine(min(days), time.min, tzinfo=UTC) - timedelta(days=1)
    until = datetime.combine(max(days), time.min, tzinfo=UTC) + timedelta(days=2)
    newest_first = [F("created_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=[F("kind"), F("local_day")], order_by=newest_first)
    near = filtered(person, shown).filter(created_at__gte=since, created_at__lt=until)
    notices = near.annotate(local_day=TruncDate("created_at")).filter(wanted)
    return notices.annotate(place=place).filter(place__lte=SHOWN).order_by("-created_at", "-pk")
