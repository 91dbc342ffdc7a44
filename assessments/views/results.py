"""After the clock: the receipt and the result."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import queries
from assessments.models import Attempt
from training.lib.access import SIGNED_IN, allow
from training.operations.services import record_reading


@allow(SIGNED_IN)
@require_safe
@never_cache
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was handed in, when, and the number that proves it."""
    try:
        sitting = queries.sitting_of(request.user, pk)
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    if sitting.attempt.is_open:
        return redirect("assessments:attempt", pk)
    return render(request, "assessments/receipt.html", {"attempt": sitting.attempt, "sitting": sitting})


@allow(SIGNED_IN)
@require_safe
@never_cache
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the result to its owner and to those who may see their record; never a question or a key."""
    try:
        found = queries.result_of(request.user, pk, today=timezone.localdate())
    except Attempt.DoesNotExist as error:
        if Attempt.objects.of(request.user).filter(pk=pk, state__in=Attempt.WAITING).exists():
            return redirect("assessments:receipt", pk)
        raise Http404 from error
    attempt, now = found.attempt, timezone.now()
    record_reading(action="assessments.result_read", by=request.user, subject=attempt, person=attempt.person, at=now)
    return render(request, "assessments/result.html", {"result": found, "attempt": attempt})
