"""Coaching at a glance, and one mentorship: answering it, ending it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentors import permissions, services
from mentors.forms import ReasonForm
from mentors.models import CoachingSession, Mentorship
from mentors.queries import mentorships as cards
from mentors.queries import timeline
from training.lib.access import SIGNED_IN, allow

from .fetching import fetch_mentorship, keep_reading

PER_PAGE = 50
ENDED_SHOWN = 20
UNDO_SECONDS = 10


@allow(SIGNED_IN)
@require_safe
@never_cache
def mentorships(request: HttpRequest) -> HttpResponse:
    """Show whom the person coaches, who coaches them, and the coaching they oversee."""
    user, today = request.user, timezone.localdate()
    learning = next(iter(cards.cards(cards.learnt_by(user), today=today)), None)
    page = Paginator(cards.overseen_by(user, today=today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "teaching": cards.cards(cards.taught_by(user), today=today),
        "learning": learning,
        "to_confirm": timeline.sessions_to_confirm(learning.mentorship) if learning else [],
        "events": timeline.timeline(learning.mentorship, notes=True) if learning else [],
        "overseen": cards.cards(page, today=today),
        "page": page,
        "ended": cards.ended_with(user)[:ENDED_SHOWN],
        "today": today,
    }
    return render(request, "mentors/list.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def mentorship(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mentorship: its phase, matters, timeline, and what the viewer may do."""
    chosen = fetch_mentorship(request, pk)
    if permissions.reads_notes(request.user, chosen):
        keep_reading(request, "mentors.notes_read", chosen, chosen)
    return _page(request, chosen)


@allow(SIGNED_IN)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a proposed mentorship."""
    chosen = fetch_mentorship(request, pk)
    try:
        services.agree(mentorship=chosen, by=request.user, at=timezone.now())
    except services.NotYoursError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You agreed. Coaching begins once both have."))
    return redirect("mentors:mentorship", pk=pk)


@allow(SIGNED_IN)
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a proposed mentorship, with a reason."""
    chosen = fetch_mentorship(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, decline_form=form)
    try:
        services.decline(mentorship=chosen, by=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
    except services.NotYoursError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You declined. HR looks for another pairing."))
    return redirect("mentors:list")


@allow(SIGNED_IN)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Break a mentorship off, as HR, with a reason."""
    chosen = fetch_mentorship(request, pk)
    if not permissions.may_end(request.user, chosen, today=timezone.localdate()):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, end_form=form)
    try:
        services.end(mentorship=chosen, by=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mentorship has ended."))
    return redirect("mentors:mentorship", pk=pk)


def _page(
    request: HttpRequest,
    chosen: Mentorship,
    *,
    decline_form: ReasonForm | None = None,
    end_form: ReasonForm | None = None,
) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    reads_notes = permissions.reads_notes(user, chosen)
    (card,) = cards.cards([chosen], today=today)
    runs = chosen.is_running and chosen.is_agreed
    side = {chosen.mentee_id: "agreed_by_mentee_at", chosen.teacher.person_id: "agreed_by_teacher_at"}.get(user.pk)
    context = {
        "card": card,
        "mentorship": chosen,
        "matters": cards.matter_states(chosen, today=today),
        "events": timeline.timeline(chosen, notes=reads_notes),
        "reads_notes": reads_notes,
        "may_answer": bool(side) and chosen.is_running and not chosen.is_agreed,
        "has_agreed": bool(side and getattr(chosen, side)),
        "may_log": runs and user.pk == chosen.teacher.person_id,
        "may_observe": runs and permissions.may_observe(user, chosen, today=today),
        "may_open_case": runs and permissions.may_open_case(user, chosen, today=today),
        "may_end": chosen.is_running and permissions.may_end(user, chosen, today=today),
        "decline_form": decline_form or ReasonForm(auto_id="decline_%s"),
        "end_form": end_form or ReasonForm(auto_id="end_%s"),
        "form": decline_form or end_form,
        "saved": _just_saved(request, chosen),
        "today": today,
    }
    return render(request, "mentors/mentorship.html", context)


def _just_saved(request: HttpRequest, chosen: Mentorship) -> dict[str, int] | None:
    """Return the session that was saved a moment ago, with the seconds Undo is offered for."""
    try:
        number = int(request.GET.get("saved", ""))
    except ValueError:
        return None
    saved = CoachingSession.objects.to_confirm().filter(mentorship=chosen, logged_by=request.user, pk=number).first()
    if saved is None:
        return None
    left = UNDO_SECONDS - int((timezone.now() - saved.logged_at).total_seconds())
    return {"pk": saved.pk, "seconds": left} if left > 0 else None
