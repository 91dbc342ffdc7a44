"""The matrix of the people of a department or of a hall section, and its export."""

from collections.abc import Iterator
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.competencies import services
from training.competencies.forms import MatrixFilter
from training.competencies.queries import people, rollup
from training.competencies.queries.asked import Asked, asked_on
from training.competencies.queries.columns import Columns, columns
from training.lib.access import allow
from training.lib.downloads import csv_download
from training.people.models import Department, Position, Section
from training.people.permissions import departments_overseen, sections_overseen

from .matrix import READERS

PAGE = 50


@allow(READERS)
@require_safe
@never_cache
def department(request: HttpRequest, code: str) -> HttpResponse:
    """Show the people of a department and all below it against what their positions ask for."""
    return _people(request, get_object_or_404(departments_overseen(request.user), code=code), "department")


@allow(READERS)
@require_safe
@never_cache
def section(request: HttpRequest, code: str) -> HttpResponse:
    """Show the people who stand in a hall section, from whatever department, against what their positions ask for."""
    return _people(request, get_object_or_404(sections_overseen(request.user), code=code), "section")


@allow(READERS)
@require_POST
@never_cache
def department_export(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Send the people matrix of a department as CSV, by the filter in the address. Writes down who took it."""
    return _export(request, get_object_or_404(departments_overseen(request.user), code=code))


@allow(READERS)
@require_POST
@never_cache
def section_export(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Send the people matrix of a hall section as CSV, by the filter in the address. Writes down who took it."""
    return _export(request, get_object_or_404(sections_overseen(request.user), code=code))


def _people(request: HttpRequest, part: Department | Section, kind: str) -> HttpResponse:
    today, shown = timezone.localdate(), columns()
    asked = asked_on(today)
    postings = people.postings_of(part, viewer=request.user, today=today)
    whole = rollup.whole(part, postings, competencies=shown.competencies, asked=asked, today=today)
    form = MatrixFilter(request.GET, positions=whole.positions)
    page = _page(request, postings, form, whole, today)
    context = {
        "part": part,
        "here": reverse(f"competencies:{kind}", args=[part.code]),
        "export": reverse(f"competencies:{kind}_export", args=[part.code]),
        "form": form,
        "columns": shown,
        "page": page,
        "rows": people.person_rows(page.object_list, competencies=shown.competencies, asked=asked, today=today),
        "total": whole.row,
        "today": today,
        "filtered": any(form.narrowed().values()),
    }
    return render(request, "competencies/people.html", context)


def _page(
    request: HttpRequest, postings: people.Postings, form: MatrixFilter, whole: rollup.Whole, today: date
) -> Page:
    chosen = form.narrowed()
    paginator = Paginator(_narrowed(postings, form, today), PAGE)
    if not chosen["gaps"]:
        # The row of all people has counted these already.
        paginator.count = whole.rows[chosen["position"]] if chosen["position"] else sum(whole.rows.values())
    return paginator.get_page(request.GET.get("page"))


def _narrowed(postings: people.Postings, form: MatrixFilter, today: date) -> people.Postings:
    chosen = form.narrowed()
    if chosen["position"]:
        postings = postings.filter(position=chosen["position"])
    return people.with_gaps(postings, today=today) if chosen["gaps"] else postings


def _export(request: HttpRequest, part: Department | Section) -> StreamingHttpResponse:
    today, shown = timezone.localdate(), columns()
    form = MatrixFilter(request.GET, positions=Position.objects.all())
    postings = _narrowed(people.postings_of(part, viewer=request.user, today=today), form, today)
    services.record_export(by=request.user, what=f"matrix/{part.code}", rows=postings.count(), at=timezone.now())
    return csv_download(_lines(postings, shown, asked_on(today), today), filename=f"matrix-{part.code}-{today}.csv")


def _lines(postings: people.Postings, shown: Columns, asked: Asked, today: date) -> Iterator[list[object]]:
    yield [
        _("Staff number"),
        pgettext("person", "Name"),
        _("Name in Latin letters"),
        _("Position"),
        *map(str, shown.competencies),
    ]
    for page in Paginator(postings, 500):
        for row in people.person_rows(page.object_list, competencies=shown.competencies, asked=asked, today=today):
            person, held = row.person, (f"{cell.text}" for cell in row.cells)
            yield [person.staff_number, person.display_name, person.latin_name, str(row.posting.position), *held]
