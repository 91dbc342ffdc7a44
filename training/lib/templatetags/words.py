"""How dates, names, minutes and icons are said; built into every template."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from lucide.templatetags.lucide import lucide

from training.lib.texts import Texts, text_in

register = template.Library()

SOON_DAYS = 3
WEEKDAYS_ZH = "一二三四五六日"
FIRST_IDEOGRAPH, LAST_IDEOGRAPH = "\u3400", "\u9fff"


def _local_day(value: date) -> date:
    """Return the calendar day of `value` where the centre is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _days_away(value: date, today: date | None) -> int:
    return (_local_day(value) - (today or timezone.localdate())).days


def _speaks_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def local(texts: Texts | None) -> str:
    """Return the text of a translated field in the reader's language, else in the source language, else any."""
    return text_in(texts)


@register.filter
def in_language(texts: Texts | None, code: str) -> str:
    """Return the text of a translated field in the language `code`, or "" when it has none."""
    return (texts or {}).get(code, "")


@register.filter
def day(value: date | None, today: date | None = None) -> str:
    """Return "Wed 25 Nov" in the year of `today` (default: the current day), "14 Mar 2027" in another; "" for None."""
    if value is None:
        return ""
    when = _local_day(value)
    this_year = when.year == (today or timezone.localdate()).year
    if _speaks_chinese():
        if this_year:
            return f"{when.month}月{when.day}日 周{WEEKDAYS_ZH[when.weekday()]}"
        return f"{when.year}年{when.month}月{when.day}日"
    return date_format(when, "D j M" if this_year else "j M Y")


@register.filter
def full_day(value: date | None) -> str:
    """Return "Monday 23 November 2026", for a page's first line; "" for None."""
    if value is None:
        return ""
    when = _local_day(value)
    if _speaks_chinese():
        return f"{when.year}年{when.month}月{when.day}日 星期{WEEKDAYS_ZH[when.weekday()]}"
    return date_format(when, "l j F Y")


@register.filter
def moment(value: datetime | None, today: date | None = None) -> str:
    """Return "Wed 25 Nov, 10:42" in the centre's time; "" for None."""
    if value is None:
        return ""
    when = timezone.localtime(value)
    separator = " " if _speaks_chinese() else ", "
    return f"{day(when, today)}{separator}{when:%H:%M}"


@register.filter
def distance(value: date | None, today: date | None = None) -> str:
    """Return how far off a day is: "in 2 days", "today", "3 days ago"; "" for None."""
    if value is None:
        return ""
    days = _days_away(value, today)
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    if days in near:
        return near[days]
    if days < 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


@register.filter
def deadline(value: date | None, today: date | None = None) -> str:
    """Return how far off a deadline is: as `distance`, but a missed one is "3 days overdue"; "" for None."""
    if value is None:
        return ""
    late = -_days_away(value, today)
    if late > 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", late) % {"n": late}
    return distance(value, today)


@register.filter
def due(value: date | None, today: date | None = None) -> str:
    """Return a deadline as date and distance: "Wed 25 Nov, in 2 days"; "" for None."""
    if value is None:
        return ""
    return gettext("%(day)s, %(distance)s") % {"day": day(value, today), "distance": deadline(value, today)}


@register.filter
def when(value: date | None, today: date | None = None) -> str:
    """Return a day, past or coming, as date and distance: "Thu 19 Nov, 4 days ago"; "" for None."""
    if value is None:
        return ""
    return gettext("%(day)s, %(distance)s") % {"day": day(value, today), "distance": distance(value, today)}


@register.filter
def due_tone(value: date | None, today: date | None = None) -> str:
    """Return "late" for a missed deadline, "soon" for one within three days, else ""."""
    if value is None:
        return ""
    days = _days_away(value, today)
    return "late" if days < 0 else "soon" if days <= SOON_DAYS else ""


@register.filter
def minutes(value: int | None) -> str:
    """Return "12 min"; "" when it is not known or nothing."""
    return gettext("%(n)s min") % {"n": value} if value else ""


@register.filter
def span(value: timedelta | None) -> str:
    """Return a length of time in its largest whole unit: "40 s", "12 min", "5 h", "3 days"; "" for none."""
    if not isinstance(value, timedelta):
        return ""
    seconds = max(int(value.total_seconds()), 0)
    if seconds < 60:
        return gettext("%(n)s s") % {"n": seconds}
    if seconds < 60 * 60:
        return gettext("%(n)s min") % {"n": seconds // 60}
    if seconds < 24 * 60 * 60:
        return gettext("%(n)s h") % {"n": seconds // (60 * 60)}
    days = seconds // (24 * 60 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def ago(value: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was: "40 s ago"; "" for None."""
    return "" if not value else gettext("%(span)s ago") % {"span": span(now - value)}


@register.filter
def number(value: int) -> str:
    """Return 12480 as "12,480", as both languages group figures here."""
    return f"{value:,}"


@register.filter
def script_of(text: str) -> str:
    """Return the `lang` of a name: "zh-Hans" when it has an ideograph, else "und"."""
    chinese = any(FIRST_IDEOGRAPH <= letter <= LAST_IDEOGRAPH for letter in text or "")
    return "zh-Hans" if chinese else "und"


@register.simple_tag
def person(user: Any) -> SafeString:
    """Return a member of staff's two names: the one in their own script strong, the Latin one lighter beside it."""
    if user is None:
        return SafeString("")
    first = format_html('<b lang="{}">{}</b>', script_of(user.display_name), user.display_name)
    if not user.latin_name or user.latin_name == user.display_name:
        return format_html('<span class="person">{}</span>', first)
    return format_html(
        '<span class="person">{} <span class="latin" lang="und">{}</span></span>', first, user.latin_name
    )


@lru_cache(maxsize=256)
def _drawn(name: str, css_class: str) -> SafeString:
    drawing = lucide(name, size=None, **{"class": css_class, "stroke_width": "1.75", "aria_hidden": "true"})
    return SafeString(drawing)  # drawn from the icon set alone: no text of a user comes near


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return a lucide icon as inline SVG, hidden from assistive technology: a word always stands beside it.

    `size` is "" (1.25 em), "sm" (1 em) or "lg" (2.5 em). Raises IconDoesNotExist for an unknown name.
    """
    return _drawn(str(name), f"icon icon-{size}" if size else "icon")
