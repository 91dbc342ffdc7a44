"""How a verify code is grouped, and when the end of a certificate is near."""

from datetime import date, timedelta

from django import template

from training.certificates.rules import format_verify_code

register = template.Library()

# The first reminder goes out this long before the last day.
SOON = timedelta(days=90)


@register.filter
def grouped(code: str) -> str:
    """Return the verify code as it is printed: 7K2M-Q9XA-40TB-VE6H-3."""
    return format_verify_code(code)


@register.filter
def is_left(code: str) -> bool:
    """Tell whether this is what is left of a code whose holder was made anonymous: it stands on no paper."""
    return code.startswith("-")


@register.filter
def end_tone(last_day: date | None, today: date) -> str:
    """Return "soontext" for a last day at most 90 days away, else ""."""
    return "soontext" if last_day is not None and last_day <= today + SOON else ""
