"""Marking written answers: how much waits, one answer at a time with its guide, and taking a mark back.

No page here holds a name, a staff number or the id of an attempt.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import permissions, queries, services
from assessments.forms import points_from
from assessments.models import ItemVersion, MarkingTask
from training.lib.access import allow, roles

MARKERS = roles(*permissions.MARKERS)


@allow(MARKERS)
@require_safe
@never_cache
def queues(request: HttpRequest) -> HttpResponse:
    """List the questions whose answers people mark, with what waits for the marker, and their last marks."""
    now = timezone.now()
    found = queries.queues_of(request.user, at=now)
    return render(request, "assessments/marking.html", {
        "queues": found,
        "waiting": sum(queue.waiting for queue in found),
        "latest": queries.latest_marks(request.user, since=now - services.UNDO_FOR),
    })  # fmt: skip


@allow(MARKERS)
@require_POST
def take(request: HttpRequest, version: int) -> HttpResponse:
    """Take the next answer to a question."""
    wanted = get_object_or_404(ItemVersion, pk=version)
    try:
        task = services.take_next(marker=request.user, version=wanted, at=timezone.now())
    except services.NothingLeft as nothing:
        messages.info(request, str(nothing))
        return redirect("assessments:marking")
    return redirect("assessments:mark", task.ref)


@allow(MARKERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mark(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an answer the marker has in hand, or mark it and go to the next."""
    now = timezone.now()
    points, comment = points_from(request.POST), request.POST.get("comment", "")
    try:
        shown = queries.answer_to_mark(request.user, ref, at=now, given=points)
        if request.method == "POST":
            services.mark_answer(marker=request.user, ref=ref, points=points, comment=comment, at=now)
            return _next(request, shown.version)
        if not queries.waiting_for(request.user, at=now).filter(ref=ref, taken_by=request.user).exists():
            raise services.NotYours
    except MarkingTask.DoesNotExist as error:
        raise Http404 from error
    except services.NotYours as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:marking")
    except services.Refused as refusal:
        return _page(request, shown, comment, error=str(refusal))
    return _page(request, shown, comment)


@allow(MARKERS)
@require_POST
def put_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Leave an answer to somebody else."""
    _own(request, ref)
    services.put_back(marker=request.user, ref=ref)
    return redirect("assessments:marking")


@allow(MARKERS)
@require_POST
def take_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Take one's own mark back and mark the answer anew."""
    _own(request, ref)
    try:
        services.take_back(marker=request.user, ref=ref, at=timezone.now())
    except MarkingTask.DoesNotExist as error:
        raise Http404 from error
    except services.TooLate as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:marking")
    return redirect("assessments:mark", ref)


def _own(request: HttpRequest, ref: str) -> None:
    if not permissions.tasks_for(request.user, today=timezone.localdate()).filter(ref=ref).exists():
        raise Http404


def _next(request: HttpRequest, version: ItemVersion) -> HttpResponse:
    try:
        task = services.take_next(marker=request.user, version=version, at=timezone.now())
    except services.NothingLeft:
        messages.success(request, _("Marked. No answer to this question waits for you now."))
        return redirect("assessments:marking")
    messages.success(request, _("Marked. Here is the next answer."))
    return redirect("assessments:mark", task.ref)


def _page(request: HttpRequest, shown: queries.AnswerToMark, comment: str, error: str = "") -> HttpResponse:
    since = timezone.now() - services.UNDO_FOR
    context: dict[str, Any] = {
        "answer": shown,
        "comment": comment,
        "error": error,
        "most": services.LONGEST_COMMENT,
        "last": next(iter(queries.latest_marks(request.user, since=since)), None),
    }
    return render(request, "assessments/mark.html", context, status=400 if error else 200)
