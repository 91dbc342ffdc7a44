"""One-time codes for a selection of the staff: choose whom, make the slips, take the file once."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.operations.models import Job
from training.operations.services import start_job
from training.people import permissions, queries, services, slips
from training.people.forms.sign_in import SignInFilterForm
from training.people.models import User

KEEPERS = roles(*permissions.KEEPERS)
PER_PAGE = 50
SESSION_KEY = "login_slips"
LOOK_AGAIN_SECONDS = 3
LABEL = {"en": "Slips with one-time codes", "zh-hans": "一次性登录码纸条"}
MAKE_SLIPS = "training.people.tasks.make_slips"


@allow(KEEPERS)
@require_safe
@never_cache
def codes(request: HttpRequest) -> HttpResponse:
    """List whom one may make codes for; the filter stands in the address."""
    now = timezone.now()
    form = SignInFilterForm(request.GET, viewer=request.user)
    people = queries.sign_in_list(request.user, form.wanted(), at=now)
    context = {
        "filter": form,
        "page": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "state": form.wanted().state,
        "most": slips.MOST,
        "days": settings.LOGIN_CODE_DAYS,
        "now": now,
    }
    return render(request, "people/codes.html", context)


@allow(KEEPERS)
@require_POST
@never_cache
def make_codes(request: HttpRequest) -> HttpResponse:
    """Make codes for those ticked, or for all whom the filter in the address keeps, and lead to their slips."""
    back = f"{reverse('people:codes')}?{request.GET.urlencode()}"
    form = SignInFilterForm(request.GET, viewer=request.user)
    people = queries.sign_in_list(request.user, form.wanted(), at=timezone.now())
    if "all" not in request.POST:
        people = people.filter(staff_number__in=request.POST.getlist("who"))
    chosen = list(people[: slips.MOST + 1])
    if problem := problem_with(chosen, agreed="agreed" in request.POST):
        messages.error(request, problem)
        return HttpResponseRedirect(back)
    return started(request, chosen)


def problem_with(chosen: list[User], *, agreed: bool) -> str:
    """Say what stands in the way of making codes for these people; "" when nothing does."""
    if not chosen:
        return _("Tick the people who are to get a code.")
    if len(chosen) > slips.MOST:
        return _("That is more than %(most)d people. Narrow the list down, for example to one department.") % {
            "most": slips.MOST
        }
    if not agreed and any(person.has_usable_password() for person in chosen):
        return _("Some of them have a password, which would stop working. Tick that this is meant.")
    return ""


def started(request: HttpRequest, people: list[User]) -> HttpResponse:
    """Have the worker make the codes and draw the slips, and lead to the page where they can be taken."""
    token = services.new_slips_token()
    arguments = {"owner": request.user.pk, "people": [person.pk for person in people], "token": token}
    job = start_job(task=MAKE_SLIPS, arguments=arguments, by=request.user, at=timezone.now(), label=LABEL)
    request.session[SESSION_KEY] = {"token": token, "people": len(people), "job": str(job.pk)}
    return redirect("people:slips")


@allow(KEEPERS)
@never_cache
def slips_file(request: HttpRequest) -> HttpResponse:
    """Say how far the slips last asked for are, and offer them; a POST takes them, once."""
    kept = request.session.get(SESSION_KEY, {})
    token, now = kept.get("token", ""), timezone.now()
    if request.method == "POST":
        pdf = services.take_slips(owner=request.user, token=token, now=now)
        if pdf is None:
            return redirect("people:slips")
        name = f"one-time-codes-{timezone.localdate(now):%Y-%m-%d}.pdf"
        return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
    job = Job.objects.filter(pk=kept["job"]).first() if kept else None
    context = {
        "kept": kept,
        "days": settings.LOGIN_CODE_DAYS,
        "waits": services.slips_wait(owner=request.user, token=token, now=now),
        "is_drawing": job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING},
        "problem": problem_of(job),
    }
    response = render(request, "people/slips_ready.html", context)
    if context["is_drawing"] and not context["waits"]:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def problem_of(job: Job | None) -> str:
    """Say why no slips came of the job; "" when nothing went wrong with it."""
    if job is None:
        return ""
    if job.state == Job.State.FAILED:
        return _("The slips could not be drawn. Choose fewer people, or tell the administrator.")
    return (job.result or {}).get("problem", "")
