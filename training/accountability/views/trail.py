"""The audit trail: read by filters, and taken away as a table."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.accountability import services
from training.accountability.forms import TrailForm
from training.accountability.queries import trail as queries
from training.accountability.queries.export import trail_rows
from training.accountability.queries.telling import tell
from training.lib.access import allow, roles
from training.lib.downloads import csv_download
from training.operations.models import AuditSeal
from training.people.permissions import AUDITORS

READERS = roles(*AUDITORS)


@allow(READERS)
@require_safe
@never_cache
def trail(request: HttpRequest) -> HttpResponse:
    """Show the events one may read, the latest first; filter and place stand in the address."""
    now = timezone.now()
    form = TrailForm(request.GET)
    wanted = form.wanted()
    events = queries.trail(request.user, wanted, today=timezone.localdate(now))
    page = queries.trail_page(events, older=request.GET.get("older", ""), newer=request.GET.get("newer", ""))
    services.record_trail_reading(by=request.user, at=now)
    context = {
        "filter": form,
        "page": page,
        "lines": tell(page.events),
        "wanted": wanted,
        "seal": AuditSeal.objects.defer("leaves").order_by("-number").first(),
        "today": timezone.localdate(now),
    }
    return render(request, "accountability/trail.html", context)


@allow(READERS)
@require_POST
@never_cache
def trail_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the events as CSV, by the filter in the address, and keep who took them."""
    now = timezone.now()
    wanted = TrailForm(request.GET).wanted()
    events = queries.trail(request.user, wanted, today=timezone.localdate(now))
    services.record_trail_export(by=request.user, wanted=wanted, events=events.count(), at=now)
    return csv_download(trail_rows(events), filename=f"audit-{timezone.localdate(now)}.csv")
