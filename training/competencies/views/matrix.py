"""My competencies, one cell, the roll-up of departments and hall sections, and its export."""

from datetime import date

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.competencies import services
from training.competencies.models import Competency
from training.competencies.queries import people, rollup
from training.competencies.queries.asked import asked_on
from training.competencies.queries.columns import Columns, columns
from training.lib.access import SIGNED_IN, allow, roles
from training.lib.downloads import csv_download
from training.operations.services import record_reading
from training.people.models import Role, User
from training.people.permissions import departments_overseen, heads_a_section, sections_overseen, visible_staff

READERS = roles(Role.HR, Role.HEAD, Role.DIRECTOR, Role.AUDITOR)


@allow(SIGNED_IN)
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show the person's own competencies with level bars."""
    return _profile(request, request.user)


@allow(SIGNED_IN)
@require_safe
@never_cache
def profile(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show the competencies of somebody the viewer may see."""
    today = timezone.localdate()
    person = get_object_or_404(visible_staff(request.user, today=today), staff_number=staff_number)
    _record_reading(request, person)
    return _profile(request, person)


def _record_reading(request: HttpRequest, person: User) -> None:
    action = "competencies.profile_read"
    record_reading(action=action, by=request.user, subject=person, person=person, at=timezone.now())


def _profile(request: HttpRequest, person: User) -> HttpResponse:
    shown = people.profile(person=person, columns=columns(), today=timezone.localdate())
    return render(request, "competencies/profile.html", {"subject": person, "profile": shown})


@allow(SIGNED_IN)
@require_safe
@never_cache
def cell(request: HttpRequest, staff_number: str, code: str) -> HttpResponse:
    """Show one cell of the matrix with the evidence it rests on."""
    today = timezone.localdate()
    person = get_object_or_404(visible_staff(request.user, today=today), staff_number=staff_number)
    competency = get_object_or_404(
        Competency.objects.select_related("framework"), code=code, framework__is_current=True
    )
    _record_reading(request, person)
    detail = people.cell_detail(person=person, competency=competency, today=today)
    return render(
        request,
        "competencies/cell.html",
        {"detail": detail, "today": today, "descriptors": sorted(competency.descriptors.items())},
    )


@allow(READERS)
@require_safe
@never_cache
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the share of staff at the level asked for, by department, and by hall section to the head of one."""
    today, shown = timezone.localdate(), columns()
    total, rows, sections = _rolled_up(request.user, shown, today)
    context = {
        "columns": shown,
        "total": total,
        "rows": rows,
        "sections": sections,
        "today": today,
        "low": rollup.LOW_SHARE,
    }
    return render(request, "competencies/matrix.html", context)


@allow(READERS)
@require_POST
@never_cache
def matrix_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the roll-up as CSV: held and needed per department or section and competency. Writes down who took it."""
    today, shown = timezone.localdate(), columns()
    total, rows, sections = _rolled_up(request.user, shown, today)
    header = [_("Department or section"), _("People"), *(str(one) for one in shown.competencies)]
    lines = [
        [str(row.part or _("Whole centre")), row.people, *(f"{one.held}/{one.needed}" for one in row.shares)]
        for row in ([total, *rows] if rows else []) + sections
    ]
    services.record_export(by=request.user, what="matrix", rows=len(lines), at=timezone.now())
    return csv_download([header, *lines], filename=f"matrix-{today}.csv")


def _rolled_up(
    viewer: User, shown: Columns, today: date
) -> tuple[rollup.RollupRow, list[rollup.RollupRow], list[rollup.RollupRow]]:
    asked = asked_on(today)
    total, rows = rollup.rollup(
        departments=departments_overseen(viewer), competencies=shown.competencies, asked=asked, today=today
    )
    if not heads_a_section(viewer):
        return total, rows, []
    sections = sections_overseen(viewer)
    return (
        total,
        rows,
        rollup.section_rows(sections=sections, competencies=shown.competencies, asked=asked, today=today),
    )
