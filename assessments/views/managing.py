"""Making exams: their settings and blueprint with what the bank has for it, opening, closing, places."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, rules, services
from assessments.forms import ContentForm, ExamForm, ExamPlacesForm, ProposalForm
from assessments.models import Exam
from training.competencies.models import Framework
from training.lib.access import allow, roles
from training.people.models import Role

EXAMINER = roles(Role.EXAMINER)
PER_PAGE = 50
REDRAWN = ("more", "part", "propose")


@allow(EXAMINER)
@require_safe
@never_cache
def exams(request: HttpRequest) -> HttpResponse:
    """List all exams with how they are used."""
    page = Paginator(queries.exams_managed(now=timezone.now()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/manage.html", {"page": page})


@allow(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Make an exam."""
    exam = Exam(framework=Framework.objects.filter(is_current=True).first(), minutes=60, target_level=3)
    return _edit(request, exam)


@allow(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change an exam."""
    return _edit(request, get_object_or_404(Exam.objects.select_related("framework", "bank"), code=code))


@allow(EXAMINER)
@require_POST
def open_(request: HttpRequest, code: str) -> HttpResponse:
    """Let people start."""
    exam = get_object_or_404(Exam.objects.select_related("framework", "bank"), code=code)
    try:
        services.open_exam(exam=exam, by=request.user, at=timezone.now())
        messages.success(request, _("The exam is open: whoever has a place can start."))
    except rules.NotEnoughItems:
        messages.error(request, _("The bank cannot fill this blueprint. Look at the rows marked below."))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:change_exam", code)


@allow(EXAMINER)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Let nobody start any more."""
    services.close_exam(exam=get_object_or_404(Exam, code=code), by=request.user, at=timezone.now())
    messages.success(request, _("The exam is closed. Who is sitting goes on."))
    return redirect("assessments:change_exam", code)


@allow(EXAMINER)
@require_POST
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Make another exam like this one."""
    new = services.copy_exam(exam=get_object_or_404(Exam, code=code), by=request.user, at=timezone.now())
    messages.success(request, _("This is the copy. It is closed and has no dates; change what should be different."))
    return redirect("assessments:change_exam", new.code)


@allow(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def places(request: HttpRequest, code: str) -> HttpResponse:
    """Show who has a place in an exam, and give places."""
    exam, now = get_object_or_404(Exam, code=code), timezone.now()
    form = ExamPlacesForm(request.POST or None, now=now, initial={"attempts": exam.attempts_allowed})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        given = services.entitle_many(
            people=facts["numbers"],
            exam=exam,
            why=dict.fromkeys(exam.title, facts["why"]),
            by=request.user,
            at=now,
            attempts=facts["attempts"],
            until=facts["until"],
            extra_minutes=facts["extra_minutes"],
            learned=dict.fromkeys(exam.title, facts["learned"]) if facts["learned"] else None,
            waiver=facts["waiver"],
        )
        said = ngettext("%(n)d place was given.", "%(n)d places were given.", len(given)) % {"n": len(given)}
        messages.success(request, said)
        return redirect("assessments:exam_places", code)
    page = Paginator(queries.places_of(exam), PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.place_lines(exam, page.object_list, today=timezone.localdate(now))
    context = {"exam": exam, "form": form, "page": page, "lines": lines}
    return render(request, "assessments/exam_places.html", context, status=400 if form.errors else 200)


def _edit(request: HttpRequest, exam: Exam) -> HttpResponse:
    """Show the form, propose or check a blueprint, or keep what was typed."""
    posted = request.POST if request.method == "POST" else None
    form = ExamForm(posted, instance=exam)
    written = services.content_of(exam) if exam.pk else services.Content([])
    content = ContentForm(posted, exam.framework, written)
    if posted is None:
        return _page(request, exam, form, content)
    action = posted.get("action", "save")
    if action in REDRAWN and content.is_readable:
        return _redrawn(request, exam, form, content, action)
    is_right = all([form.is_valid(), content.is_valid(minutes=form.cleaned_data.get("minutes"))])
    if action == "check" or not is_right:
        return _page(request, exam, form, content, quiet=action == "check")
    try:
        facts: dict[str, Any] = {**form.cleaned_data, "by": request.user, "at": timezone.now()}
        kept = _keep(exam, content.content, facts)
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, exam, form, content)
    messages.success(request, _("The exam is saved."))
    to_choose = kept.is_fixed and not kept.chosen.exists()
    return redirect("assessments:exam_questions" if to_choose else "assessments:change_exam", kept.code)


def _keep(exam: Exam, content: services.Content, facts: dict[str, Any]) -> Exam:
    if exam.pk:
        return services.change_exam(exam=exam, content=content, **facts)
    return services.create_exam(content=content, **facts)


def _redrawn(request: HttpRequest, exam: Exam, form: ExamForm, content: ContentForm, action: str) -> HttpResponse:
    """Draw what was typed with one part or some rows more, or the rows a position asks for; nothing is kept yet."""
    said, proposal = content.content, None
    if action == "propose":
        proposal = ProposalForm(request.POST, prefix="from")
        if proposal.is_valid():
            facts = proposal.cleaned_data
            rows = queries.rows_for_position(facts["position"], facts["total"], on=timezone.localdate())
            said = replace(said, rows=rows)
    drawn = ContentForm(None, exam.framework, said, more=action == "part")
    return _page(request, exam, form, drawn, proposal=proposal, quiet=True)


def _page(
    request: HttpRequest,
    exam: Exam,
    form: ExamForm,
    content: ContentForm,
    *,
    proposal: ProposalForm | None = None,
    quiet: bool = False,
) -> HttpResponse:
    """Draw the form; `quiet` says that nothing was to be kept yet, so nothing is wrong yet."""
    shown = content.content.rows
    today = timezone.localdate()
    paper = queries.fixed_paper(exam, on=today) if exam.pk and exam.is_fixed else None
    fit = queries.fit_of(exam, shown, on=today) if exam.bank_id and shown and not exam.is_fixed else None
    pilots = len(queries.pilot_pool(exam, queries.asked_about(exam), on=today)) if exam.pk and exam.pilots else None
    bound = (one for one in (content.parts, content.blueprint) if one.is_bound)
    failed = not quiet and (bool(form.errors) or not all(one.is_valid() for one in bound))
    context = {
        "exam": exam,
        "form": form,
        "parts": content.parts,
        "blueprint": content.blueprint,
        "fit": fit,
        "paper": paper,
        "pilots": pilots,
        "proposal": proposal or ProposalForm(prefix="from"),
        "failed": failed,
    }
    return render(request, "assessments/edit_exam.html", context, status=400 if failed else 200)
