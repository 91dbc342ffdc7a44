"""While the clock runs: the questions, checking them, handing in. The pages work as plain forms."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, services
from assessments.forms import MalformedAnswer, SentAnswer, answer_from_form
from assessments.models import Attempt
from training.lib.access import SIGNED_IN, allow

from .browsers import browser_of
from .devices import device_of, new_device, remember
from .running import detour, exam_page, sitting_of
from .words import page_words


@allow(SIGNED_IN)
@require_safe
@never_cache
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where the person left off."""
    sitting = sitting_of(request, pk)
    if away := detour(request, sitting):
        return away
    if sitting.is_through:
        return redirect("assessments:hand_in", pk)
    return redirect("assessments:question", pk, sitting.first_open)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gzip_page
def question(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Show a question; as a form, keep its answer and go where the button says."""
    sitting = sitting_of(request, pk)
    if away := detour(request, sitting):
        return away
    shown = _question(sitting, position)
    if position not in sitting.readable:  # of another part, or not its turn: never shown
        return redirect("assessments:attempt", pk)
    if request.method == "POST":
        return _answered(request, sitting, shown)
    if not shown.seen:
        services.mark_seen(person=request.user, attempt_id=pk, position=position, now=timezone.now())
    return _question_page(request, sitting, shown)


@allow(SIGNED_IN)
@require_POST
@never_cache
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on in this browser; the one before answers no more."""
    device = device_of(request) or new_device()
    try:
        services.take_over(person=request.user, attempt_id=pk, device=device, at=timezone.now())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except services.Refused:
        return redirect("assessments:attempt", pk)
    return remember(redirect("assessments:attempt", pk), device)


@allow(SIGNED_IN)
@require_safe
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """List every question of the part with what became of it, before going on or handing in."""
    sitting = sitting_of(request, pk)
    if away := detour(request, sitting):
        return away
    if sitting.in_order:  # there is nothing to go back to
        return redirect("assessments:go_on" if sitting.next_part else "assessments:hand_in", pk)
    questions = queries.questions_shown(sitting)
    show = request.GET.get("show", "")
    filters = {"flagged": lambda row: row.flagged, "unanswered": lambda row: not row.answered and not row.is_played}
    if show in filters:
        questions = [row for row in questions if filters[show](row)]
    context = {"questions": questions, "show": show}
    return exam_page(request, "assessments/check.html", sitting, context)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then close the part and open the next; once the time of the part is up there is nothing to ask."""
    sitting, now = sitting_of(request, pk), timezone.now()
    is_up = sitting.part is not None and sitting.part.is_over(now)
    if request.method == "POST":
        # Sent by itself because the time was up, and more was given meanwhile: then the part goes on.
        if is_up or "up" not in request.POST:
            _go_on(request, pk, now)
        return redirect("assessments:attempt", pk)
    away = None if is_up and not sitting.attempt.is_over(now) else detour(request, sitting)
    if away or sitting.next_part is None:
        return away or redirect("assessments:hand_in", pk)
    return exam_page(request, "assessments/go_on.html", sitting, {"is_up": is_up})


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then hand in. Handing in again leads to the same receipt."""
    if request.method == "POST":
        try:
            services.hand_in(person=request.user, attempt_id=pk, now=timezone.now(), browser=browser_of(request))
        except Attempt.DoesNotExist as error:
            raise Http404 from error
        except services.Refused:
            return redirect("assessments:attempt", pk)
        return redirect("assessments:receipt", pk)
    sitting = sitting_of(request, pk)
    if away := detour(request, sitting):
        return away
    if sitting.next_part:
        return redirect("assessments:go_on", pk)
    return exam_page(request, "assessments/hand_in.html", sitting, {})


@allow(SIGNED_IN)
@require_safe
@never_cache
def time_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the time is up and what happens to the answers."""
    sitting = sitting_of(request, pk)
    if not sitting.attempt.is_open:
        return redirect("assessments:receipt", pk)
    if not sitting.attempt.is_over(timezone.now()):
        return redirect("assessments:attempt", pk)
    return exam_page(request, "assessments/time_up.html", sitting.whole, {})


def _go_on(request: HttpRequest, pk: int, now: datetime) -> None:
    number = request.POST.get("part", "")
    part = int(number) if number.isdecimal() and len(number) < 4 else 0
    with suppress(services.Refused):  # the page it leads to says what stands in the way
        services.begin_next_part(person=request.user, attempt_id=pk, number=part, now=now, browser=browser_of(request))


def _question(sitting: queries.Sitting, position: int) -> queries.Question:
    found = queries.questions_of(sitting.attempt, position)
    if not found:
        raise Http404
    return found[0]


def _answered(request: HttpRequest, sitting: queries.Sitting, shown: queries.Question) -> HttpResponse:
    pk, action = sitting.attempt.pk, request.POST.get("action", "save")
    place: dict[str, Any] = {
        "person": request.user,
        "attempt_id": pk,
        "position": shown.position,
        "browser": browser_of(request),
    }
    try:
        sent = answer_from_form(shown, request.POST)
        if action == "clear":
            sent = SentAnswer(sent.revision, None)
        services.save_answer(**place, revision=sent.revision, value=sent.value, now=timezone.now())
        if action in ("flag", "unflag"):
            services.flag(**place, flagged=action == "flag", now=timezone.now())
        if action == "next" and sitting.in_order:
            services.leave_question(**place, now=timezone.now())
    except services.AnswerFirst as refusal:
        return _question_page(request, sitting, _question(sitting, shown.position), error=str(refusal), status=400)
    except (MalformedAnswer, services.InvalidAnswer):
        error = str(services.InvalidAnswer())
        return _question_page(request, sitting, shown, error=error, status=400)
    except services.Conflict as conflict:
        newer = _question(sitting, shown.position)
        return _question_page(request, sitting, newer, error=str(conflict), status=409)
    except services.Refused:
        return redirect("assessments:attempt", pk)
    if action == "next" and sitting.adaptive:  # whatever was chosen to follow
        return redirect("assessments:attempt", pk)
    return redirect(_next_address(request, sitting, shown.position, action))


def _next_address(request: HttpRequest, sitting: queries.Sitting, position: int, action: str) -> str:
    pk = sitting.attempt.pk
    if action == "check" or (action == "next" and position >= sitting.last):
        return reverse("assessments:check", args=[pk])
    step = {"next": 1, "previous": -1}.get(action, 0)
    address = reverse("assessments:question", args=[pk, max(position + step, sitting.first)])
    return f"{address}?from=check" if step == 0 and request.GET.get("from") == "check" else address


def _question_page(
    request: HttpRequest, sitting: queries.Sitting, shown: queries.Question, *, error: str = "", status: int = 200
) -> HttpResponse:
    from_check = request.GET.get("from") == "check"
    context = {"question": shown, "error": error, "from_check": from_check, "words": page_words()}
    return exam_page(request, "assessments/question.html", sitting, context, status=status)
