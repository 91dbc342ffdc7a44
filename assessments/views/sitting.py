"""While the clock runs: the questions, the answers as they are given, handing in.

The pages work as plain forms. The addresses that speak JSON are for the script that saves each answer at once; both
end in the same services.
"""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, services
from assessments.forms import MalformedAnswer, SentAnswer, answer_from_form, answer_from_json
from assessments.models import Attempt
from training.lib.access import SIGNED_IN, allow

from .words import page_words


@allow(SIGNED_IN)
@require_safe
@never_cache
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where the person left off."""
    sitting = _sitting(request, pk)
    return _over(sitting.attempt) or redirect("assessments:question", pk, sitting.first_open)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Show a question; as a form, keep its answer and go where the button says."""
    sitting = _sitting(request, pk)
    if over := _over(sitting.attempt):
        return over
    shown = _question(sitting, position)
    if request.method == "POST":
        return _answered(request, sitting, shown)
    if not shown.seen:
        services.mark_seen(person=request.user, attempt_id=pk, position=position, now=timezone.now())
    return _question_page(request, sitting, shown)


@allow(SIGNED_IN)
@require_POST
@never_cache
def answer(request: HttpRequest, pk: int, position: int) -> JsonResponse:
    """Keep an answer sent by the script."""
    now = timezone.now()
    try:
        sent = answer_from_json(request.body)
        saved = services.save_answer(
            person=request.user, attempt_id=pk, position=position, revision=sent.revision, value=sent.value, now=now
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
        services.flag(person=request.user, attempt_id=pk, position=position, flagged=bool(flagged), now=timezone.now())
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
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Return all questions, so that the open page can go on without a connection."""
    sitting = _sitting(request, pk)
    if over := _over(sitting.attempt):
        return over
    questions = queries.questions_of(sitting.attempt)
    context = {"attempt": sitting.attempt, "sitting": sitting, "questions": questions}
    return render(request, "assessments/paper.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def clock(request: HttpRequest, pk: int) -> JsonResponse:
    """Tell how many seconds are left; the script asks every half minute and after the computer slept."""
    attempt = Attempt.objects.of(request.user).filter(pk=pk).only("deadline", "state").first()
    if attempt is None:
        raise Http404
    return JsonResponse({"remaining": _seconds_left(attempt.deadline, timezone.now()), "open": attempt.is_open})


@allow(SIGNED_IN)
@require_safe
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """List every question with what became of it, before handing in."""
    sitting = _sitting(request, pk)
    if over := _over(sitting.attempt):
        return over
    questions = queries.questions_of(sitting.attempt)
    show = request.GET.get("show", "")
    filters = {"flagged": lambda row: row.flagged, "unanswered": lambda row: not row.answered}
    if show in filters:
        questions = [row for row in questions if filters[show](row)]
    context = {"questions": questions, "show": show}
    return _page(request, "assessments/check.html", sitting, context)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then hand in. Handing in again leads to the same receipt."""
    if request.method == "POST":
        try:
            services.hand_in(person=request.user, attempt_id=pk, now=timezone.now())
        except Attempt.DoesNotExist as error:
            raise Http404 from error
        return redirect("assessments:receipt", pk)
    sitting = _sitting(request, pk)
    return _over(sitting.attempt) or _page(request, "assessments/hand_in.html", sitting, {})


@allow(SIGNED_IN)
@require_safe
@never_cache
def time_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the time is up and what happens to the answers."""
    sitting = _sitting(request, pk)
    if not sitting.attempt.is_open:
        return redirect("assessments:receipt", pk)
    if timezone.now() <= sitting.attempt.deadline:
        return redirect("assessments:attempt", pk)
    return _page(request, "assessments/time_up.html", sitting, {})


def _sitting(request: HttpRequest, pk: int) -> queries.Sitting:
    try:
        return queries.sitting_of(request.user, pk)
    except Attempt.DoesNotExist as error:
        raise Http404 from error


def _over(attempt: Attempt) -> HttpResponse | None:
    """Lead away from the questions of an attempt that is handed in or whose time is up."""
    if not attempt.is_open:
        return redirect("assessments:receipt", attempt.pk)
    if timezone.now() > attempt.deadline:
        return redirect("assessments:time_up", attempt.pk)
    return None


def _question(sitting: queries.Sitting, position: int) -> queries.Question:
    found = queries.questions_of(sitting.attempt, position)
    if not found:
        raise Http404
    return found[0]


def _answered(request: HttpRequest, sitting: queries.Sitting, shown: queries.Question) -> HttpResponse:
    pk, action = sitting.attempt.pk, request.POST.get("action", "save")
    place: dict[str, Any] = {"person": request.user, "attempt_id": pk, "position": shown.position}
    try:
        sent = answer_from_form(shown, request.POST)
        if action == "clear":
            sent = SentAnswer(sent.revision, None)
        services.save_answer(**place, revision=sent.revision, value=sent.value, now=timezone.now())
        if action in ("flag", "unflag"):
            services.flag(**place, flagged=action == "flag", now=timezone.now())
    except (MalformedAnswer, services.InvalidAnswer):
        error = str(services.InvalidAnswer())
        return _question_page(request, sitting, shown, error=error, status=400)
    except services.Conflict as conflict:
        newer = _question(sitting, shown.position)
        return _question_page(request, sitting, newer, error=str(conflict), status=409)
    except services.Refused:
        return redirect("assessments:attempt", pk)
    return redirect(_next_address(request, sitting, shown.position, action))


def _next_address(request: HttpRequest, sitting: queries.Sitting, position: int, action: str) -> str:
    pk = sitting.attempt.pk
    if action == "check" or (action == "next" and position >= sitting.total):
        return reverse("assessments:check", args=[pk])
    step = {"next": 1, "previous": -1}.get(action, 0)
    address = reverse("assessments:question", args=[pk, max(position + step, 1)])
    return f"{address}?from=check" if step == 0 and request.GET.get("from") == "check" else address


def _question_page(
    request: HttpRequest, sitting: queries.Sitting, shown: queries.Question, *, error: str = "", status: int = 200
) -> HttpResponse:
    from_check = request.GET.get("from") == "check"
    context = {"question": shown, "error": error, "from_check": from_check, "words": page_words()}
    return _page(request, "assessments/question.html", sitting, context, status=status)


def _page(
    request: HttpRequest, template: str, sitting: queries.Sitting, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    left = _seconds_left(sitting.attempt.deadline, timezone.now())
    frame = {"sitting": sitting, "attempt": sitting.attempt, "seconds_left": left, "words": page_words()}
    return render(request, template, frame | context, status=status)


def _seconds_left(deadline: datetime, now: datetime) -> float:
    return round((deadline - now).total_seconds(), 1)


def _acknowledgement(saved: services.Saved, now: datetime) -> dict[str, Any]:
    return {
        "revision": saved.revision,
        "value": saved.value,
        "saved": timezone.localtime(saved.saved_at).strftime("%H:%M:%S") if saved.saved_at else "",
        "remaining": _seconds_left(saved.deadline, now),
    }


def _refusal(refusal: services.Refused, pk: int) -> dict[str, Any]:
    return {"code": refusal.code, "message": str(refusal), "url": reverse("assessments:attempt", args=[pk])}


def _status(refusal: services.Refused) -> int:
    return 400 if isinstance(refusal, services.InvalidAnswer) else 410
