"""The code in the room: the trainer's screen shows it, whoever is there marks themselves present by it."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses import permissions
from courses.forms import CodeForm
from courses.models import TrainingSession
from courses.queries.sessions import counts
from courses.services import checking_in
from training.lib.access import SIGNED_IN, allow
from training.lib.codes import grouped, plain
from training.lib.qr import qr_svg
from training.people.models import User
from training.people.services import Limit, count_failure, is_exhausted

WRONG_CODES, WITHIN = 10, timedelta(minutes=5)
TOO_MANY = "too-many"
STATUSES = {"expired": 410, "already": 200, TOO_MANY: 429}


@allow(SIGNED_IN)
@require_safe
@never_cache
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code of the minute, large enough for a room; the page renews itself, with and without scripts."""
    now = timezone.now()
    kept = permissions.sessions_kept(request.user, today=timezone.localdate(now))
    session = get_object_or_404(kept.filter(cancelled_at=None, closed_at=None), pk=pk)
    is_open = session.opens_at <= now <= session.shuts_at
    code = checking_in.code_at(session, now)
    address = f"{settings.PUBLIC_URL}{reverse('courses:check_in', args=[session.pk, code])}"
    there = counts(session)
    context = {
        "session": session,
        "is_open": is_open,
        "is_over": now > session.shuts_at,
        # drawn by the library from an address of ours
        "drawing": mark_safe(qr_svg(address).decode()) if is_open else "",  # noqa: S308
        "code": grouped(code),
        "typed_at": f"{settings.PUBLIC_URL}{reverse('courses:here')}",
        "there": there.get("present", 0) + there.get("late", 0),
        "seconds": checking_in.seconds_left(now) + 1,
    }
    part = "courses/sessions/_code.html" if request.headers.get("HX-Request") else "courses/sessions/code.html"
    return render(request, part, context)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def here(request: HttpRequest) -> HttpResponse:
    """Take a code that was typed, for those without a camera, and lead to its session."""
    now, form = timezone.now(), CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        session = None if _guesses(request.user) else checking_in.session_by_code(code, at=now)
        if session is not None:
            return redirect("courses:check_in", pk=session.pk, code=code)
        _count_wrong(request.user)
        form.add_error("code", str(checking_in.Expired()))
    return render(request, "courses/sessions/here.html", {"form": form}, status=400 if form.errors else 200)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_in(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Ask whoever has scanned the code to confirm that they are there, and mark them present on the POST."""
    now, person = timezone.now(), request.user
    session = TrainingSession.objects.filter(pk=pk).first()
    if session is None:
        return _refused(request, None, checking_in.Expired())
    if _guesses(person):
        return _page(request, None, {"reason": TOO_MANY, "said": _("Too many wrong codes. Wait five minutes.")})
    code = plain(code)
    try:
        if request.method == "POST":
            row = checking_in.check_in(session=session, code=code, person=person, at=now)
            told = _("You are marked as late.") if row.state == row.State.LATE else _("You are marked as present.")
            messages.success(request, told)
            return redirect("courses:session", session.pk)
        is_invited = checking_in.admissible(session=session, code=code, person=person, at=now)
    except checking_in.CheckInRefused as refusal:
        return _refused(request, session, refusal)
    return _page(request, session, {"is_guest": not is_invited})


def _refused(
    request: HttpRequest, session: TrainingSession | None, refusal: checking_in.CheckInRefused
) -> HttpResponse:
    if isinstance(refusal, checking_in.Expired):
        _count_wrong(request.user)
        session = None  # who has no code of now learns nothing about the session
    return _page(request, session, {"reason": refusal.code, "said": str(refusal)})


def _page(request: HttpRequest, session: TrainingSession | None, more: dict[str, object]) -> HttpResponse:
    reason = more.get("reason", "")
    status = STATUSES.get(str(reason), 409) if reason else 200
    context = {"session": session, "today": timezone.localdate(), **more}
    return render(request, "courses/sessions/check_in.html", context, status=status)


def _limit(person: User) -> list[Limit]:
    return [Limit("check-in code", WRONG_CODES, WITHIN, str(person.pk))]


def _guesses(person: User) -> bool:
    return is_exhausted(_limit(person), at=timezone.now())


def _count_wrong(person: User) -> None:
    count_failure(_limit(person), at=timezone.now())
