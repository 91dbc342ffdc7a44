"""Learning paths: for everybody to follow, for HR and editors to write."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import permissions, previews
from courses.forms.paths import ROWS_AT_FIRST, AskForm, BaseStepFormSet, PathForm, step_form
from courses.models import LearningPath
from courses.queries.paths import path_states
from courses.services.learning import NotOffered
from courses.services.paths import PathRefused, ask_for_path, change_path, make_path, set_path_offered
from courses.services.requiring import RequiringError
from training.lib.access import SIGNED_IN, allow, roles
from training.lib.previewed import previewed
from training.lib.texts import text_in

KEEPERS = roles(*permissions.PATH_KEEPERS)
ASSIGNERS = roles(*permissions.ASSIGNERS)
REFUSALS = (PathRefused, RequiringError, NotOffered)


@allow(SIGNED_IN)
@require_safe
@never_cache
def paths(request: HttpRequest) -> HttpResponse:
    """List the paths, each with how far one is in it."""
    states = path_states(permissions.paths_seen(request.user), request.user, today=timezone.localdate())
    context = {
        "states": [state for state in states if state.path.is_offered],
        "ended": [state.path for state in states if not state.path.is_offered],
        "may_keep": permissions.may_keep_paths(request.user),
    }
    return render(request, "courses/paths/list.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the steps of a path, how one stands at each, and what is next."""
    found = get_object_or_404(permissions.paths_seen(request.user), slug=slug)
    (state,) = path_states(LearningPath.objects.filter(pk=found.pk), request.user, today=timezone.localdate())
    context = {
        "state": state,
        "path": state.path,
        "may_keep": permissions.may_keep_paths(request.user),
        "may_ask": permissions.may_ask(request.user),
    }
    return render(request, "courses/paths/path.html", context)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Write a new path."""
    _refuse_others(request)
    return _edited(request, None)


@allow(KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a path."""
    _refuse_others(request)
    return _edited(request, get_object_or_404(LearningPath, slug=slug))


@allow(KEEPERS)
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a path off offer."""
    _set_offered(request, slug, is_offered=False)
    messages.success(request, _("The path is no longer offered. What people learned stays."))
    return redirect("courses:path", slug)


@allow(KEEPERS)
@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a path again."""
    _set_offered(request, slug, is_offered=True)
    messages.success(request, _("The path is offered again."))
    return redirect("courses:path", slug)


@allow(ASSIGNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the required courses of a path of some people, after a look at what it would do."""
    if not permissions.may_ask(request.user):
        raise PermissionDenied
    found = get_object_or_404(permissions.paths_seen(request.user).select_related("position"), slug=slug)
    now = timezone.now()
    today = timezone.localdate(now)
    form = AskForm(request.POST or None, by=request.user, today=today, path=found)

    def do(facts: dict[str, Any]) -> None:
        ask_for_path(path=found, who=form.who(facts), kind=facts["kind"], why=facts["why"], by=request.user, at=now)

    page = previewed(
        request,
        form=form,
        do=do,
        foresee=lambda facts: previews.of_asking_for(found, form.who(facts), today=today),
        refusals=REFUSALS,
        context={
            "title": _("Ask for the path: %(path)s") % {"path": found},
            "verb": _("Ask for the courses"),
            "lede": _(
                "Makes one rule for each required course. The rules go on asking whoever comes under them later."
            ),
            "back_url": reverse("courses:path", args=[slug]),
            "back_label": text_in(found.title),
        },
    )
    if page is not None:
        return page
    messages.success(
        request, _("The courses of the path are asked for. Everybody under the rules has them on their list.")
    )
    return redirect("courses:rules")


def _set_offered(request: HttpRequest, slug: str, *, is_offered: bool) -> None:
    _refuse_others(request)
    found = get_object_or_404(LearningPath, slug=slug)
    set_path_offered(path=found, is_offered=is_offered, by=request.user, at=timezone.now())


def _edited(request: HttpRequest, found: LearningPath | None) -> HttpResponse:
    """Draw the form of a path, do with its lines what is asked, or keep it."""
    today, data = timezone.localdate(), request.POST if request.method == "POST" else None
    stored = list(found.steps.select_related("course")) if found else []
    kept = [step.course for step in stored]
    form = PathForm(data, path=found, today=today, initial=_initial(found))
    rows = [{"course": step.course.slug, "is_required": step.is_required, "days": step.days} for step in stored]
    steps = step_form(data, rows or [{"is_required": True}] * ROWS_AT_FIRST, kept=kept)
    action = request.POST.get("action", "save")
    if data is not None and action != "save":
        again = PathForm(path=found, today=today, initial=form.typed)
        return _form_page(request, found, again, step_form(None, steps.typed(action), kept=kept))
    if data is not None and all([form.is_valid(), steps.is_valid()]):
        try:
            kept_path = _keep(request, found, form.cleaned_data, steps)
        except PathRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The path is saved."))
            return redirect("courses:path", kept_path.slug)
    return _form_page(request, found, form, steps)


def _keep(request: HttpRequest, found: LearningPath | None, facts: Any, steps: BaseStepFormSet) -> LearningPath:
    told = {**facts, "steps": steps.steps, "by": request.user, "at": timezone.now()}
    return change_path(path=found, **told) if found else make_path(**told)


def _form_page(
    request: HttpRequest, found: LearningPath | None, form: PathForm, steps: BaseStepFormSet
) -> HttpResponse:
    failed = form.is_bound and (bool(form.errors) or not steps.is_valid())
    context = {"path": found, "form": form, "steps": steps, "failed": failed}
    return render(request, "courses/paths/form.html", context, status=400 if failed else 200)


def _initial(found: LearningPath | None) -> dict[str, Any]:
    if found is None:
        return {}
    position = found.position.code if found.position else None
    return {"title": found.title, "summary": found.summary, "audience": found.audience, "position": position}


def _refuse_others(request: HttpRequest) -> None:
    if not permissions.may_keep_paths(request.user):
        raise PermissionDenied
