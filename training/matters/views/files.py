"""Matters and bundles out to files and in as drafts: upload, dry run, taking, export, template."""

import io
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.lib.tables import write_xlsx
from training.matters.comparing_drafts import changes_of
from training.matters.files import example_sheets, export_sheets, write_json
from training.matters.forms import MatterFileForm
from training.matters.permissions import FILE_KEEPERS
from training.matters.queries.drafts import all_documents, sample_of_here
from training.matters.services import file_runs
from training.operations.models import ImportRun, Job
from training.people.models import User

KEEPERS = roles(*FILE_KEEPERS)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ON_A_PAGE, PROBLEMS_SHOWN, RECENT = 20, 100, 5


@allow(KEEPERS)
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    """Take a file and lead to what it would do; offer the template and the export."""
    form = MatterFileForm(request.POST or None, request.FILES or None)
    by = cast("User", request.user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = file_runs.begin(data=form.data_read, name=file.name, by=by, at=timezone.now())
        return redirect("matters:file", pk=run.pk)
    recent = ImportRun.objects.filter(kind=file_runs.KIND, by_id=by.pk).order_by("-uploaded_at")[:RECENT]
    context = {"form": form, "recent": recent, "today": timezone.localdate()}
    return render(request, "matters/files.html", context, status=400 if form.errors else 200)


@allow(KEEPERS)
@require_safe
@never_cache
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show record by record what a file would do; once it was taken, what it did."""
    run = _run_or_404(request, pk)
    context: dict[str, Any] = {"run": run, "today": timezone.localdate()}
    if run.state != ImportRun.State.CHECKED:
        context["job"] = Job.objects.filter(pk=run.job_id).first()
        return render(request, "matters/file_taken.html", context)
    plan = file_runs.plan_of(run)
    page = Paginator(plan.intents, ON_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "plan": plan,
        "page": page,
        "changes": [(intent, changes_of(intent, plan.books)) for intent in page],
        "new": plan.count(new=True),
        "changed": plan.count(new=False),
        "problems": plan.problems[:PROBLEMS_SHOWN],
        "shown": PROBLEMS_SHOWN,
    }
    return render(request, "matters/file_check.html", context)


@allow(KEEPERS)
@require_POST
def take_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand the file to the worker: all of it, or the records without problems."""
    run = _run_or_404(request, pk)
    only_valid = request.POST.get("records") == "valid"
    by = cast("User", request.user)
    if not file_runs.take(run=run, only_valid=only_valid, by=by, at=timezone.now()):
        messages.error(request, _("This file is no longer open. Choose it again."))
    return redirect("matters:file", pk=run.pk)


@allow(KEEPERS)
@require_POST
def discard_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call the file off."""
    file_runs.call_off(run=_run_or_404(request, pk), at=timezone.now())
    return redirect("matters:files")


@allow(KEEPERS)
@require_safe
@never_cache
def file_template(request: HttpRequest) -> HttpResponse:
    """Send the workbook to fill in, with a sample and what belongs where in both languages."""
    return _workbook(example_sheets(sample_of_here()), "matters-template.xlsx")


@allow(KEEPERS)
@require_POST
def export_file(request: HttpRequest) -> HttpResponse:
    """Send every matter and bundle, as its newest draft says, so that importing it changes nothing."""
    documents, now = all_documents(), timezone.now()
    chosen = "json" if request.POST.get("format") == "json" else "xlsx"
    file_runs.record_export(documents=documents, file_format=chosen, by=cast("User", request.user), at=now)
    name = f"matters-{timezone.localdate():%Y-%m-%d}.{chosen}"
    if chosen == "json":
        return _sent(write_json(documents), name, "application/json")
    return _workbook(export_sheets(documents), name)


def _run_or_404(request: HttpRequest, pk: UUID) -> ImportRun:
    run = file_runs.run_of(owner=cast("User", request.user), pk=pk)
    if run is None:
        raise Http404
    return run


def _workbook(sheets: Any, name: str) -> HttpResponse:
    data = io.BytesIO()
    write_xlsx(data, sheets)
    return _sent(data.getvalue(), name, XLSX)


def _sent(data: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type, headers=headers)
