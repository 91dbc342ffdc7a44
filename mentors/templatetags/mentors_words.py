"""Words of frozen evidence."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def iso_day(value: str | None) -> date | None:
    """Return the day that JSON holds as "2026-11-23"; None for nothing."""
    return date.fromisoformat(value) if value else None
