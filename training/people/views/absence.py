"""Leave: the list of a month, entering, changing, taking back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.people import permissions, queries, services
from training.people.forms.working_time import LeaveFilter, LeaveForm, NewLeaveForm
from training.people.models import Leave

from .undoing import offer_undo, roster_rows, undo_offered

OVERSEERS = roles(*permissions.OVERSEERS)
KEEPERS = roles(*permissions.KEEPERS)
PER_PAGE = 50


@allow(OVERSEERS)
@require_safe
@never_cache
def leaves(request: HttpRequest) -> HttpResponse:
    """List who is away in a month, of those one oversees; the kind of leave shows to HR alone."""
    today = timezone.localdate()
    chosen = LeaveFilter(request.GET, viewer=request.user, today=today)
    found = queries.leave_list(request.user, chosen.first, chosen.last, today=today, **chosen.chosen())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "lines": queries.leave_lines(page.object_list, request.user),
        "may_enter": bool(permissions.KEEPERS & request.user.role_names),
        "undo": undo_offered(request),
        "today": today,
    }
    return render(request, "people/leave_list.html", context)


@allow(KEEPERS)
@never_cache
def enter_leave(request: HttpRequest) -> HttpResponse:
    """Enter leave of somebody whose records one keeps."""
    form = NewLeaveForm(request.POST or None, keeper=request.user, initial=request.GET.dict() | {"frees": True})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        frees = data.pop("frees")
        try:
            leave = services.enter_leave(**data, by=request.user, at=timezone.now())
        except services.PeopleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, leave, frees=frees)
    return render(request, "people/leave_form.html", {"form": form})


@allow(KEEPERS)
@never_cache
def change_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the kind or the days of leave, or end it early."""
    leave = _fetch(request, pk)
    initial = {"kind": leave.kind, "starts_on": leave.starts_on, "until": leave.until, "frees": True}
    form = LeaveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        frees = data.pop("frees")
        try:
            leave = services.change_leave(leave=leave, **data, by=request.user, at=timezone.now())
        except services.PeopleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, leave, frees=frees)
    return render(request, "people/leave_form.html", {"form": form, "leave": leave})


@allow(KEEPERS)
@require_POST
@never_cache
def withdraw_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take leave back that was entered by mistake or is not taken."""
    leave = _fetch(request, pk)
    rows: list[list[Any]] = [[leave.person_id, leave.kind, str(leave.starts_on), str(leave.until)]]
    month = f"{leave.starts_on:%Y-%m}"
    services.withdraw_leave(leave=leave, by=request.user, at=timezone.now())
    offer_undo(request, "leave", rows, text=_("The leave of %(person)s was taken back.") % {"person": leave.person})
    return redirect(f"{reverse('people:leave')}?month={month}")


def _saved(request: HttpRequest, leave: Leave, *, frees: bool) -> HttpResponse:
    """Say what was saved, and what of it meets the roster."""
    text = _("Leave of %(person)s: %(days)s.") % {"person": leave.person, "days": queries.span_in_words(leave)}
    shifts = list(leave.person.shifts.between(leave.starts_on, leave.until).select_related("window"))
    if shifts and frees:
        rows = [services.ShiftRow(leave.person, None, shift.day, shift.half) for shift in shifts]
        change = services.set_roster(rows=rows, by=request.user, at=timezone.now())
        freed = ngettext(
            "Taken off the roster for %(n)s half-day.", "Taken off the roster for %(n)s half-days.", len(rows)
        )
        offer_undo(request, "roster", roster_rows(change.undo), text=f"{text} {freed % {'n': len(rows)}}")
    elif shifts:
        standing = ngettext(
            "They still stand on the roster for %(n)s half-day.",
            "They still stand on the roster for %(n)s half-days.",
            len(shifts),
        )
        messages.warning(request, f"{text} {standing % {'n': len(shifts)}}")
    else:
        messages.success(request, text)
    return redirect(f"{reverse('people:leave')}?month={leave.starts_on:%Y-%m}")


def _fetch(request: HttpRequest, pk: int) -> Leave:
    kept = permissions.departments_kept(request.user)
    return get_object_or_404(
        Leave.objects.filter(person__department__in=kept).select_related("person__department"), pk=pk
    )
