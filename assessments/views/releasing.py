"""Releasing results: what waits, what it comes to, and letting it out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import permissions, queries, services
from assessments.models import Exam
from training.lib.access import allow, roles
from training.operations.services import record_reading

RELEASERS = roles(*permissions.RELEASERS)


@allow(RELEASERS)
@require_safe
@never_cache
def exams(request: HttpRequest) -> HttpResponse:
    """List the exams with attempts that are handed in and have no result."""
    return render(request, "assessments/release_exams.html", {"exams": queries.exams_waiting()})


@allow(RELEASERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exam(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an exam's marked attempts come to; release the chosen ones."""
    found, now = get_object_or_404(Exam, code=code), timezone.now()
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("attempt") if pk.isascii() and pk.isdigit()]
        if not chosen:
            messages.error(request, _("Choose at least one result."))
            return redirect("assessments:release", code)
        number = services.release(exam=found, attempts=chosen, by=request.user, at=now)
        said = ngettext("%(n)d result is released.", "%(n)d results are released.", number) % {"n": number}
        messages.success(request, said)
        return redirect("assessments:release", code)
    waiting = queries.waiting_of(found, request.user)
    if waiting.marked or waiting.released:
        record_reading(action="assessments.release_read", by=request.user, subject=found, at=now)
    return render(
        request, "assessments/release.html", {"waiting": waiting, "exam": found, "today": timezone.localdate()}
    )


@allow(RELEASERS)
@require_safe
@never_cache
def items(request: HttpRequest, code: str) -> HttpResponse:
    """Show how the questions of an exam did."""
    found = get_object_or_404(Exam, code=code)
    return render(request, "assessments/item_report.html", {"exam": found, "report": queries.item_report(found)})
