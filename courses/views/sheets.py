"""The names of a training session: as a table to fill in, and as a list to sign."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses import documents, permissions
from courses.imports import AttendanceImport
from courses.models import TrainingSession
from courses.queries.sessions import roll
from courses.services.attendance import record_sheet
from training.lib.access import SIGNED_IN, allow
from training.lib.pdf import PdfError
from training.people.views.imports.files import table_file

logger = logging.getLogger(__name__)


@allow(SIGNED_IN)
@require_POST
@never_cache
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the names with what is marked, in the columns of the import; recorded who took them."""
    session, now = _kept(request, pk), timezone.now()
    people = roll(session, viewer=request.user, today=timezone.localdate(now))
    rows = list(AttendanceImport().sheet(session, people))
    ending = "csv" if request.POST.get("format") == "csv" else "xlsx"
    record_sheet(session=session, rows=len(rows) - 1, file_format=ending, by=request.user, at=now)
    return table_file(rows, _("Attendance"), f"attendance-{session.pk}.{ending}")


@allow(SIGNED_IN)
@require_POST
@never_cache
def sign_in_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the names to be signed on paper; recorded who took them."""
    session, now = _kept(request, pk), timezone.now()
    found = roll(session, viewer=request.user, today=timezone.localdate(now))
    people = list(found[: documents.MOST_TO_SIGN + 1])
    if len(people) > documents.MOST_TO_SIGN:
        told = _("A list to sign holds %(most)d names. Let people use the code in the room instead.")
        messages.error(request, told % {"most": documents.MOST_TO_SIGN})
        return redirect("courses:session", pk)
    try:
        pdf = documents.sign_in_list(session, people)
    except PdfError:
        logger.exception("the sign-in list of session %s cannot be drawn", pk)
        messages.error(request, _("The list cannot be drawn at present. Export the table and print that."))
        return redirect("courses:session", pk)
    record_sheet(session=session, rows=len(people), file_format="pdf", by=request.user, at=now)
    headers = {"Content-Disposition": f'attachment; filename="sign-in-list-{session.pk}.pdf"'}
    return HttpResponse(pdf, "application/pdf", headers=headers)


def _kept(request: HttpRequest, pk: int) -> TrainingSession:
    kept = permissions.sessions_kept(request.user, today=timezone.localdate())
    return get_object_or_404(kept, pk=pk)
