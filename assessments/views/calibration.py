"""Calibrations for examiners: start one, watch it, read it, decide. A 404 for whoever does not look after banks."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import charts, permissions, queries, services
from assessments.forms import CalibrationForm, RejectionForm
from assessments.models import Bank, Calibration, ItemParameters
from assessments.scoring.screening import GRAVE, RANK
from assessments.scoring.stages import DEFAULT_STAGES
from training.lib.access import allow, roles
from training.operations.models import Job
from training.operations.services import AlreadyEnded, cancel_job, record_reading
from training.people.models import Role

EXAMINERS = allow(roles(Role.EXAMINER))
PER_PAGE = 50
LONGEST_PERIOD = timedelta(days=3 * 365)


@EXAMINERS
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """List the banks with their calibrations."""
    context = {"lines": queries.bank_lines(request.user), "today": timezone.localdate()}
    return render(request, "assessments/calibrations.html", context)


@EXAMINERS
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest, bank: str) -> HttpResponse:
    """Choose model and period; the page counts what there is before anything is started."""
    found = get_object_or_404(permissions.banks_to_calibrate(request.user), code=bank)
    form = CalibrationForm(request.POST if request.method == "POST" else None, initial=_usual(found))
    chosen = form.cleaned_data if form.is_valid() else (None if form.is_bound else _usual(found))
    if form.is_valid() and "count" not in request.POST:
        now = timezone.now()
        try:
            calibration = services.start_calibration(bank=found, **form.cleaned_data, by=request.user, at=now)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("assessments:calibration", calibration.pk)
    context = {"bank": found, "form": form, "prospect": chosen and _prospect(found, chosen), "settings": DEFAULT_STAGES}
    return render(request, "assessments/calibration_start.html", context)


def _usual(bank: Bank) -> dict[str, Any]:
    today = timezone.localdate()
    first = max(queries.first_answers_on(bank) or today, today - LONGEST_PERIOD)
    return {"since": first, "until": today, "first_only": True, "model": Calibration.Model.RASCH}


def _prospect(bank: Bank, chosen: dict[str, Any]) -> queries.Prospect:
    return queries.prospect_of(queries.Scope(bank, chosen["since"], chosen["until"], chosen["first_only"]))


@EXAMINERS
@require_safe
@never_cache
def calibration(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is, or what came of it; asked by htmx only how far it is."""
    found = _calibration(request, pk)
    context = {"calibration": found, "today": timezone.localdate(), "told": told(found)}
    if request.htmx:
        context["tells"] = request.GET.get("told", "") != context["told"]
        response = render(request, "assessments/_calibration_progress.html", context)
        if not found.is_at_work:  # it has ended: the whole page is another one now
            response["HX-Refresh"] = "true"
        return response
    if found.has_result:
        rows = queries.item_rows(found)
        troubled, usable = rows.filter(rank__lt=len(RANK)).count(), rows.filter(usable=True).count()
        context |= {
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "troubled": troubled,
            "usable": usable,
            "may_accept": found.is_ready and found.is_sound and usable > 0,
            "is_used": services.is_used(found),
            "rejection": RejectionForm(),
        }
    return render(request, "assessments/calibration.html", context)


def told(calibration: Calibration) -> str:
    """Return what a reader of the page knows: the state, and the last quarter reached."""
    quarter = 4 * (calibration.job_done or 0) // calibration.job_total if calibration.job_total else 0
    return f"{calibration.state}-{calibration.job_state}-{min(quarter, 4)}"


@EXAMINERS
@require_POST
@never_cache
def cancel(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Stop a calibration that is being worked out."""
    found = _calibration(request, pk)
    job = get_object_or_404(Job, pk=found.job_id)
    try:
        cancel_job(job=job, by=request.user, at=timezone.now())
    except AlreadyEnded as refusal:
        messages.warning(request, str(refusal))
    return redirect("assessments:calibration", pk)


@EXAMINERS
@require_safe
@never_cache
def item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the curves of an item, how people did, and what its options do. The key stands here: examiners only."""
    found = _calibration(request, pk)
    try:
        row = queries.item_row(found, code)
    except ItemParameters.DoesNotExist as error:
        raise Http404 from error
    cuts = row.item_version.item.competency.framework.cuts()
    context = {"calibration": found, "row": row, "item": row.item_version.item, "options": _options(row)}
    if row.a is not None and row.b is not None:
        shown = {"a": row.a, "b": row.b, "cuts": cuts}
        context["chances"] = charts.chance_chart(**shown, judged_b=row.judged_b, groups=row.groups)
        context["information"] = charts.information_chart(**shown)
        context["table"] = charts.curve_table(row.a, row.b)
    return render(request, "assessments/calibration_item.html", context)


def _options(row: ItemParameters) -> list[dict[str, Any]]:
    texts = {option["id"]: option["text"] for option in row.item_version.options}
    return [use | {"text": texts.get(use["option"], {})} for use in row.options]


@EXAMINERS
@require_safe
@never_cache
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """List who would have come out differently, of those whose results the viewer may read."""
    found, today = _calibration(request, pk), timezone.localdate()
    if not found.has_result:
        raise Http404
    moved = queries.moved(found, request.user, today=today)
    page = Paginator(moved.rows, PER_PAGE).get_page(request.GET.get("page"))
    record_reading(action="assessments.rescored_read", by=request.user, subject=found, at=timezone.now())
    context = {"calibration": found, "page": page, "hidden": moved.hidden}
    return render(request, "assessments/calibration_people.html", context)


@EXAMINERS
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what accepting does and for which items; then do it."""
    found = _calibration(request, pk)
    if not (found.is_ready and found.is_sound):
        messages.warning(request, str(services.NotDecidable()))
        return redirect("assessments:calibration", pk)
    error = ""
    if request.method == "POST":
        items = [int(value) for value in request.POST.getlist("item") if value.isdecimal()]
        try:
            services.accept_calibration(calibration=found, items=items, by=request.user, at=timezone.now())
        except services.Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Accepted. Papers made from now on are scored by these parameters."))
            return redirect("assessments:calibration", pk)
    rows = list(queries.item_rows(found))
    ticked = set(request.POST.getlist("item")) if error else None
    for row in rows:
        row.ticked = str(row.item_version_id) in ticked if ticked is not None else not GRAVE & set(row.troubles)
    context = {"calibration": found, "rows": rows, "error": error}
    return render(request, "assessments/calibration_accept.html", context, status=400 if error else 200)


@EXAMINERS
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason; then leave everything as it is."""
    found = _calibration(request, pk)
    if not found.is_ready:
        messages.warning(request, str(services.NotDecidable()))
        return redirect("assessments:calibration", pk)
    form = RejectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.reject_calibration(calibration=found, reason=reason, by=request.user, at=timezone.now())
        except services.Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Rejected. Everything stays as it was."))
        return redirect("assessments:calibration", pk)
    context = {"calibration": found, "form": form}
    return render(request, "assessments/calibration_reject.html", context)


@EXAMINERS
@require_POST
@never_cache
def reopen(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take the decision back, where that is safe."""
    found = _calibration(request, pk)
    try:
        services.reopen_calibration(calibration=found, by=request.user, at=timezone.now())
    except services.Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Taken back. It waits for a decision again."))
    return redirect("assessments:calibration", pk)


def _calibration(request: HttpRequest, pk: int) -> Calibration:
    return get_object_or_404(queries.calibrations_for(request.user), pk=pk)
