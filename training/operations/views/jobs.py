"""Work that takes longer than a request, watched by whoever started it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import SIGNED_IN, allow
from training.operations import services
from training.operations.models import Job
from training.operations.permissions import is_administrator, own_jobs, visible_jobs

PER_PAGE = 50


@allow(SIGNED_IN)
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """List what one started, the latest first."""
    page = Paginator(own_jobs(request.user).order_by("-queued_at"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "operations/mine.html", {"page": page, "today": timezone.localdate()})


@allow(SIGNED_IN)
@require_safe
@never_cache
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one job; asked by htmx only what has changed since the page or the last answer was drawn.

    The live region is sent when there is something new to say, so that it is not read out every two seconds.
    """
    found = get_object_or_404(visible_jobs(request.user), pk=pk)
    context = {
        "job": found,
        "told": told(found),
        "percent": min(100 * found.done // found.total, 100) if found.total else None,
        "is_administrator": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    if not request.htmx:
        return render(request, "operations/job.html", context)
    before = request.GET.get("told", "")
    context["tells"] = before != context["told"]
    if before.partition("-")[0] == found.state:
        return render(request, "operations/_progress.html", context)
    changed = render(request, "operations/_job.html", context)
    changed["HX-Retarget"], changed["HX-Reswap"] = "#job", "innerHTML"
    return changed


def told(job: Job) -> str:
    """Return what a reader of the page knows: the state, and of a running job the last quarter reached."""
    quarter = 4 * job.done // job.total if job.total else 0
    return f"{job.state}-{min(quarter, 4)}"


@allow(SIGNED_IN)
@require_POST
@never_cache
def cancel(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    """Stop a job."""
    found = get_object_or_404(visible_jobs(request.user), pk=pk)
    try:
        services.cancel_job(job=found, by=request.user, at=timezone.now())
    except services.AlreadyEnded as refusal:
        messages.warning(request, str(refusal))
    return redirect("operations:job", pk)


@allow(SIGNED_IN)
@require_POST
@never_cache
def retry(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    """Start a job that failed or was cancelled once more."""
    found = get_object_or_404(visible_jobs(request.user), pk=pk)
    try:
        services.retry_job(job=found, by=request.user, at=timezone.now())
    except services.NotEnded as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It waits for its turn again."))
    return redirect("operations:job", pk)


@allow(SIGNED_IN)
@require_safe
@never_cache
def file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Send the result file of a job that is done."""
    found = get_object_or_404(visible_jobs(request.user).filter(state=Job.State.DONE).exclude(file=""), pk=pk)
    try:
        stored = services.open_file(job=found, by=request.user, at=timezone.now())
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(
        stored,
        as_attachment=True,
        filename=found.file_name,
        content_type=found.file_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
