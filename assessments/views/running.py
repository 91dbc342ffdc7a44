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


def detour(request: HttpRequest, sitting: queries.Sitting) -> HttpResponse | None:
    """Lead away from the questions of an attempt that is over, or that cannot go on here or now; or of a part."""
    now, attempt = timezone.now(), sitting.attempt
    if ended := _ended(sitting, now):
        return redirect(f"assessments:{ended}", attempt.pk)
    try:
        services.check_browser(attempt, browser_of(request))
    except services.OtherBrowser:
        return _stopped(request, "assessments/other_browser.html", sitting, now, status=403)
    except services.TakenOver:
        return _stopped(request, "assessments/elsewhere.html", sitting, now)
    if attempt.is_paused:
        return _stopped(request, "assessments/paused.html", sitting, now)
    return None


def exam_page(
    request: HttpRequest, template: str, sitting: queries.Sitting, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw a page in the frame of a running attempt."""
    return render(request, template, _frame(sitting, timezone.now()) | context, status=status)


def seconds_until(moment: datetime, now: datetime) -> float:
    return round((moment - now).total_seconds(), 1)


def _ended(sitting: queries.Sitting, now: datetime) -> str:
    """Return the page for an attempt, or a part of it, that has ended; "" while questions can be answered."""
    if not sitting.attempt.is_open:
        return "receipt"
    if sitting.attempt.is_over(now):
        return "time_up"
    return "go_on" if sitting.next_part and sitting.part and sitting.part.is_over(now) else ""


def _stopped(
    request: HttpRequest, template: str, sitting: queries.Sitting, now: datetime, *, status: int = 200
) -> HttpResponse:
    return render(request, template, _frame(sitting, now), status=status)


def _frame(sitting: queries.Sitting, now: datetime) -> dict[str, Any]:
    """Return what the frame shows: until when answers are taken here, and where there are parts, the end of all."""
    whole = sitting.attempt.ends_at(now)
    ends_at = sitting.part.ends_at(now) if sitting.part else whole
    return {
        "sitting": sitting,
        "attempt": sitting.attempt,
        "ends_at": ends_at,
        "seconds_left": seconds_until(ends_at, now),
        "whole_left": seconds_until(whole, now),
        "words": page_words(),
    }
