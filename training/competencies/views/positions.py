"""Positions and what they ask for: the list, one position, a change looked at before it is made."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.competencies import services
from training.competencies.forms import TargetsForm
from training.competencies.queries import positions as queries
from training.competencies.queries.columns import columns
from training.lib.access import allow, roles
from training.people import permissions
from training.people.models import Position

OVERSEERS = roles(*permissions.OVERSEERS)
KEEPERS = roles(*permissions.KEEPERS)


@allow(OVERSEERS)
@require_safe
@never_cache
def positions(request: HttpRequest) -> HttpResponse:
    """List the positions with their holders and how many competencies each asks for."""
    today, closed_too = timezone.localdate(), bool(request.GET.get("closed"))
    context = {
        "positions": queries.positions(request.user, today=today, closed_too=closed_too),
        "closed_too": closed_too,
        "may_change": permissions.may_keep(request.user, None),
        "today": today,
    }
    return render(request, "competencies/positions.html", context)


@allow(OVERSEERS)
@require_safe
@never_cache
def targets(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a position asks for, with what it asked for before."""
    position = get_object_or_404(Position, code=code)
    shown = columns()
    form = TargetsForm(competencies=shown.competencies, initial={"starts_on": timezone.localdate()})
    return _page(request, position, form)


@allow(KEEPERS)
@require_POST
@never_cache
def change_targets(request: HttpRequest, code: str) -> HttpResponse:
    """Show whom a change would leave short; made only when it is confirmed."""
    position = get_object_or_404(Position, code=code)
    if not permissions.may_keep(request.user, None):
        raise PermissionDenied
    form = TargetsForm(request.POST, competencies=columns().competencies)
    if not form.is_valid() or request.POST.get("act") != "save":
        return _page(request, position, form, preview=form.is_valid())
    starts_on, levels = form.cleaned_data["starts_on"], form.levels()
    try:
        changed = services.set_targets(
            wanted={position: levels}, starts_on=starts_on, by=request.user, at=timezone.now()
        )
    except services.TargetError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, position, form)
    words = ngettext("%(n)s level was changed.", "%(n)s levels were changed.", changed) % {"n": changed}
    messages.success(request, words if changed else _("Nothing was changed."))
    return redirect("competencies:targets", code=code)


def _page(request: HttpRequest, position: Position, form: TargetsForm, *, preview: bool = False) -> HttpResponse:
    today = timezone.localdate()
    day: date = form.cleaned_data["starts_on"] if preview else today
    wanted = {one.pk: level for one, level in form.levels().items()} if preview else None
    lines = queries.target_lines(
        position, columns().competencies, request.user, day=max(day, today), today=today, wanted=wanted
    )
    context: dict[str, Any] = {
        "position": position,
        "form": form,
        "rows": [(line, _shown(form, line)) for line in lines],
        "changes": [line for line in lines if line.changes],
        "preview": preview,
        "starts_on": day,
        "levels": range(1, 6),
        "may_change": permissions.may_keep(request.user, None) and position.until is None,
        "today": today,
    }
    return render(request, "competencies/targets.html", context)


def _shown(form: TargetsForm, line: queries.TargetLine) -> str:
    """Return what the choice of a line stands at: what was sent, else what is asked for."""
    return form.data.get(line.name, "") if form.is_bound else str(line.level or "")
