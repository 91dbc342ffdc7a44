"""Files sent to people: the template to fill in, what is on record, the rows that were refused."""

import io
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow
from training.lib.imports import Import
from training.lib.tables import Sheet, write_csv, write_xlsx
from training.people.services import importing

from .kinds import KEEPERS, permitted, run_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18


@allow(KEEPERS)
@require_safe
@never_cache
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the list to fill in, with a sample, as XLSX or (?format=csv) CSV; a second sheet has the codes."""
    found = permitted(request, kind)
    rows = found.example_rows(request.user)
    if wants_csv(request.GET.get("format")):
        return sent(b"".join(write_csv(rows)), f"{kind}.csv")
    sheets = [Sheet(str(found.label), rows, [WIDTH] * len(found.columns))]
    codes = list(code_rows(found, request))
    if len(codes) > 1:
        sheets.append(Sheet(_("Codes"), codes, [WIDTH, WIDTH, 40]))
    return sent(workbook(sheets), f"{kind}.xlsx")


@allow(KEEPERS)
@require_POST
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send what is on record and the person may import, so that it imports again unchanged; recorded who took it."""
    found, now = permitted(request, kind), timezone.now()
    rows = list(found.export_rows(request.user, at=now))
    ending = "csv" if wants_csv(request.POST.get("format")) else "xlsx"
    importing.record_list_export(kind=found, rows=len(rows) - 1, file_format=ending, by=request.user, at=now)
    return table_file(rows, str(found.label), f"{kind}-{timezone.localdate(now):%Y-%m-%d}.{ending}")


@allow(KEEPERS)
@require_safe
@never_cache
def rejects(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the rows that were refused, each with the reason, to be mended and uploaded again."""
    found = run_or_404(request, pk)
    rows = importing.rejected_rows(found)
    if not rows:
        raise Http404
    ending = "csv" if wants_csv(request.GET.get("format")) else "xlsx"
    return table_file(rows, _("Refused rows"), f"{found.kind}-refused.{ending}")


def code_rows(kind: Import, request: HttpRequest) -> Iterator[list[str]]:
    yield [_("Column"), _("Code"), _("Meaning")]
    for field, code, meaning in kind.codes(request.user):
        yield [kind.heading(field), code, meaning]


def wants_csv(asked: str | None) -> bool:
    return asked == "csv"


def table_file(rows: Sequence[Sequence[object]], title: str, filename: str) -> HttpResponse:
    if filename.endswith(".csv"):
        return sent(b"".join(write_csv(rows)), filename)
    return sent(workbook([Sheet(title, rows, [WIDTH] * len(rows[0]))]), filename)


def workbook(sheets: Iterable[Sheet]) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, sheets)
    return file.getvalue()


def sent(content: bytes, filename: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if filename.endswith(".csv") else XLSX
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{filename}"'})
