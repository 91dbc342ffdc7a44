"""Proposing a sign-off, reading its evidence, deciding on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentors import permissions, services
from mentors.forms import CaseForm, DecisionForm
from mentors.models import EntrustmentCase
from mentors.queries.cases import case_view
from training.lib.access import SIGNED_IN, allow

from .fetching import fetch_case, fetch_mentorship, keep_reading


@allow(SIGNED_IN)
@never_cache
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to entrust a matter to the mentee."""
    mentorship, today = fetch_mentorship(request, pk), timezone.localdate()
    if not permissions.may_open_case(request.user, mentorship, today=today):
        raise PermissionDenied
    if not (mentorship.is_running and mentorship.is_agreed):
        raise Http404
    form = CaseForm(
        request.POST or None,
        mentorship=mentorship,
        deciders=permissions.possible_deciders(mentorship, today=today),
        today=today,
        initial={"matter": request.GET.get("matter")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = services.open_case(
                mentorship=mentorship,
                matter=form.cleaned_data["matter"],
                entrustment=form.cleaned_data["entrustment"],
                panel=form.cleaned_data["panel"],
                by=request.user,
                at=timezone.now(),
            )
        except services.CoachingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The sign-off is open, and its evidence is frozen."))
            return redirect("mentors:case", pk=case.pk)
    return render(request, "mentors/open_case.html", {"form": form, "mentorship": mentorship})


@allow(SIGNED_IN)
@require_safe
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sign-off with its evidence and who has decided."""
    chosen = fetch_case(request, pk)
    keep_reading(request, "mentors.case_read", chosen, chosen.mentorship)
    return _page(request, chosen, DecisionForm())


@allow(SIGNED_IN)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down the verdict of somebody on the panel, or of a head or HR."""
    chosen = fetch_case(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, form)
    try:
        services.decide(
            case=chosen,
            decider=request.user,
            verdict=form.cleaned_data["verdict"],
            note=form.cleaned_data["note"],
            at=timezone.now(),
        )
    except services.NotYoursError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your decision is saved."))
    return redirect("mentors:case", pk=pk)


def _page(request: HttpRequest, chosen: EntrustmentCase, form: DecisionForm) -> HttpResponse:
    today = timezone.localdate()
    view = case_view(chosen, viewer=request.user, today=today)
    return render(request, "mentors/case.html", {"view": view, "case": chosen, "form": form, "today": today})
