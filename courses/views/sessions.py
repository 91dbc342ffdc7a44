"""Training sessions: which there are, planning them, and who was there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import permissions, previews
from courses.forms import CancelForm, RollForm, SessionFilterForm, SessionForm
from courses.models import Attendance, TrainingSession
from courses.queries import sessions as queries
from courses.services import attendance
from courses.services import sessions as services
from training.lib.access import SIGNED_IN, allow, roles
from training.lib.previewed import previewed
from training.lib.texts import text_in
from training.people.models import Role

PER_PAGE = 50
ROLL_PER_PAGE = 100
PLANNERS = roles(*permissions.PLANNERS)
REFUSALS = (services.SessionRefused,)


@allow(SIGNED_IN)
@require_safe
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions one is invited to, gives or watches; the filter is in the address."""
    now = timezone.now()
    form = SessionFilterForm(request.GET, viewer=request.user)
    wanted = form.wanted()
    found = queries.sessions_list(request.user, wanted, now=now)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page": page,
        "rows": [(session, queries.Audience.of(session)) for session in page.object_list],
        "is_past": wanted.when == "past",
        "may_plan": bool(permissions.PLANNERS & request.user.role_names),
        "today": timezone.localdate(now),
    }
    return render(request, "courses/sessions/list.html", context)


@allow(PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session, or put one on record that was held."""
    now = timezone.now()
    form = SessionForm(request.POST or None, by=request.user, now=now)
    if request.method == "POST" and form.is_valid():
        told = {"trainers": form.cleaned_data["trainers"], "audience": form.audience(), "by": request.user, "at": now}
        if form.cleaned_data["until"]:
            return _series(request, form, services.plan_weekly(days=form.days(), **told, **form.facts()))
        session = services.plan_session(**told, **form.facts())
        told = _("The session is planned, and those invited are told.")
        messages.success(request, told if session.starts_at > now else _("The session is on record. Mark who came."))
        return redirect("courses:session", session.pk)
    context = {"form": form, "session": None}
    return render(request, "courses/sessions/form.html", context, status=400 if form.errors else 200)


def _series(request: HttpRequest, form: SessionForm, planned: list[TrainingSession]) -> HttpResponse:
    count, left_out = len(planned), form.weeks - len(planned)
    told = ngettext("%(n)d session is planned.", "%(n)d sessions are planned.", count) % {"n": count}
    if left_out:
        why = ngettext(
            "%(n)d week is left out: the day is not worked.",
            "%(n)d weeks are left out: the day is not worked.",
            left_out,
        )
        told = f"{told} {why % {'n': left_out}}"
    messages.success(request, told)
    return redirect("courses:sessions")


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a session whose list is open."""
    session, now = _kept(request, pk), timezone.now()
    if session.state != TrainingSession.State.PLANNED:
        raise Http404
    form = SessionForm(request.POST or None, by=request.user, now=now, session=session)
    if request.method == "POST" and form.is_valid():
        trainers, audience = form.cleaned_data["trainers"], form.audience()
        try:
            services.change_session(
                session=session, trainers=trainers, audience=audience, by=request.user, at=now, **form.facts()
            )
        except services.SessionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is changed."))
            return redirect("courses:session", session.pk)
    context = {"form": form, "session": session}
    return render(request, "courses/sessions/form.html", context, status=400 if form.errors else 200)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a session off, after a look at whom that concerns."""
    session, now = _kept(request, pk), timezone.now()
    page = previewed(
        request,
        form=CancelForm(request.POST or None),
        do=lambda facts: services.cancel_session(session=session, reason=facts["reason"], by=request.user, at=now),
        foresee=lambda _facts: previews.of_cancelling(session),
        refusals=REFUSALS,
        context=_previewed(session, _("Call the session off"), _("Call it off"), danger=True),
    )
    if page is not None:
        return page
    messages.success(request, _("The session is called off."))
    return redirect("courses:session", session.pk)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the attendance list, after a look at who is not marked."""
    session, now = _kept(request, pk), timezone.now()
    page = previewed(
        request,
        form=forms.Form(request.POST if request.method == "POST" else None),
        do=lambda _facts: attendance.close(session=session, by=request.user, at=now),
        foresee=lambda _facts: previews.of_closing(session),
        refusals=REFUSALS,
        context=_previewed(session, _("Close the attendance list"), _("Close the list")),
    )
    if page is not None:
        return page
    messages.success(request, _("The list is closed. A correction needs a reason now."))
    return redirect("courses:session", session.pk)


@allow(SIGNED_IN)
@require_safe
@never_cache
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one session: its facts, one's own attendance, and the list of those one sees."""
    found = _seen(request, pk)
    return _page(request, found)


@allow(SIGNED_IN)
@require_POST
@never_cache
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who was there, as the list says; what is typed stays when something is wrong."""
    found, now = _kept(request, pk), timezone.now()
    people = _roll(request, found).filter(pk__in=RollForm.keys_in(request.POST) or _on_page(request, found))
    form = RollForm(request.POST, session=found, people=people)
    if form.is_valid():
        rest = Attendance.State.PRESENT if request.POST.get("rest") == "present" else ""
        try:
            changed = attendance.mark(
                session=found,
                marks=form.marks(rest=rest),
                how=Attendance.How.MANUAL,
                by=request.user,
                at=now,
                reason=form.cleaned_data.get("reason", ""),
            )
        except services.SessionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = ngettext("%(n)d mark is written.", "%(n)d marks are written.", changed) % {"n": changed}
            messages.success(request, told if changed else _("Nothing has changed."))
            return redirect(f"{reverse('courses:session', args=[pk])}?{request.GET.urlencode()}")
    return _page(request, found, form=form, status=400)


def _page(
    request: HttpRequest, found: TrainingSession, *, form: RollForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    keeps = permissions.sessions_kept(request.user, today=today).filter(pk=found.pk).exists()
    sees = keeps or bool(permissions.WATCHERS & request.user.role_names)
    page = Paginator(_roll(request, found), ROLL_PER_PAGE).get_page(request.GET.get("page")) if sees else None
    if keeps and page is not None and form is None:
        form = RollForm(session=found, people=page.object_list)
    context = {
        "session": found,
        "audience": queries.Audience.of(found),
        "own": found.attendances.filter(person=request.user).first(),
        "keeps": keeps,
        "counts": queries.counts(found) if keeps else {},
        "page": page,
        "form": form,
        "words": _words(request),
        "is_open": found.opens_at <= now <= found.shuts_at,
        "has_ended": now >= found.ends_at,
        "may_correct": not found.closed_at or now <= found.closed_at + attendance.CORRECTED_FOR,
        "may_import": Role.HR in request.user.role_names,
        "import_url": reverse("people:import_kind", args=["attendance"]),
        "unit_title": queries.title_of(found),
        "states": Attendance.State.choices,
        "today": today,
    }
    return render(request, "courses/sessions/session.html", context, status=status)


def _roll(request: HttpRequest, found: TrainingSession) -> Any:
    return queries.roll(found, viewer=request.user, today=timezone.localdate(), words=_words(request))


def _on_page(request: HttpRequest, found: TrainingSession) -> list[int]:
    page = Paginator(_roll(request, found), ROLL_PER_PAGE).get_page(request.GET.get("page"))
    return [person.pk for person in page.object_list]


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:100]


def _previewed(session: TrainingSession, title: str, verb: str, *, danger: bool = False) -> dict[str, Any]:
    return {
        "title": title,
        "verb": verb,
        "danger": danger,
        "lede": str(session),
        "back_url": reverse("courses:session", args=[session.pk]),
        "back_label": text_in(session.title),
    }


def _seen(request: HttpRequest, pk: int) -> TrainingSession:
    found = permissions.sessions_seen(request.user, today=timezone.localdate())
    return get_object_or_404(found.select_related("unit__course", "closed_by"), pk=pk)


def _kept(request: HttpRequest, pk: int) -> TrainingSession:
    kept = permissions.sessions_kept(request.user, today=timezone.localdate())
    return get_object_or_404(kept.select_related("unit__course", "closed_by"), pk=pk)
