"""Every kind of list, and the lists that were brought in."""

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.lib.access import allow
from training.lib.imports import all_imports
from training.operations.models import ImportRun
from training.people.services import importing

from .kinds import KEEPERS, with_kind

PER_PAGE = 50


@allow(KEEPERS)
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show what can be brought in, in the order in which one list stands on another, and when each last was."""
    seen = importing.runs_seen_by(request.user)
    applied = seen.filter(state=ImportRun.State.APPLIED).order_by()
    last = dict(applied.values_list("kind").annotate(Max("finished_at")))
    cards = [
        {"kind": kind, "may": kind.may(request.user), "last": last.get(kind.kind)} for kind in all_imports().values()
    ]
    waiting = seen.filter(by_id=request.user.pk, finished_at=None)[:PER_PAGE]
    context = {"cards": cards, "waiting": [with_kind(run) for run in waiting], "today": timezone.localdate()}
    return render(request, "people/imports/overview.html", context)


@allow(KEEPERS)
@require_safe
@never_cache
def past(request: HttpRequest) -> HttpResponse:
    """List the imports the person may read about, the newest first; the kind stands in the address."""
    runs = importing.runs_seen_by(request.user)
    kind = all_imports().get(request.GET.get("kind", ""))
    if kind is not None:
        runs = runs.filter(kind=kind.kind)
    page = Paginator(runs.defer("headings", "places", "faults"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [with_kind(run) for run in page.object_list],
        "kinds": all_imports().values(),
        "chosen": kind,
        "today": timezone.localdate(),
    }
    return render(request, "people/imports/past.html", context)
