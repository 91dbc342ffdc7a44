"""My competencies, the matrix of departments and of people, one cell, and the exports."""

from collections.abc import Iterator
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.competencies import services
from training.competencies.forms import MatrixFilter
from training.competencies.models import Competency
from training.competencies.queries import people, rollup
from training.competencies.queries.columns import Columns, columns
from training.lib.access import SIGNED_IN, allow, roles
from training.lib.downloads import csv_download
from training.operations.services import record_reading
from training.people.models import Department, Role, User
from training.people.permissions import departments_overseen, visible_staff

READERS = roles(Role.HR, Role.HEAD, Role.DIRECTOR, Role.AUDITOR)
PAGE = 50


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
    """Show the share of staff at the level asked for, by department."""
    today = timezone.localdate()
    shown = columns()
    total, rows = rollup.rollup(
        departments=departments_overseen(request.user), competencies=shown.competencies, today=today
    )
    context = {"columns": shown, "total": total, "rows": rows, "today": today, "low": rollup.LOW_SHARE}
    return render(request, "competencies/matrix.html", context)


@allow(READERS)
@require_safe
@never_cache
def department(request: HttpRequest, code: str) -> HttpResponse:
    """Show the people of a department and all below it against what their positions ask for."""
    today = timezone.localdate()
    place = _overseen(request.user, code)
    form = MatrixFilter(request.GET)
    postings = _postings(request.user, place, form, today)
    page = Paginator(postings, PAGE).get_page(request.GET.get("page"))
    shown = columns()
    context = {
        "department": place,
        "form": form,
        "columns": shown,
        "page": page,
        "rows": people.person_rows(page.object_list, competencies=shown.competencies, today=today),
        "total": _share_of(place, request.user, shown, today),
        "today": today,
        "filtered": any(form.narrowed().values()),
    }
    return render(request, "competencies/department.html", context)


@allow(READERS)
@require_POST
@never_cache
def matrix_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the roll-up as CSV: held and needed per department and competency. Writes down who took it."""
    today = timezone.localdate()
    shown = columns()
    total, rows = rollup.rollup(
        departments=departments_overseen(request.user), competencies=shown.competencies, today=today
    )
    header = [_("Department"), _("People"), *(str(one) for one in shown.competencies)]
    lines = [
        [str(row.department or _("Whole centre")), row.people, *(f"{one.held}/{one.needed}" for one in row.shares)]
        for row in (total, *rows)
    ]
    services.record_export(by=request.user, what="matrix", rows=len(lines), at=timezone.now())
    return csv_download([header, *lines], filename=f"matrix-{today}.csv")


@allow(READERS)
@require_POST
@never_cache
def department_export(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Send the people matrix of a department as CSV, by the filter in the address. Writes down who took it."""
    today = timezone.localdate()
    place = _overseen(request.user, code)
    postings = _postings(request.user, place, MatrixFilter(request.GET), today)
    shown = columns()
    header = [
        _("Staff number"),
        pgettext("person", "Name"),
        _("Name in Latin letters"),
        _("Position"),
        *map(str, shown.competencies),
    ]
    services.record_export(by=request.user, what=f"matrix/{code}", rows=postings.count(), at=timezone.now())
    return csv_download(_lines(header, postings, shown, today), filename=f"matrix-{code}-{today}.csv")


def _lines(header: list[str], postings: people.Postings, shown: Columns, today: date) -> Iterator[list[object]]:
    yield list(header)
    for page in Paginator(postings, 500):
        for row in people.person_rows(page.object_list, competencies=shown.competencies, today=today):
            person, held = row.person, (f"{cell.text}" for cell in row.cells)
            yield [person.staff_number, person.display_name, person.latin_name, str(row.posting.position), *held]


def _overseen(viewer: User, code: str) -> Department:
    return get_object_or_404(departments_overseen(viewer), code=code)


def _postings(viewer: User, place: Department, form: MatrixFilter, today: date) -> people.Postings:
    chosen = form.narrowed()
    postings = people.postings_of(
        departments=departments_overseen(viewer).filter(path__startswith=place.path), today=today
    )
    if chosen["position"]:
        postings = postings.filter(position=chosen["position"])
    return people.with_gaps(postings, today=today) if chosen["gaps"] else postings


def _share_of(place: Department, viewer: User, shown: Columns, today: date) -> rollup.RollupRow:
    total, _rows = rollup.rollup(
        departments=departments_overseen(viewer).filter(path__startswith=place.path),
        competencies=shown.competencies,
        today=today,
    )
    return total
