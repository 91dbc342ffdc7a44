"""The staff one oversees: the list and its export. One person's page belongs to the highest floor."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.people import documents, permissions, queries, services
from training.people.actions import ROW_ACTIONS
from training.people.forms import StaffFilterForm

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
    context = {"filter": form, "page": page, "may_import": may_import, "row_actions": ROW_ACTIONS if may_import else ()}
    return render(request, "people/staff.html", context)


@allow(OVERSEERS)
@require_POST
@never_cache
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the list as CSV, by the same filter in the address, and keep in the audit trail who took what."""
    form = StaffFilterForm(request.GET, viewer=request.user)
    now = timezone.now()
    people = queries.staff_list(request.user, form.wanted(), today=timezone.localdate(now))
    services.record_export(people=people, wanted=form.wanted(), by=request.user, at=now)
    headers = {"Content-Disposition": f'attachment; filename="staff-{timezone.localdate(now):%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(documents.export_csv(people), content_type="text/csv; charset=utf-8", headers=headers)
