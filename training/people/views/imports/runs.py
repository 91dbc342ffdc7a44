"""One list: matching its columns, reading what it would do, importing it, and the report that is kept."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow
from training.lib.imports import Change
from training.operations.models import ImportRun, Job
from training.people.forms import ApplyForm, ColumnsForm
from training.people.services import importing
from training.people.services.errors import PeopleError

from .kinds import KEEPERS, kind_or_404, permitted, run_or_404

PER_PAGE = 100
FAULTS_SHOWN = 200


@allow(KEEPERS)
@require_safe
@never_cache
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where the list stands: in work, checked, or done with its report."""
    found = importing.runs_seen_by(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    is_own = found.by_id == request.user.pk
    if found.state == ImportRun.State.UPLOADED and is_own:
        return redirect("people:import_columns", pk=found.pk)
    job = Job.objects.filter(pk=found.job_id).first() if found.job_id else None
    context = {
        "run": found,
        "kind": kind_or_404(found.kind),
        "is_own": is_own,
        "job": job,
        "today": timezone.localdate(),
        "faults": found.faults[:FAULTS_SHOWN],
        "shown": FAULTS_SHOWN,
    }
    if importing.is_in_work(found):
        return in_work(request, context)
    if found.state == ImportRun.State.CHECKING and is_own:  # the worker gave up before it was checked
        return redirect("people:import_columns", pk=found.pk)
    if request.htmx:  # the bar asks again: the page is another one now
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state in (ImportRun.State.CHECKED, ImportRun.State.QUEUED) and is_own:
        page = Paginator(importing.planned_changes(found), PER_PAGE).get_page(request.GET.get("page"))
        changes = [Change.from_json(one) for one in page.object_list]
        return render(request, "people/imports/checked.html", context | {"page": page, "changes": changes})
    has_rejects = is_own and bool(found.faulty) and bool(importing.rejected_rows(found))
    return render(request, "people/imports/report.html", context | {"has_rejects": has_rejects})


def in_work(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """Show how far the worker is; the page asks again by itself."""
    name = "people/imports/_progress.html" if request.htmx else "people/imports/in_work.html"
    return render(request, name, context)


@allow(KEEPERS)
@never_cache
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask which heading stands for which column, with a guess; then check the list."""
    found = run_or_404(request, pk)
    kind = permitted(request, found.kind)
    if not found.is_open or importing.is_in_work(found):
        return redirect("people:import_run", pk=found.pk)
    form = ColumnsForm(request.POST or None, run=found, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            importing.choose_columns(run=found, places=form.places(), by=request.user, at=timezone.now())
        except PeopleError as refusal:
            messages.error(request, str(refusal))
        return redirect("people:import_run", pk=found.pk)
    return render(request, "people/imports/columns.html", {"form": form, "run": found, "kind": kind})


@allow(KEEPERS)
@require_POST
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the checked list to the worker."""
    found = run_or_404(request, pk)
    permitted(request, found.kind)
    form = ApplyForm(request.POST)
    only_valid = form.is_valid() and form.cleaned_data["rows"] == ApplyForm.VALID
    try:
        importing.start_import(run=found, only_valid=only_valid, by=request.user, at=timezone.now())
    except PeopleError as refusal:
        messages.error(request, str(refusal))
    return redirect("people:import_run", pk=found.pk)


@allow(KEEPERS)
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call the list off and go back to choose another."""
    found = run_or_404(request, pk)
    try:
        importing.call_off(run=found, by=request.user, at=timezone.now())
    except PeopleError as refusal:
        messages.error(request, str(refusal))
    return redirect("people:import_kind", kind=found.kind)
