"""What runs, waits and failed, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.operations import queries, services
from training.operations.models import Job
from training.operations.permissions import ADMINISTRATOR

PER_PAGE = 50
SHOWN = 10
OPERATORS = roles(ADMINISTRATOR)


@allow(OPERATORS)
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show what an operator looks at first: is all well, what failed, what runs, the tick, the machine."""
    now = timezone.now()
    tick = queries.tick_tasks(now=now)
    failed = queries.jobs_listed(Job.State.FAILED)
    context = {
        "checks": {check.name: check for check in queries.readiness(now=now)},
        "queue": queries.queue(),
        "failed": list(failed[:SHOWN]),
        "running": list(queries.jobs_listed(Job.State.RUNNING)[:SHOWN]),
        "tick": tick,
        "late": queries.late_tasks(tick),
        "broken": [task for task in tick if task.run and task.run.error],
        "processes": queries.processes_listed(now=now),
        "database": queries.database_facts(),
        "versions": queries.versions(),
        "now": now,
        "today": timezone.localdate(now),
    }
    return render(request, "operations/overview.html", context)


@allow(OPERATORS)
@require_safe
@never_cache
def all_jobs(request: HttpRequest) -> HttpResponse:
    """List everybody's jobs; the state stands in the address."""
    state = request.GET.get("state", "")
    page = Paginator(queries.jobs_listed(state), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Job.State.choices, "today": timezone.localdate()}
    return render(request, "operations/all_jobs.html", context)


@allow(OPERATORS)
@require_POST
@never_cache
def retry_failed(request: HttpRequest) -> HttpResponseRedirect:
    """Start all failed jobs once more."""
    number = services.retry_failed(by=request.user, at=timezone.now())
    if number:
        waiting = ngettext("%(n)d job waits for its turn again.", "%(n)d jobs wait for their turn again.", number)
        messages.success(request, waiting % {"n": number})
    else:
        messages.warning(request, _("No job has failed, so there is none to try again."))
    return redirect("operations:overview")
