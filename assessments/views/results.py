"""After the clock: the receipt."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import queries
from assessments.models import Attempt
from training.lib.access import SIGNED_IN, allow


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
