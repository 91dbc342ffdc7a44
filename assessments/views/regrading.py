"""Regrades for examiners: ask for one, read what it would change, have it applied. A 404 for whoever may not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import documents, permissions, queries, services
from assessments.forms import RegradeFilterForm, RegradeForm, UndoForm, WhyForm, points_from
from assessments.models import Attempt, ItemVersion, Regrade
from assessments.queries import history
from training.lib.access import allow, roles
from training.lib.downloads import csv_download
from training.lib.texts import text_in
from training.operations.services import record_reading
from training.people.models import User

EXAMINERS = roles(*permissions.RELEASERS)
PER_PAGE = 50


@allow(EXAMINERS)
@require_safe
@never_cache
def regrades(request: HttpRequest) -> HttpResponse:
    """List all regrades with their states, those that wait first by time."""
    page = Paginator(queries.regrades_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/regrades.html", {"page": page, "today": timezone.localdate()})


@allow(EXAMINERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, version: int) -> HttpResponse:
    """Say what was wrong with a question; what setting it right changes is shown before anything is."""
    _require(request)
    found = get_object_or_404(ItemVersion.objects.select_related("item__bank"), pk=version, approved_at__isnull=False)
    keys = queries.key_candidates(found)
    form = RegradeForm(request.POST or None, keys=keys, exams=queries.exams_with(found))

    def wanted() -> Regrade:
        return services.ask_regrade(version=found, **form.wanted(), by=request.user, at=timezone.now())

    asked = _asked(form, wanted)
    if asked is not None:
        return redirect("assessments:regrade", asked.pk)
    shown = [(one, history.key_lines(one)) for one in (found, *keys)]
    context = {
        "version": found,
        "keys": shown,
        "has_key": bool(keys),
        "form": form,
        "papers": queries.papers_with(found),
    }
    return render(request, "assessments/regrade_ask.html", context, status=400 if form.errors else 200)


@allow(EXAMINERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mark_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an answer that people marked other points; a second examiner applies it."""
    _require(request)
    attempts = Attempt.objects.exclude(person=request.user).filter(state=Attempt.State.SCORED)
    attempt = get_object_or_404(attempts.select_related("exam", "person"), pk=pk)
    answers = queries.marked_by_people(attempt)
    asked_for = request.POST.get("question") or request.GET.get("question", "")
    chosen = next((one for one in answers if str(one.question.pk) == asked_for or len(answers) == 1), None)
    form = WhyForm(request.POST or None)
    sent = points_from(request.POST)

    def wanted() -> Regrade:
        if chosen is None:
            raise services.WrongPoints
        facts = {"question": chosen.question, "points": sent, **form.cleaned_data}
        return services.ask_marking(**facts, by=request.user, at=timezone.now())

    asked = _asked(form, wanted)
    if asked is not None:
        return redirect("assessments:regrade", asked.pk)
    context = {"attempt": attempt, "answers": answers, "chosen": chosen, "form": form}
    record_reading(
        action="assessments.result_read", by=request.user, subject=attempt, person=attempt.person, at=timezone.now()
    )
    return render(request, "assessments/mark_anew.html", context, status=400 if form.errors else 200)


@allow(EXAMINERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that an applied regrade be taken back."""
    found = _regrade(request, pk)
    form = UndoForm(request.POST or None)

    def wanted() -> Regrade:
        return services.ask_undo(regrade=found, **form.cleaned_data, by=request.user, at=timezone.now())

    asked = _asked(form, wanted)
    if asked is not None:
        return redirect("assessments:regrade", asked.pk)
    context = {"regrade": found, "form": form}
    return render(request, "assessments/regrade_undo.html", context, status=400 if form.errors else 200)


def _asked(form: forms.Form, ask: Callable[[], Regrade]) -> Regrade | None:
    """Ask what a valid form says; a refusal stands on the form, which keeps what was typed."""
    if not form.is_valid():
        return None
    try:
        return ask()
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
    return None


@allow(EXAMINERS)
@require_safe
@never_cache
def regrade(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is, or what it would change, or changed; asked by htmx only how far it is."""
    found = _regrade(request, pk)
    context: dict[str, Any] = {"regrade": found, "today": timezone.localdate(), "told": told(found)}
    if request.htmx:
        context["tells"] = request.GET.get("told", "") != context["told"]
        response = render(request, "assessments/_regrade_progress.html", context)
        if not found.is_at_work:  # it has ended: the whole page is another one now
            response["HX-Refresh"] = "true"
        return response
    form = _filter(request, found)
    rows = queries.regrade_rows(found, request.user, form.wanted())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    own = found.results.filter(attempt__person=request.user).exists()
    context |= {
        "page": page,
        "lines": queries.lines_of(list(page.object_list)),
        "filter": form,
        "own": own,
        "may_approve": found.is_ready and found.asked_by_id != request.user.pk and not own,
        "seen": found.worked_out_at.isoformat() if found.worked_out_at else "",
    }
    if page.object_list:
        record_reading(action="assessments.regrade_read", by=request.user, subject=found, at=timezone.now())
    return render(request, "assessments/regrade.html", context)


def told(regrade: Regrade) -> str:
    """Return what a reader of the page knows: the state, and the last quarter reached."""
    quarter = 4 * (regrade.job_done or 0) // regrade.job_total if regrade.job_total else 0
    return f"{regrade.state}-{regrade.job_state}-{min(quarter, 4)}"


@allow(EXAMINERS)
@require_POST
@never_cache
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview it again, apply it, go on applying it, or discard it, as the button says."""
    found, now = _regrade(request, pk), timezone.now()
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "again": (lambda: services.preview_again(regrade=found, by=request.user, at=now), ""),
        "discard": (
            lambda: services.discard_regrade(regrade=found, by=request.user, at=now),
            _("Discarded. Nothing was changed."),
        ),
        "approve": (
            lambda: services.approve_regrade(
                regrade=found, seen=_moment(request.POST.get("seen", "")), by=request.user, at=now
            ),
            _("It is being applied."),
        ),
        "go-on": (lambda: services.go_on(regrade=found, by=request.user, at=now), _("It goes on.")),
    }
    if (action := request.POST.get("action", "")) not in acts:
        return redirect("assessments:regrade", pk)
    do, said = acts[action]
    try:
        do()
    except services.Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("assessments:regrades") if action == "discard" else redirect("assessments:regrade", pk)


@allow(EXAMINERS)
@require_POST
@never_cache
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Send what it changes as a table, by the filter in the address, and keep in the audit trail who took it."""
    found = _regrade(request, pk)
    rows = queries.regrade_rows(found, request.user, _filter(request, found).wanted())
    services.record_regrade_export(regrade=found, rows=rows.count(), by=cast("User", request.user), at=timezone.now())
    return csv_download(documents.regrade_table(rows), filename=f"regrade-{found.pk}.csv")


def _filter(request: HttpRequest, regrade: Regrade) -> RegradeFilterForm:
    exams = [(code, text_in(title)) for code, title, _n in queries.exams_in(regrade)]
    return RegradeFilterForm(request.GET, exams=exams)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _regrade(request: HttpRequest, pk: int) -> Regrade:
    return get_object_or_404(queries.regrades_for(request.user), pk=pk)


def _require(request: HttpRequest) -> None:
    if not permissions.may_regrade(request.user):
        raise Http404
