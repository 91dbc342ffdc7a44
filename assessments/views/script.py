"""Addresses that the exam's script speaks to: answers as they are given, the paper, the clock.

They end in the same services as the plain forms of the pages.
"""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from assessments import queries, services
from assessments.forms import MalformedAnswer, answer_from_json
from assessments.models import Attempt
from training.lib.access import SIGNED_IN, allow

from .browsers import browser_of
from .devices import device_of
from .running import detour, seconds_until, sitting_of


@allow(SIGNED_IN)
@require_POST
@never_cache
def answer(request: HttpRequest, pk: int, position: int) -> JsonResponse:
    """Keep an answer sent by the script."""
    now = timezone.now()
    try:
        sent = answer_from_json(request.body)
        saved = services.save_answer(
            person=request.user,
            attempt_id=pk,
            position=position,
            revision=sent.revision,
            value=sent.value,
            now=now,
            browser=browser_of(request),
        )
    except services.NoSuchQuestion as error:
        raise Http404 from error
    except MalformedAnswer:
        return JsonResponse({"code": "malformed"}, status=400)
    except services.Conflict as conflict:
        return JsonResponse(_refusal(conflict, pk) | _acknowledgement(conflict.newer, now), status=409)
    except services.Refused as refusal:
        return JsonResponse(_refusal(refusal, pk), status=_status(refusal))
    return JsonResponse(_acknowledgement(saved, now))


@allow(SIGNED_IN)
@require_POST
@never_cache
def flag(request: HttpRequest, pk: int, position: int) -> JsonResponse:
    """Set or take away a flag, sent by the script as {"flagged": true}."""
    try:
        flagged = json.loads(request.body)["flagged"]
        services.flag(
            person=request.user,
            attempt_id=pk,
            position=position,
            flagged=bool(flagged),
            now=timezone.now(),
            browser=browser_of(request),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"code": "malformed"}, status=400)
    except services.NoSuchQuestion as error:
        raise Http404 from error
    except services.Refused as refusal:
        return JsonResponse(_refusal(refusal, pk), status=_status(refusal))
    return JsonResponse({"flagged": bool(flagged)})


@allow(SIGNED_IN)
@require_POST
@never_cache
def seen(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Note that the script showed a question."""
    if not Attempt.objects.of(request.user).filter(pk=pk).exists():
        raise Http404
    services.mark_seen(person=request.user, attempt_id=pk, position=position, now=timezone.now())
    return HttpResponse(status=204)


@allow(SIGNED_IN)
@require_safe
@never_cache
@gzip_page
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Return all questions that may be read now, so that the open page can go on without a connection."""
    sitting = sitting_of(request, pk)
    if away := detour(request, sitting):
        return away
    questions = queries.questions_shown(sitting)
    context = {"attempt": sitting.attempt, "sitting": sitting, "questions": questions}
    return render(request, "assessments/paper.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def clock(request: HttpRequest, pk: int) -> JsonResponse:
    """Tell how many seconds are left and what an invigilator did; asked every half minute and after a sleep.

    `after` in the address is the last message the page has shown.
    """
    now = timezone.now()
    attempt = _own(request, pk)
    part = attempt.parts.filter(opened_at__isnull=False, closed_at=None).first()
    services.note_seen(attempt=attempt, at=now)
    whole = attempt.ends_at(now)
    ends_at = part.ends_at(now) if part else whole
    return JsonResponse(
        {
            "remaining": seconds_until(ends_at, now),
            "ends": timezone.localtime(ends_at).strftime("%H:%M"),
            "whole": seconds_until(whole, now),
            "part": part.number if part else 0,
            "open": attempt.is_open,
            "paused": attempt.is_paused,
            "elsewhere": attempt.is_elsewhere(device_of(request)),
            "messages": queries.messages_after(attempt, _number(request.GET.get("after", ""))),
        }
    )


@allow(SIGNED_IN)
@require_POST
@never_cache
def left(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the page went out of sight; a person may read it, nothing follows from it."""
    services.note_leaving(attempt=_own(request, pk), at=timezone.now())
    return HttpResponse(status=204)


def _own(request: HttpRequest, pk: int) -> Attempt:
    attempt = (
        Attempt.objects.of(request.user).filter(pk=pk).select_related("exam").defer("exam__reference_form").first()
    )
    if attempt is None:
        raise Http404
    return attempt


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _acknowledgement(saved: services.Saved, now: datetime) -> dict[str, Any]:
    return {
        "revision": saved.revision,
        "value": saved.value,
        "saved": timezone.localtime(saved.saved_at).strftime("%H:%M:%S") if saved.saved_at else "",
        "remaining": round((saved.deadline - now).total_seconds(), 1),
    }


def _refusal(refusal: services.Refused, pk: int) -> dict[str, Any]:
    return {"code": refusal.code, "message": str(refusal), "url": reverse("assessments:attempt", args=[pk])}


def _status(refusal: services.Refused) -> int:
    """423: not here or not now, but nothing is lost; 410: over."""
    if isinstance(refusal, services.InvalidAnswer):
        return 400
    return 423 if isinstance(refusal, services.Paused | services.TakenOver | services.OtherBrowser) else 410
