"""What came of an exam, and what to read next."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Attempt
from assessments.queries import result_of
from courses import queries
from training.lib.access import SIGNED_IN, allow
from training.operations.services import record_reading


@allow(SIGNED_IN)
@require_safe
@never_cache
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the result to its owner and to those who may see their record; never a question or a key."""
    try:
        found = result_of(request.user, pk, today=timezone.localdate())
    except Attempt.DoesNotExist as error:
        if Attempt.objects.of(request.user).filter(pk=pk, state__in=Attempt.WAITING).exists():
            return redirect("assessments:receipt", pk)
        raise Http404 from error
    attempt, now = found.attempt, timezone.now()
    record_reading(action="assessments.result_read", by=request.user, subject=attempt, person=attempt.person, at=now)
    reading = queries.reading_after(found, language=get_language())
    return render(request, "courses/result.html", {"result": found, "attempt": attempt, "reading": reading})
