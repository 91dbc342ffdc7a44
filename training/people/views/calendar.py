"""The centre's calendar: a year at a glance, holidays and the days worked for them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import SIGNED_IN, allow, roles
from training.people import permissions, queries, services
from training.people.forms.working_time import HolidayForm, WorkingDaysForm
from training.people.models import Centre, User

from .undoing import offer_undo, undo_offered

KEEPERS = roles(*permissions.KEEPERS)
YEARS = range(2000, 2101)


@allow(SIGNED_IN)
@require_safe
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a year: twelve months, and its holidays in words."""
    return _page(request, _year(request))


@allow(KEEPERS)
@require_POST
@never_cache
def add_holiday(request: HttpRequest) -> HttpResponse:
    """Enter a holiday with the days worked instead, all at once."""
    _require_whole_centre(request.user)
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _page(request, _year(request), form=form)
    services.set_calendar(rows=form.rows(), by=request.user, at=timezone.now())
    messages.success(request, _("The calendar was changed."))
    return _to_year(form.cleaned_data["first"].year)


@allow(KEEPERS)
@require_POST
@never_cache
def clear_days(request: HttpRequest) -> HttpResponse:
    """Take days out of the calendar again; what they were can be put back."""
    _require_whole_centre(request.user)
    days = [day for text in request.POST.getlist("day") if (day := _day(text)) is not None]
    gone = services.clear_calendar(days=days, by=request.user, at=timezone.now())
    if gone:
        rows = [[str(row.day), row.is_working, dict(row.name)] for row in gone]
        offer_undo(request, "calendar", rows, text=_("Taken out of the calendar."))
    return _to_year(gone[0].day.year if gone else _year(request))


@allow(KEEPERS)
@require_POST
@never_cache
def working_days(request: HttpRequest) -> HttpResponse:
    """Say on which weekdays the centre works."""
    _require_whole_centre(request.user)
    form = WorkingDaysForm(request.POST)
    if not form.is_valid():
        return _page(request, _year(request), weekdays=form)
    services.set_working_days(weekdays=form.cleaned_data["weekdays"], by=request.user, at=timezone.now())
    messages.success(request, _("The calendar was changed."))
    return _to_year(_year(request))


def _page(
    request: HttpRequest, year: int, form: HolidayForm | None = None, weekdays: WorkingDaysForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "year": queries.calendar_year(year, today=timezone.localdate()),
        "before": year - 1 if year - 1 in YEARS else None,
        "after": year + 1 if year + 1 in YEARS else None,
        "form": form or HolidayForm(),
        "weekdays": weekdays or WorkingDaysForm(initial={"weekdays": Centre.load().working_days}),
        "may_change": permissions.may_keep(request.user, None),
        "undo": undo_offered(request),
    }
    return render(request, "people/calendar.html", context)


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year") or request.POST.get("year") or ""
    year = int(text) if text.isdecimal() and len(text) == len("2026") else 0
    return year if year in YEARS else timezone.localdate().year


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('people:calendar')}?year={year}")


def _require_whole_centre(user: User) -> None:
    if not permissions.may_keep(user, None):
        raise PermissionDenied
