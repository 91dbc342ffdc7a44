"""While a session runs: who is there, how far they are, and what an invigilator can do for them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import permissions, queries, services
from assessments.forms import MinutesForm, ReasonForm
from assessments.models import Attempt, ExamSession
from training.lib.access import allow, roles

WATCHERS = roles(*permissions.WATCHERS)


@allow(WATCHERS)
@require_safe
@never_cache
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the session; the board in it is drawn anew every few seconds."""
    watched, today = _session(request, pk), timezone.localdate()
    paper = queries.fixed_paper(watched.exam, on=today, until=today) if watched.exam.is_fixed else None
    return render(request, "assessments/session.html", {**_context(request, watched), "paper": paper})


@allow(WATCHERS)
@require_safe
@never_cache
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the board alone."""
    return render(request, "assessments/_board.html", _context(request, _session(request, pk)))


@allow(WATCHERS)
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do something for one candidate, or for all that run: time, pause, resume, message."""
    if action not in ACTS:
        raise Http404
    watched = _session(request, pk)
    form = (MinutesForm if action == "time" else ReasonForm)(request.POST)
    form.fields["text"].required = action != "resume"
    if not form.is_valid():
        said = [error for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(map(str, said)))
        return redirect("assessments:session", pk)
    try:
        done = ACTS[action](request, watched, _chosen(watched, form.cleaned_data["attempt"]), form.cleaned_data)
        messages.success(request, done)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:session", pk)


def _session(request: HttpRequest, pk: int) -> ExamSession:
    return get_object_or_404(permissions.sessions_of(request.user).select_related("exam"), pk=pk)


def _context(request: HttpRequest, watched: ExamSession) -> dict[str, Any]:
    now = timezone.now()
    return {
        "session": watched,
        "board": queries.board_of(watched, now=now),
        "now": now,
        "is_running": watched.is_open(now),
        "may_plan": permissions.may_plan(request.user),
    }


def _chosen(watched: ExamSession, attempt: int | None) -> QuerySet[Attempt] | None:
    """Return the one attempt that was meant, or None for all; another session's is not found."""
    if attempt is None:
        return None
    chosen = watched.attempts.filter(pk=attempt)
    if not chosen.exists():
        raise Http404
    return chosen


def _time(request: HttpRequest, watched: ExamSession, chosen: QuerySet[Attempt] | None, facts: dict[str, Any]) -> str:
    given = {"minutes": facts["minutes"], "reason": facts["text"], "by": request.user, "at": timezone.now()}
    if chosen is None:
        number = services.give_everybody_time(session=watched, **given)
    else:
        number = services.give_time(attempts=chosen, **given)
    words = ngettext(
        "%(n)d candidate has %(minutes)d more minutes.", "%(n)d candidates have %(minutes)d more minutes.", number
    )
    return words % {"n": number, "minutes": facts["minutes"]}


def _pause(request: HttpRequest, watched: ExamSession, chosen: QuerySet[Attempt] | None, facts: dict[str, Any]) -> str:
    number = services.pause(attempts=_all(watched, chosen), reason=facts["text"], by=request.user, at=timezone.now())
    return ngettext("%(n)d exam is paused.", "%(n)d exams are paused.", number) % {"n": number}


def _resume(
    request: HttpRequest, watched: ExamSession, chosen: QuerySet[Attempt] | None, _facts: dict[str, Any]
) -> str:
    number = services.resume(attempts=_all(watched, chosen), by=request.user, at=timezone.now())
    return ngettext("%(n)d exam goes on.", "%(n)d exams go on.", number) % {"n": number}


def _message(
    request: HttpRequest, watched: ExamSession, chosen: QuerySet[Attempt] | None, facts: dict[str, Any]
) -> str:
    number = services.send_message(
        attempts=_all(watched, chosen), text=facts["text"], by=request.user, at=timezone.now()
    )
    return ngettext("%(n)d candidate gets the message.", "%(n)d candidates get the message.", number) % {"n": number}


def _all(watched: ExamSession, chosen: QuerySet[Attempt] | None) -> QuerySet[Attempt]:
    return watched.attempts.open() if chosen is None else chosen


ACTS: dict[str, Callable[..., str]] = {"time": _time, "pause": _pause, "resume": _resume, "message": _message}
