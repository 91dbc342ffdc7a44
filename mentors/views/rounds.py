"""Pairing rounds: opening one, solving it, publishing it."""

from urllib.parse import urlencode

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

from mentors import permissions, services
from mentors.forms import RoundForm, choices_from
from mentors.models import PairingRound
from mentors.queries import rounds as queries
from training.lib.access import allow, roles
from training.people.permissions import departments_held

PAIRERS = roles(*permissions.PAIRERS)
PER_PAGE = 50


@allow(PAIRERS)
@never_cache
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds over one's departments, and open another."""
    form = RoundForm(
        request.POST or None,
        departments=departments_held(request.user, permissions.PAIRERS),
        whole_centre=permissions.holds_centre(request.user),
    )
    if request.method == "POST" and form.is_valid():
        opened = services.open_round(**form.cleaned_data, by=request.user, at=timezone.now())
        return redirect("mentors:round", pk=opened.pk)
    listed = queries.with_counts(permissions.visible_rounds(request.user))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mentors/rounds.html", {"form": form, "page": page, "today": timezone.localdate()})


@allow(PAIRERS)
@require_safe
@never_cache
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round: each mentee with the teacher proposed, and why."""
    chosen, today = _fetch(request, pk), timezone.localdate()
    page = Paginator(queries.proposals_of(chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": chosen,
        "summary": queries.summary(chosen),
        "page": page,
        "lines": queries.proposal_lines(page, today=today),
        "teachers": queries.teachers_for_choice(today=today) if chosen.published_at is None else [],
        "today": today,
    }
    return render(request, "mentors/round.html", context)


@allow(PAIRERS)
@require_POST
def solve(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down what HR decided in the table, and find the best pairs again."""
    chosen, today = _fetch(request, pk), timezone.localdate()
    choices = choices_from(request.POST, chosen.proposals.all(), queries.teachers_for_choice(today=today))
    try:
        services.solve_round(round=chosen, choices=choices, by=request.user, at=timezone.now(), today=today)
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Solved. Look the pairs through, then publish."))
    return redirect(f"{reverse('mentors:round', args=[pk])}?{urlencode({'page': request.POST.get('page', 1)})}")


@allow(PAIRERS)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the pairs to mentees and teachers."""
    chosen = _fetch(request, pk)
    try:
        count = services.publish_round(round=chosen, by=request.user, at=timezone.now(), today=timezone.localdate())
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext(
            "%(count)d pair was told and answers within three days.",
            "%(count)d pairs were told and answer within three days.",
            count,
        )
        messages.success(request, words % {"count": count})
    return redirect("mentors:round", pk=pk)


def _fetch(request: HttpRequest, pk: int) -> PairingRound:
    visible = permissions.visible_rounds(request.user).select_related("department", "opened_by")
    return get_object_or_404(visible.prefetch_related("matters"), pk=pk)
