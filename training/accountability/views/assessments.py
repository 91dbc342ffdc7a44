"""The register of impact assessments: the list, each on a page to read and print, a form, what becomes of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from training.accountability import services
from training.accountability.forms import AssessmentForm
from training.accountability.models import ImpactAssessment
from training.accountability.permissions import REGISTER_READERS, keeps_register
from training.accountability.queries.assessments import register, register_rows
from training.lib.access import allow, roles
from training.lib.downloads import csv_download
from training.people.models import User
from training.people.permissions import KEEPERS

READERS, WRITERS = roles(*REGISTER_READERS), roles(*KEEPERS)


@allow(READERS)
@require_safe
@never_cache
def assessments(request: HttpRequest) -> HttpResponse:
    """List the assessments: drafts, in force, ended."""
    context = {"assessments": register(), "keeps": keeps_register(request.user), "today": timezone.localdate()}
    return render(request, "accountability/assessments.html", context)


@allow(READERS)
@require_POST
@never_cache
def assessments_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the whole register as CSV, and keep who took it."""
    now = timezone.now()
    rows = list(register())
    services.record_register_export(by=request.user, number=len(rows), at=now)
    return csv_download(register_rows(rows), filename=f"impact-assessments-{timezone.localdate(now)}.csv")


@allow(READERS)
@require_safe
@never_cache
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one assessment whole, ready to print."""
    found = get_object_or_404(ImpactAssessment.objects.select_related("follows"), pk=pk)
    context = {
        "assessment": found,
        "followed_by": found.followed_by.order_by("-pk").first(),
        "keeps": keeps_register(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "accountability/assessment.html", context)


@allow(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_assessment(request: HttpRequest) -> HttpResponse:
    """Begin an assessment."""
    _require_keeper(request.user)
    today = timezone.localdate()
    form = AssessmentForm(request.POST or None, initial={"assessed_on": today})
    if request.method == "POST" and form.is_valid():
        made = services.write_assessment(facts=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Kept as a draft. Put it in force when it is whole."))
        return redirect("accountability:assessment", made.pk)
    return render(request, "accountability/change_assessment.html", {"form": form, "today": today})


@allow(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = get_object_or_404(ImpactAssessment, pk=pk)
    _require_keeper(request.user)
    form = AssessmentForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_assessment(assessment=found, facts=form.cleaned_data, by=request.user, at=timezone.now())
        except services.AssessmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accountability:assessment", pk)
    context = {"form": form, "assessment": found, "today": timezone.localdate()}
    return render(request, "accountability/change_assessment.html", context)


@allow(WRITERS)
@require_POST
@never_cache
def act_on_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it in force, write it anew or end it."""
    found = get_object_or_404(ImpactAssessment, pk=pk)
    _require_keeper(request.user)
    acts: dict[str, Any] = {
        "force": services.put_in_force,
        "anew": services.write_anew,
        "end": services.end_assessment,
    }
    act = acts.get(request.POST.get("act", ""))
    try:
        made = act(assessment=found, by=request.user, at=timezone.now()) if act else None
    except services.AssessmentError as refusal:
        messages.error(request, str(refusal))
        made = None
    if made is not None:
        return redirect("accountability:change_assessment", made.pk)
    return redirect("accountability:assessment", pk)


def _require_keeper(person: User) -> None:
    if not keeps_register(person):
        raise PermissionDenied
