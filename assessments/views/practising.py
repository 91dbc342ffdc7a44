"""Practising: one question after the other with an explanation at once. The pages work as plain forms."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, services
from assessments.forms.answers import MalformedAnswer
from assessments.forms.practice import is_move, practice_answer
from assessments.models import ItemVersion, PracticeRun
from assessments.scoring import marking
from training.lib.access import SIGNED_IN, allow

from .words import page_words


@allow(SIGNED_IN)
@require_safe
@never_cache
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where the person left off; of a run that has ended, show what came of it."""
    state = _own(request, pk)
    if state.run.ended_at is None:
        return redirect("assessments:practice_question", pk, state.first_open)
    sums = queries.practice_sums(state.run, on=timezone.localdate())
    context = {
        "run": state.run,
        "sums": sums,
        "total": state.total,
        "at_once": sum(row.at_once for row in sums),
    }
    return render(request, "assessments/practice_end.html", context)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Show a question of a run; check its answer, or open it again."""
    state = _own(request, pk)
    if not 1 <= position <= state.total:
        raise Http404
    if state.run.ended_at is not None:
        return redirect("assessments:practice_run", pk)
    draw = partial(queries.run_card, state.run, position, language=get_language(), on=timezone.localdate())
    if request.method != "POST":
        return _run_page(request, state, draw())
    answer, error = None, ""
    try:
        answer = _acted(request, pk, position, draw)
    except (MalformedAnswer, services.Refused) as refusal:
        error = _said(refusal)
    if error or answer is not None or request.htmx:
        return _run_page(request, _own(request, pk), draw(shown=answer), error)
    return redirect("assessments:practice_question", pk, position)


@allow(SIGNED_IN)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a run."""
    try:
        services.end_practice(person=request.user, run_id=pk, at=timezone.now())
    except PracticeRun.DoesNotExist as error:
        raise Http404 from error
    return redirect("assessments:practice_run", pk)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def alone(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Show a question by itself and check its answer; this is what a lesson embeds. Nothing is kept.

    `back` in the address is where the page without a script leads back to.
    """
    try:
        version = queries.item_to_practise(bank, code)
    except ItemVersion.DoesNotExist as error:
        raise Http404 from error
    draw = partial(queries.alone_card, request.user, version, language=get_language(), on=timezone.localdate())
    answer, credit, error = None, None, ""
    if request.method == "POST" and request.POST.get("action") != "again":
        try:
            answer = practice_answer(lambda shown: draw(shown=shown).question, request.POST)
            if not is_move(request.POST):
                credit = services.check_alone(person=request.user, version=version, value=answer)
        except (MalformedAnswer, services.Refused) as refusal:
            error = _said(refusal)
    context = {
        "card": draw(shown=answer, credit=credit),
        "error": error,
        "back": _back(request),
        "words": page_words(),
        "address": request.get_full_path(),
    }
    if request.htmx:
        return render(request, "assessments/_practice_answer.html", context)
    return render(request, "assessments/practice_alone.html", context, status=400 if error else 200)


def _acted(request: HttpRequest, pk: int, position: int, draw: Any) -> marking.Seen:
    """Do what the button says; return an answer that is to be shown and was not checked."""
    place = {"person": request.user, "run_id": pk, "position": position, "tries": _number(request.POST.get("revision"))}
    if request.POST.get("action") == "again":
        services.try_again(**place)
        return None
    answer = practice_answer(lambda shown: draw(shown=shown).question, request.POST)
    if is_move(request.POST):
        return answer
    services.check_answer(**place, value=answer, at=timezone.now())
    return None


def _run_page(
    request: HttpRequest, state: queries.RunState, card: queries.PracticeCard, error: str = ""
) -> HttpResponse:
    position = card.question.position
    context = {
        "state": state,
        "run": state.run,
        "card": card,
        "error": error,
        "next": position + 1 if position < state.total else 0,
        "words": page_words(),
        "address": request.path,
    }
    if request.htmx:
        return render(request, "assessments/_practice_answer.html", context)
    return render(request, "assessments/practice_question.html", context, status=400 if error else 200)


def _own(request: HttpRequest, pk: int) -> queries.RunState:
    try:
        return queries.run_state(request.user, pk)
    except PracticeRun.DoesNotExist as error:
        raise Http404 from error


def _said(refusal: Exception) -> str:
    return str(services.InvalidAnswer() if isinstance(refusal, MalformedAnswer) else refusal)


def _number(text: str | None) -> int:
    if not (text and text.isascii() and text.isdecimal() and len(text) < 6):
        raise MalformedAnswer
    return int(text)


def _back(request: HttpRequest) -> str:
    """Return the page to lead back to, if it is one of ours."""
    back = request.GET.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else ""
