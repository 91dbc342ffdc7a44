"""Learning hours of a year, and how many are asked: for heads, HR and the director."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import documents, permissions
from courses.forms import HoursFilterForm, TargetForm
from courses.models import HoursTarget
from courses.queries import hours
from courses.queries.targets import targets_list
from courses.services.requiring import record_hours_export
from courses.services.targets import TargetRefused, remove_target, set_target
from training.lib.access import allow, roles
from training.people.models import Role
from training.people.views.imports.files import table_file

PER_PAGE = 50
WATCHERS = roles(*permissions.WATCHERS)


@allow(WATCHERS)
@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """List the class hours of the people one watches, with each department's mean; the filter is in the address."""
    today = timezone.localdate()
    form = HoursFilterForm(request.GET, viewer=request.user, this_year=today.year)
    wanted = form.wanted()
    found = hours.hours_list(request.user, wanted, today=today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "year": wanted.year,
        "page": page,
        "rows": [(person, hours.Hours.of(person)) for person in page.object_list],
        "departments": list(hours.by_department(found)),
        "query": form.address(),
        "kinds": HoursTarget.Kind.choices,
        "may_set": Role.HR in request.user.role_names,
    }
    return render(request, "courses/hours.html", context)


@allow(WATCHERS)
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Send the list by the filter in the address as a workbook or CSV; recorded who took it."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = HoursFilterForm(request.GET, viewer=request.user, this_year=today.year)
    wanted = form.wanted()
    found = hours.hours_list(request.user, wanted, today=today)
    rows = list(documents.hours_rows((person, hours.Hours.of(person)) for person in found))
    ending = "csv" if request.POST.get("format") == "csv" else "xlsx"
    record_hours_export(
        rows=len(rows) - 1, year=wanted.year, query=form.address(), file_format=ending, by=request.user, at=now
    )
    return table_file(rows, _("Learning hours"), f"learning-hours-{wanted.year}.{ending}")


@allow(roles(Role.HR))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def targets(request: HttpRequest) -> HttpResponse:
    """List how many hours are asked of whom, and ask for others."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = TargetForm(request.POST or None, by=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            set_target(**form.cleaned_data, by=request.user, at=now)
        except TargetRefused as refusal:
            form.add_error("first_year", str(refusal))
        else:
            messages.success(request, _("The target is set."))
            return redirect("courses:targets")
    kept = set(permissions.targets_kept(request.user).values_list("pk", flat=True))
    rows = [(row, row.pk in kept and row.first_year >= today.year) for row in targets_list(request.user)]
    context = {"form": form, "rows": rows, "usual": settings.LEARNING_HOURS_TARGET, "today": today}
    return render(request, "courses/targets.html", context, status=400 if form.errors else 200)


@allow(roles(Role.HR))
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target back."""
    row = get_object_or_404(permissions.targets_kept(request.user), pk=pk)
    try:
        remove_target(target=row, by=request.user, at=timezone.now())
    except TargetRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The target is taken back."))
    return redirect("courses:targets")
