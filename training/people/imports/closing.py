"""The last day of parts of the centre in lists: an empty cell is a part that is open, and opens one that has closed."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from training.lib.imports import Cells, Column
from training.people.models import Department, Hall, Position, Section, Window
from training.people.queries import remaining

Part: TypeAlias = Department | Hall | Section | Window | Position
NAMED = 3
"""How many of those who are in the way an error names."""


def until_column(prefix: str = "", english: str = "Last day", chinese: str = "停用日期") -> Column:
    """Return the column of a part's last day."""
    return Column(f"{prefix}until", english, chinese, hint=gettext_lazy("Empty as long as it is open."))


def until_in(cells: Cells, prefix: str = "") -> str | None:
    """Return the last day in the cell in ISO form, "" for a blank one, None where the file has no such column."""
    name = f"{prefix}until"
    if not cells.has(name):
        return None
    day = cells.day(name)
    return day.isoformat() if day else ""


def until_of(part: Part) -> str:
    """Return the last day on record as a fact."""
    return part.until.isoformat() if part.until else ""


def day_from(fact: str | None) -> date | None:
    """Return a fact as the day to store."""
    return date.fromisoformat(fact) if fact else None


def in_the_way(part: Part | None, until: str | None, goes_too: Callable[[Any, str], bool] | None = None) -> str:
    """Say who would still be in a part that gets this last day, but for what the same list takes away; "" if nobody."""
    if part is None or not until or until == until_of(part):
        return ""
    left = [str(one) for one in remaining(part, date.fromisoformat(until)) if not (goes_too and goes_too(one, until))]
    if not left:
        return ""
    named = pgettext("between words of a list", ", ").join(left[:NAMED])
    if len(left) > NAMED:
        named = _("%(named)s and %(more)s more") % {"named": named, "more": len(left) - NAMED}
    return _("still in it after that day: %(named)s.") % {"named": named}


def is_above_closed(until: str, above: str) -> bool:
    """Tell whether a part would be open on a day on which what it stands in has closed."""
    return bool(above) and (not until or until > above)


def above_closed(code: object) -> str:
    """Say that what a part stands in has closed."""
    return _("“%(code)s”, in which it stands, closes before.") % {"code": code}
