"""Which window serves what, today and before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from training.matters.models import ServiceMatter, WindowMatter
from training.people.models import Window


def windows_with_matters(today: date) -> "QuerySet[Window]":
    """Return the open windows, each with what it serves today in `serves` (two queries)."""
    rows = WindowMatter.objects.on(today).select_related("matter").order_by("matter__code")
    windows = Window.objects.open_on(today).select_related("section__hall").order_by("number")
    return windows.prefetch_related(Prefetch("window_matters", rows, to_attr="serves"))


def unserved(today: date) -> "QuerySet[ServiceMatter]":
    """Return the published matters that no window serves today."""
    served = WindowMatter.objects.on(today).values("matter")
    return ServiceMatter.objects.filter(live=True).exclude(pk__in=served).order_by("code")


def windows_serving(matter: ServiceMatter, day: date) -> list[Window]:
    """Return the windows that serve the matter on a day, by number (one query)."""
    rows = WindowMatter.objects.on(day).filter(matter=matter)
    return [row.window for row in rows.select_related("window__section__hall").order_by("window__number")]


@dataclass(frozen=True)
class Choice:
    """A matter as it may be chosen for a window, and since when the window serves it."""

    matter: ServiceMatter
    since: date | None


def choices_for(window: Window, day: date) -> list[Choice]:
    """Return the published matters, and whatever else the window serves that day, by department (two queries)."""
    served = {row.matter_id: row for row in WindowMatter.objects.on(day).filter(window=window)}
    live = ServiceMatter.objects.filter(live=True) | ServiceMatter.objects.filter(pk__in=served)
    matters = live.select_related("department").order_by("department__path", "code")
    return [Choice(one, served[one.pk].starts_on if one.pk in served else None) for one in matters]


def history_of_window(window: Window) -> Iterable[WindowMatter]:
    """Return all it serves, served and is to serve, the latest first."""
    return window.window_matters.select_related("matter").order_by("-starts_on", "matter__code")
