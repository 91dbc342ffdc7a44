"""Words of coaching: facts in a row, days of frozen evidence."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def iso_day(value: str | None) -> date | None:
    """Return the day that JSON holds as "2026-11-23"; None for nothing."""
    return date.fromisoformat(value) if value else None


@register.filter
def then(one: Any, other: Any) -> str:
    """Return two facts in a row, with the comma of the reader's language; one alone where the other is empty."""
    if not one or not other:
        return str(one or other or "")
    return _("%(one)s, %(other)s") % {"one": one, "other": other}


@register.filter
def listed(things: Iterable[Any]) -> str:
    """Return the things in a row: "Permit, Renewal"."""
    return reduce(then, things, "")
