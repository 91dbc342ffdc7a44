"""Rules of required training, and who has done what is asked: for heads and HR."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import documents, permissions, previews
from courses.forms import LineFilterForm, RuleForm, WaiveForm
from courses.models import TrainingRequirement
from courses.queries import required
from courses.services import requiring
from courses.services.learning import NotOffered
from training.lib.access import allow, roles
from training.lib.previewed import previewed
from training.lib.texts import text_in
from training.people.models import Role
from training.people.views.imports.files import table_file

PER_PAGE = 50
ASSIGNERS = roles(*permissions.ASSIGNERS)
WATCHERS = roles(*permissions.WATCHERS)
REFUSALS = (requiring.RequiringError, NotOffered)


@allow(WATCHERS)
@require_safe
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules that ask something of the people one watches; with ?ended=1 those that have ended."""
    today, ended = timezone.localdate(), "ended" in request.GET
    found = required.rules_list(request.user, today=today, ended=ended)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": required.rule_rows(page.object_list, request.user),
        "ended": ended,
        "late": required.late_count(request.user, today=today),
        "may_make": permissions.may_ask(request.user),
        "may_set_terms": permissions.may_ask_everybody(request.user) and Role.HR in request.user.role_names,
        "today": today,
    }
    return render(request, "courses/required/rules.html", context)


@allow(ASSIGNERS)
@never_cache
def make_rule(request: HttpRequest) -> HttpResponse:
    """Make a rule, after a look at what it would do."""
    if not permissions.may_ask(request.user):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    form = RuleForm(request.POST or None, by=request.user, today=today)

    def do(facts: dict[str, Any]) -> None:
        given = {name: facts[name] for name in ("course", "kind", "why", "due_on", "due_days", "is_anew")}
        requiring.make_rule(who=form.who(facts), by=request.user, at=now, **given)

    page = previewed(
        request,
        form=form,
        do=do,
        foresee=lambda facts: previews.of_rule(facts, form.who(facts), today=today),
        refusals=REFUSALS,
        context={
            "title": _("Ask for a course"),
            "verb": _("Ask for the course"),
            "lede": _("The rule goes on asking whoever comes under it later, until somebody ends it."),
            "back_url": reverse("courses:rules"),
            "back_label": _("Required training"),
        },
    )
    if page is not None:
        return page
    messages.success(request, _("The course is asked for. Everybody under the rule has it on their list."))
    return redirect("courses:rules")


@allow(ASSIGNERS)
@never_cache
def end_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rule, after a look at what that does."""
    rule = get_object_or_404(permissions.rules_kept(request.user).running().select_related("course"), pk=pk)
    title = required.titles([rule.course_id]).get(rule.course_id)
    page = previewed(
        request,
        form=forms.Form(request.POST if request.method == "POST" else None),
        do=lambda _facts: requiring.end_rule(rule=rule, by=request.user, at=timezone.now()),
        foresee=lambda _facts: previews.of_ending(rule),
        refusals=REFUSALS,
        context={
            "title": _("End the rule: %(course)s") % {"course": text_in(title)},
            "verb": _("End the rule"),
            "danger": True,
            "lede": str(required.Who.of(rule)),
            "back_url": reverse("courses:rules"),
            "back_label": _("Required training"),
        },
    )
    if page is not None:
        return page
    messages.success(request, _("The rule has ended."))
    return redirect("courses:rules")


@allow(WATCHERS)
@require_safe
@never_cache
def lines(request: HttpRequest) -> HttpResponse:
    """List what is asked of the people one watches, overdue first; the filter stands in the address."""
    today = timezone.localdate()
    form = LineFilterForm(request.GET, viewer=request.user)
    wanted = form.wanted()
    page = Paginator(required.lines(request.user, wanted, today=today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "wanted": wanted,
        "rule_who": required.Who.of(wanted.rule) if wanted.rule else None,
        "page": page,
        "query": form.address(),
        "may_waive": _waivable(request, page.object_list),
        "today": today,
    }
    return render(request, "courses/required/lines.html", context)


@allow(WATCHERS)
@require_POST
@never_cache
def export_lines(request: HttpRequest) -> HttpResponse:
    """Send the list by the filter in the address as a workbook or CSV; recorded who took it."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = LineFilterForm(request.GET, viewer=request.user)
    found = required.lines(request.user, form.wanted(), today=today)
    rows = list(documents.required_rows(found))
    ending = "csv" if request.POST.get("format") == "csv" else "xlsx"
    requiring.record_export(rows=len(rows) - 1, query=form.address(), file_format=ending, by=request.user, at=now)
    return table_file(rows, _("Required training"), f"required-training-{today:%Y-%m-%d}.{ending}")


@allow(ASSIGNERS)
@never_cache
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody off, with the reason."""
    now = timezone.now()
    seen = TrainingRequirement.objects.open().filter(
        person__in=permissions.asked_staff(request.user, today=timezone.localdate(now))
    )
    row = get_object_or_404(seen.select_related("person", "course"), pk=pk)
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requiring.waive(requirement=row, by=request.user, at=now, **form.cleaned_data)
        except requiring.RequiringError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(person)s is let off.") % {"person": row.person})
            return redirect(f"{reverse('courses:required')}?state=waived")
    title = required.titles([row.course_id]).get(row.course_id)
    return render(request, "courses/required/waive.html", {"form": form, "row": row, "course_title": title})


def _waivable(request: HttpRequest, rows: list[TrainingRequirement]) -> set[int]:
    """Return which of the lines the person may let somebody off: open ones, of others, whom they may ask."""
    people = permissions.asked_staff(request.user, today=timezone.localdate())
    asked = set(people.filter(pk__in={row.person_id for row in rows}).values_list("pk", flat=True))
    return {
        row.pk
        for row in rows
        if row.state == TrainingRequirement.State.OPEN and row.person_id in asked - {request.user.pk}
    }
