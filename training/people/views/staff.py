"""The staff one oversees: the list and its export. One person's page belongs to the highest floor."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.people import documents, permissions, queries, services
from training.people.actions import ROW_ACTIONS
from training.people.forms import StaffFilterForm

from .imports.files import table_file

PER_PAGE = 50
OVERSEERS = roles(*permissions.OVERSEERS)


@allow(OVERSEERS)
@require_safe
@never_cache
def staff(request: HttpRequest) -> HttpResponse:
    """List the staff one oversees; the filter stands in the address."""
    form = StaffFilterForm(request.GET, viewer=request.user)
    people = queries.staff_list(request.user, form.wanted(), today=timezone.localdate())
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    may_import = bool(permissions.KEEPERS & request.user.role_names)
    context = {
        "filter": form,
        "page": page,
        "may_import": may_import,
        "row_actions": ROW_ACTIONS if may_import else (),
        "views": list(request.user.saved_views.all()),
        "query": form.address(),
    }
    return render(request, "people/staff.html", context)


@allow(OVERSEERS)
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the list as CSV or a workbook, by the filter in the address, and keep in the audit trail who took what."""
    form = StaffFilterForm(request.GET, viewer=request.user)
    now = timezone.now()
    people = queries.staff_list(request.user, form.wanted(), today=timezone.localdate(now))
    ending = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    services.record_export(people=people, wanted=form.wanted(), file_format=ending, by=request.user, at=now)
    filename = f"staff-{timezone.localdate(now):%Y-%m-%d}.{ending}"
    if ending == "xlsx":
        return table_file(list(documents.exported_rows(people)), _("Staff"), filename)
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(documents.export_csv(people), content_type="text/csv; charset=utf-8", headers=headers)
