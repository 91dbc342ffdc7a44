"""The roster of a week, one cell of it, and copying the week before."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.authorisations.forms import REACHES, CellForm, RosterFilter
from training.authorisations.queries import roster as queries
from training.authorisations.queries.gone import shifts_of_the_gone
from training.lib.access import allow, roles
from training.lib.workdays import week_of
from training.people import permissions, services
from training.people.models import Half, User, Window
from training.people.queries import working_calendar
from training.people.views.undoing import offer_undo, roster_rows, undo_offered

OVERSEERS = roles(*permissions.OVERSEERS)
KEEPERS = roles(*permissions.KEEPERS)
ONE_WEEK = timedelta(days=7)
LONGEST_SEARCH = 100


@allow(OVERSEERS)
@require_safe
@never_cache
def roster(request: HttpRequest) -> HttpResponse:
    """Show a week: windows by days and halves, with those one oversees by name."""
    today = timezone.localdate()
    chosen = RosterFilter(request.GET, today=today)
    week = week_of(chosen.day)
    context = {
        "filter": chosen,
        "week": queries.week_of_roster(request.user, week[0], section=chosen.place, today=today),
        "monday": week[0],
        "sunday": week[-1],
        "before": week[0] - ONE_WEEK,
        "after": week[0] + ONE_WEEK,
        "may_change": bool(permissions.KEEPERS & request.user.role_names),
        "undo": undo_offered(request),
        "today": today,
    }
    return render(request, "authorisations/roster.html", context)


@allow(KEEPERS)
@never_cache
def cell(request: HttpRequest, number: int, day: str, half: str) -> HttpResponse:
    """Say who stands at a window in one half of a day, for the day, or for the rest of the week."""
    window, when = _slot(number, day, half)
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    found = queries.candidates(request.user, window, when, half, words=words)
    if request.method == "POST":
        form = CellForm(request.POST, people=_kept(request.user, request.POST.getlist("listed")))
        if form.is_valid():
            return _put(request, window, when, half, form)
        messages.error(request, _("Somebody in the list is not one of your people any more. Choose again."))
    context = {
        "window": window,
        "day": when,
        "half": Half(half),
        "candidates": found,
        "reaches": REACHES,
        "words": words,
        "matters": [row.matter for row in queries.matters_of([window], when, when)[window.pk]],
        "monday": week_of(when)[0],
        "today": timezone.localdate(),
    }
    return render(request, "authorisations/roster_cell.html", context)


@allow(KEEPERS)
@require_POST
@never_cache
def copy(request: HttpRequest) -> HttpResponse:
    """Repeat the week before for one's own people."""
    chosen = RosterFilter(request.POST, today=timezone.localdate())
    monday = week_of(chosen.day)[0]
    done = services.copy_week(monday=monday, by=request.user, at=timezone.now())
    copied = done.change.outcome.created
    text = ngettext("%(n)s half-day was copied.", "%(n)s half-days were copied.", copied) % {"n": copied}
    reasons = {
        "holiday": _("%(n)s on days that are not worked"),
        "away": _("%(n)s of people who are away"),
        "taken": _("%(n)s where somebody stands elsewhere already"),
        "closed": _("%(n)s at windows that have closed"),
        "left": _("%(n)s of people who have left"),
    }
    if left_out := "; ".join(reasons[reason] % {"n": n} for reason, n in done.left_out.items()):
        text = f"{text} {_('Left out: %(reasons)s.') % {'reasons': left_out}}"
    if copied:
        offer_undo(request, "roster", roster_rows(done.change.undo), text=text)
    else:
        messages.warning(request, text)
    return redirect(_address(monday))


@allow(KEEPERS)
@require_POST
@never_cache
def clear(request: HttpRequest) -> HttpResponse:
    """Take off the roster those of one's own people who have left or moved, from today to the end of the week."""
    today = timezone.localdate()
    chosen = RosterFilter(request.POST, today=today)
    monday = week_of(chosen.day)[0]
    shifts = shifts_of_the_gone(request.user, monday, section=chosen.place, today=today)
    rows = [services.ShiftRow(shift.person, None, shift.day, shift.half) for shift in shifts]
    change = services.set_roster(rows=rows, by=request.user, at=timezone.now())
    if gone := change.outcome.removed:
        text = ngettext("%(n)s half-day was taken off.", "%(n)s half-days were taken off.", gone) % {"n": gone}
        offer_undo(request, "roster", roster_rows(change.undo), text=text)
    else:
        messages.warning(request, _("Nothing to take off: nobody you keep has left or moved from today on."))
    return redirect(_address(monday))


def _put(request: HttpRequest, window: Window, day: date, half: str, form: CellForm) -> HttpResponse:
    """Put those chosen at the window, and take off it those listed and not chosen."""
    data = form.cleaned_data
    chosen, listed = set(data["person"]), set(data["listed"])
    people = User.objects.in_bulk(chosen | listed)
    slots = _slots(day, half, data["reach"])
    here = set(
        window.shifts.filter(person__in=listed - chosen, day__in={one for one, _half in slots}).values_list(
            "person", "day", "half"
        )
    )
    rows = [services.ShiftRow(people[pk], window, one, part) for pk in chosen for one, part in slots]
    rows += [services.ShiftRow(people[pk], None, one, part) for pk, one, part in here if (one, part) in slots]
    try:
        change = services.set_roster(rows=rows, by=request.user, at=timezone.now())
    except services.PeopleError as refusal:
        messages.error(request, str(refusal))
        return redirect("authorisations:roster_cell", number=window.number, day=str(day), half=half)
    if change.undo:
        offer_undo(request, "roster", roster_rows(change.undo), text=_("%(window)s was changed.") % {"window": window})
    return redirect(f"{_address(week_of(day)[0])}#w{window.number}")


def _slots(day: date, half: str, reach: str) -> list[tuple[date, str]]:
    """Return the halves of days a choice reaches; days that are not worked only if they are meant themselves."""
    if reach == "half":
        return [(day, half)]
    if reach == "day":
        return [(day, part) for part in Half.values]
    week = [one for one in week_of(day) if one >= day]
    calendar = working_calendar(week[0], week[-1])
    return [(one, part) for one in week if one == day or calendar.is_working(one) for part in Half.values]


def _kept(keeper: User, listed: list[str]) -> list[int]:
    wanted = {int(text) for text in listed if text.isdecimal()}
    kept = User.objects.filter(pk__in=wanted, department__in=permissions.departments_kept(keeper))
    return list(kept.values_list("pk", flat=True))


def _slot(number: int, day: str, half: str) -> tuple[Window, date]:
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if half not in Half.values:
        raise Http404
    return get_object_or_404(Window.objects.open_on(when).select_related("section__hall"), number=number), when


def _address(monday: date) -> str:
    return f"{reverse('authorisations:roster')}?week={monday}"
