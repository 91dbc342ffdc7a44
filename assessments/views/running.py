"""What every page of a running attempt needs: the attempt itself, whether it can go on here, its frame."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assessments import queries, services
from assessments.models import Attempt

from .browsers import browser_of
from .words import page_words


def sitting_of(request: HttpRequest, pk: int) -> queries.Sitting:
    """Return one's own attempt; another's is not found."""
    try:
        return queries.sitting_of(request.user, pk)
    except Attempt.DoesNotExist as error:
        raise Http404 from error


def detour(request: HttpRequest, attempt: Attempt) -> HttpResponse | None:
    """Lead away from the questions of an attempt that is over, or that cannot go on here or now."""
    now = timezone.now()
    if not attempt.is_open:
        return redirect("assessments:receipt", attempt.pk)
    if attempt.is_over(now):
        return redirect("assessments:time_up", attempt.pk)
    try:
        services.check_browser(attempt, browser_of(request))
    except services.OtherBrowser:
        return _stopped(request, "assessments/other_browser.html", attempt, now, status=403)
    except services.TakenOver:
        return _stopped(request, "assessments/elsewhere.html", attempt, now)
    if attempt.is_paused:
        return _stopped(request, "assessments/paused.html", attempt, now)
    return None


def exam_page(
    request: HttpRequest, template: str, sitting: queries.Sitting, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw a page in the frame of a running attempt."""
    frame = _frame(sitting.attempt, timezone.now()) | {"sitting": sitting}
    return render(request, template, frame | context, status=status)


def seconds_left(attempt: Attempt, now: datetime) -> float:
    return round((attempt.ends_at(now) - now).total_seconds(), 1)


def _stopped(
    request: HttpRequest, template: str, attempt: Attempt, now: datetime, *, status: int = 200
) -> HttpResponse:
    return render(request, template, _frame(attempt, now), status=status)


def _frame(attempt: Attempt, now: datetime) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "ends_at": attempt.ends_at(now),
        "seconds_left": seconds_left(attempt, now),
        "words": page_words(),
    }
