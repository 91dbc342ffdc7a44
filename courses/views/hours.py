"""Learning hours of a year: for heads, HR and the director."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses import documents, permissions
from courses.forms import HoursFilterForm
from courses.queries import hours
from courses.services.requiring import record_hours_export
from training.lib.access import allow, roles
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
        "target": settings.LEARNING_HOURS_TARGET,
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
