"""What the reader's script asks: the place kept, a clause as it reads today."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.forms.reading import PlaceForm
from courses.queries.clauses import clause_today
from courses.services.reading import Place, keep_place
from training.lib.access import SIGNED_IN, allow

from .learning import unit_learned


@allow(SIGNED_IN)
@require_POST
def keep(request: HttpRequest, slug: str, unit: str, number: int) -> HttpResponse:
    """Keep where the person reads, and how long they saw the page."""
    outline, state = unit_learned(request, slug, unit, number)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    now = timezone.now()
    told = form.cleaned_data
    keep_place(
        enrolment=outline.enrolment,
        unit=state.unit,
        place=Place(number, told["passage"], told["line"]),
        seen_at=form.seen_at(now),
        visible=told["visible"],
        at=now,
    )
    return HttpResponse(status=204)


@allow(SIGNED_IN)
@require_safe
@never_cache
def clause(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a cited clause as it reads today, as a part of a lesson's page; opened by itself, lead to its policy."""
    found = clause_today(pk, on=timezone.localdate())
    if found is None:
        raise Http404
    if not request.htmx:
        return redirect(found.address)
    return render(request, "courses/_clause_today.html", {"found": found})
