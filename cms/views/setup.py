"""The set-up assistant: opens an empty installation, step by step; there is no such page once somebody is here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms import services
from cms.forms.setup import WEEKDAYS, AccountForms, CentreForm, CodeForm, DepartmentFormSet, WorkingDaysForm, centre_of
from training.lib.access import ANYONE, allow
from training.lib.addresses import client_address, network_of
from training.people.forms.holidays import calendar_rows
from training.people.models import Role
from training.people.services import AlreadyFoundError, FirstAccount, FirstDepartment, PeopleError

from .setup_draft import Draft

FIRST, SUMMARY = "centre", "summary"
TRIES_A_MINUTE = 10
TWO_MINUTES = 120


@dataclass(frozen=True)
class Step:
    """One page of the assistant; `make` builds its form from what was posted (or None) and the draft."""

    key: str
    title: Any
    lede: Any
    make: Callable[..., Any] | None = None


STEPS = (
    Step(
        FIRST, _("The centre"), _("How the centre is called, and in which language its texts are written."), CentreForm
    ),
    Step(
        "calendar",
        _("Working days"),
        _("On which weekdays the centre works, and this year's public holidays and make-up days."),
        WorkingDaysForm,
    ),
    Step(
        "departments",
        _("Departments"),
        _("One at least, where the first two accounts belong. The others may be imported later."),
        DepartmentFormSet,
    ),
    Step(
        "accounts",
        _("First accounts"),
        _("An HR officer, who keeps the staff records, and an administrator, who looks after the platform."),
        AccountForms,
    ),
    Step(SUMMARY, _("Check and create"), _("Nothing is written before you press the button.")),
)
KEYS = [step.key for step in STEPS]


def only_while_empty(request: HttpRequest) -> None:
    """Raise 404 once somebody is here, whoever asks."""
    if request.user.is_authenticated or not services.is_empty():
        raise Http404


@allow(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Say what is about to be done, and ask for the set-up code where strangers could come first."""
    only_while_empty(request)
    draft = Draft(request.session)
    if request.method == "POST":
        form = CodeForm(request.POST if services.needs_code() else {"code": services.setup_code()})
        if too_many_tries(request):
            return render(request, "429.html", status=429)
        if form.is_valid() and services.is_setup_code(form.cleaned_data["code"]):
            request.session.cycle_key()
            draft.unlock()
            return redirect("cms:setup_step", next_open(draft))
        if form.is_valid():
            form.add_error(
                "code", gettext("This is not the set-up code of this installation. Compare it with the log.")
            )
    else:
        form = CodeForm()
    is_known = draft.is_unlocked
    context = {"form": form, "asks_code": services.needs_code() and not is_known, "steps": STEPS, "is_known": is_known}
    return render(request, "cms/setup/start.html", context)


def too_many_tries(request: HttpRequest) -> bool:
    """Count one try of the code from this network address and tell whether it is past the limit of this minute."""
    key = f"setup:{network_of(client_address(request))}:{timezone.now():%Y%m%d%H%M}"
    cache.add(key, 0, TWO_MINUTES)
    try:
        return cache.incr(key) > TRIES_A_MINUTE
    except ValueError:  # dropped by a full cache between the two lines: counting begins again
        return False


@allow(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def setup_step(request: HttpRequest, step: str) -> HttpResponse:
    """Show a step, keep what is typed there, and go forward or back; the last one creates everything."""
    only_while_empty(request)
    draft = Draft(request.session)
    if not draft.is_unlocked:
        return redirect("cms:setup")
    chosen = next((one for one in STEPS if one.key == step), None)
    if chosen is None:
        raise Http404
    if chosen.make is None:
        return summary(request, draft)
    if request.method == "POST":
        return keep(request, chosen, draft)
    typed = draft.typed(step)
    return show(request, chosen, chosen.make(typed, draft), draft)


def keep(request: HttpRequest, step: Step, draft: Draft) -> HttpResponse:
    """Keep what was typed and move on; going back keeps it as well, right or wrong."""
    assert step.make
    if "more" in request.POST:
        return show(request, step, DepartmentFormSet.with_more_rows(request.POST, draft), draft)
    form = step.make(request.POST, draft)
    is_right = form.is_valid()
    if is_right:
        draft.keep(step.key, form.kept())
    if "back" in request.POST:
        if not is_right:
            draft.keep_typed(step.key, request.POST)
        return redirect(address_before(step))
    return redirect("cms:setup_step", KEYS[KEYS.index(step.key) + 1]) if is_right else show(request, step, form, draft)


def show(request: HttpRequest, step: Step, form: Any, draft: Draft) -> HttpResponse:
    """Render a step."""
    forms = list(form) if isinstance(form, (AccountForms, DepartmentFormSet)) else [form]
    context = {
        "step": step,
        "form": form,
        "forms": forms,
        "has_errors": form.is_bound and any(one.errors for one in forms),
        "phases": phases(step.key, draft),
        "time_zone": settings.TIME_ZONE,
        "now": timezone.now(),
    }
    return render(request, f"cms/setup/{step.key}.html", context)


def phases(current: str, draft: Draft) -> list[dict[str, Any]]:
    """Return the steps as the stepper shows them."""
    return [
        {"title": step.title, "state": "current" if step.key == current else "done" if draft.has(step.key) else ""}
        for step in STEPS
    ]


def next_open(draft: Draft) -> str:
    """Return the first step without an answer, the summary when all have one."""
    return next((key for key in KEYS if key != SUMMARY and not draft.has(key)), SUMMARY)


def address_before(step: Step) -> str:
    """Return where Back leads."""
    place = KEYS.index(step.key)
    return reverse("cms:setup_step", args=[KEYS[place - 1]]) if place else reverse("cms:setup")


def summary(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show everything once more; by POST create it, and say what comes next. Nobody is signed in by it."""
    if next_open(draft) != SUMMARY:
        return redirect("cms:setup_step", next_open(draft))
    centre = centre_of(draft)
    departments = [FirstDepartment(**row) for row in draft["departments"]]
    accounts = [FirstAccount(role=Role(role), **told) for role, told in draft["accounts"].items()]
    calendar = calendar_rows(draft["calendar"]["holidays"])
    problem = ""
    if request.method == "POST":
        try:
            services.set_up(
                centre=centre, departments=departments, accounts=accounts, calendar=calendar, at=timezone.now()
            )
        except AlreadyFoundError as error:
            raise Http404 from error
        except PeopleError as error:
            problem = str(error)
        else:
            request.session.flush()
            return render(request, "cms/setup/done.html", {"accounts": accounts})
    names = {one.code: one.name for one in departments}
    context = {
        "step": STEPS[-1],
        "phases": phases(SUMMARY, draft),
        "new_centre": centre,
        "departments": [(one, names.get(one.parent)) for one in departments],
        "accounts": [(one, names.get(one.department)) for one in accounts],
        "weekdays": [name for number, name in WEEKDAYS if int(number) in centre.working_days],
        "holidays": sum(not row.is_working for row in calendar),
        "make_up_days": sum(row.is_working for row in calendar),
        "problem": problem,
    }
    return render(request, "cms/setup/summary.html", context)
