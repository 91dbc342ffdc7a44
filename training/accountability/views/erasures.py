"""Making somebody anonymous who left: the dry run, asking with a reason, and the second person's decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.accountability import services
from training.accountability.forms import ErasureDecisionForm, ErasureForm
from training.accountability.models import Erasure
from training.accountability.queries import erasures as queries
from training.lib.access import allow, roles
from training.operations.models import Job
from training.people import permissions

from .copies import kept_person

KEEPERS = roles(*permissions.KEEPERS)


@allow(KEEPERS)
@require_safe
@never_cache
def erasures(request: HttpRequest) -> HttpResponse:
    """List the erasures of people whose record the viewer keeps: what waits for a decision first."""
    rows = list(queries.erasures_seen_by(request.user)[: queries.LATEST])
    context = {
        "waiting": [one for one in rows if one.state == Erasure.State.ASKED],
        "decided": [one for one in rows if one.state != Erasure.State.ASKED],
        "today": timezone.localdate(),
    }
    return render(request, "accountability/erasures.html", context)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erase(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show what would go and what would stay of somebody who left, and ask for it with a reason."""
    person = kept_person(request, staff_number)
    form = ErasureForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            asked = services.ask_erasure(person=person, reason=reason, by=request.user, at=now)
        except services.ErasureError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.info(request, _("Asked. Nothing changes until a second person confirms."))
            return redirect("accountability:erasure", asked.pk)
    context = {
        "person": person,
        "form": form,
        "refusal": services.refusal_of(person=person, by=request.user, at=now),
        "dry_run": queries.dry_run(person),
        "today": timezone.localdate(now),
    }
    return render(request, "accountability/erase.html", context)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one erasure, with the dry run of today while it waits, and take the second person's decision."""
    found = get_object_or_404(queries.erasures_seen_by(request.user), pk=pk)
    if request.method == "POST":
        return _decided(request, found)
    waits = found.state == Erasure.State.ASKED
    context = {
        "erasure": found,
        "person": found.person,
        "may_decide": waits and found.asked_by_id != request.user.pk,
        "dry_run": queries.dry_run(found.person) if waits else None,
        "job": Job.objects.filter(pk=found.job_id).first() if found.job_id else None,
        "today": timezone.localdate(),
    }
    return render(request, "accountability/erasure.html", context)


def _decided(request: HttpRequest, found: Erasure) -> HttpResponse:
    form = ErasureDecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether to confirm or to refuse."))
        return redirect("accountability:erasure", found.pk)
    confirms = form.cleaned_data["decision"] == "confirm"
    act: Any = services.confirm_erasure if confirms else services.refuse_erasure
    try:
        act(erasure=found, by=request.user, at=timezone.now())
    except services.ErasureError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("Confirmed. It is being done.") if confirms else _("Refused. Nothing changes."))
    return redirect("accountability:erasure", found.pk)
