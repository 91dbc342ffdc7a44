"""Rubrics: read by everybody who may be observed by them, written by examiners and HR of the whole centre."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mentors import permissions, services
from mentors.forms import CriterionForm, RubricForm
from mentors.models import Criterion, Rubric
from mentors.queries import rubrics as queries
from training.lib.access import SIGNED_IN, allow, roles
from training.matters.queries import cited_clauses, search_clauses

KEEPERS = roles(*permissions.RUBRIC_KEEPERS)
MOST_FOUND = 20


@allow(SIGNED_IN)
@require_safe
@never_cache
def rubrics(request: HttpRequest) -> HttpResponse:
    """List the rubrics."""
    context = {"rubrics": _counted(request), "may_keep": permissions.may_keep_rubrics(request.user)}
    return render(request, "mentors/rubrics/list.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def rubric(request: HttpRequest, code: str) -> HttpResponse:
    """Show a rubric: what is looked at, what each step looks like, which clauses it rests on."""
    found = get_object_or_404(_counted(request), code=code)
    context = {
        "rubric": found,
        "criteria": queries.criteria_of(found, on=timezone.localdate()),
        "may_keep": permissions.may_keep_rubrics(request.user),
    }
    return render(request, "mentors/rubrics/rubric.html", context)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_rubric(request: HttpRequest) -> HttpResponse:
    """Write a new rubric."""
    _check(request)
    form = RubricForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_rubric(**form.cleaned_data, by=request.user, at=timezone.now())
        except services.CoachingError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("The rubric is written. Now add what is looked at."))
            return redirect("mentors:rubric", code=made.code)
    return render(request, "mentors/rubrics/form.html", {"form": form}, status=400 if form.errors else 200)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_rubric(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a rubric is called, and its competency."""
    _check(request)
    found = get_object_or_404(Rubric.objects.select_related("competency"), code=code)
    form = RubricForm(request.POST or None, rubric=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rubric(rubric=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except services.CoachingError as refusal:
            form.add_error("competency", str(refusal))
        else:
            return _saved(request, found)
    context = {"form": form, "rubric": found}
    return render(request, "mentors/rubrics/form.html", context, status=400 if form.errors else 200)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_criterion(request: HttpRequest, code: str) -> HttpResponse:
    """Add a criterion to a rubric."""
    _check(request)
    found = get_object_or_404(Rubric, code=code)
    form = CriterionForm(request.POST or None)
    return _criterion(request, found, form, [], lambda facts: services.add_criterion(rubric=found, **facts))


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_criterion(request: HttpRequest, code: str, criterion: str) -> HttpResponse:
    """Change a criterion and what it cites."""
    _check(request)
    row = get_object_or_404(Criterion.objects.select_related("rubric"), rubric__code=code, code=criterion)
    form = CriterionForm(request.POST or None, criterion=row, is_rated=services.is_rated(row))
    cited = [str(pk) for pk in row.citations.values_list("clause_version", flat=True)]
    return _criterion(
        request, row.rubric, form, cited, lambda facts: services.change_criterion(criterion=row, **facts), row
    )


def _criterion(
    request: HttpRequest, found: Rubric, form: CriterionForm, cited: list[str], save: Any, row: Criterion | None = None
) -> HttpResponse:
    """Show the form, look for clauses without losing what is typed, or save."""
    words, finds = request.POST.get("clause", "").strip(), request.POST.get("action") == "find"
    if request.method == "POST":
        cited = request.POST.getlist("cites")
    clauses, invalid = cited_clauses(cited), False
    if finds:
        form.leave_unjudged()
    if request.method == "POST" and not finds:
        invalid = not form.is_valid()
        if not invalid:
            try:
                save({**form.facts(), "clauses": clauses, "by": request.user, "at": timezone.now()})
            except services.CoachingError as refusal:
                form.add_error(None, str(refusal))
                invalid = True
            else:
                return _saved(request, found)
    context = {
        "form": form,
        "rubric": found,
        "criterion": row,
        "cited": clauses,
        "words": words,
        "found": search_clauses(words, MOST_FOUND) if finds and words else None,
    }
    return render(request, "mentors/rubrics/criterion.html", context, status=400 if invalid else 200)


def _counted(request: HttpRequest) -> "QuerySet[Rubric]":
    """The rubrics, counting the observations that the reader may open and no others."""
    return queries.rubrics(permissions.visible_observations(request.user, today=timezone.localdate()))


def _check(request: HttpRequest) -> None:
    if not permissions.may_keep_rubrics(request.user):
        raise PermissionDenied


def _saved(request: HttpRequest, found: Rubric) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("mentors:rubric", code=found.code)
