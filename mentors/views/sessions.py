"""Logging a session, reading it, answering it, taking it back."""

from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mentors import permissions, services
from mentors.forms import CountersignForm, LogForm
from mentors.forms.session_log import preset, preset_again
from mentors.models import CoachingSession, Mentorship
from mentors.queries import mentorships as cards
from mentors.queries import timeline
from training.lib.access import SIGNED_IN, allow
from training.lib.templatetags.words import moment

from .fetching import fetch_mentorship, fetch_session, keep_reading


@allow(SIGNED_IN)
@never_cache
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a session, as the teacher: everything preset but what only they know."""
    chosen = fetch_mentorship(request, pk)
    if chosen.teacher.person_id != request.user.pk:
        raise PermissionDenied
    if not (chosen.is_running and chosen.is_agreed):
        raise Http404
    form = LogForm(request.POST or None, mentorship=chosen, initial=_initial(request, chosen))
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.log_session(
                client_uuid=form.cleaned_data["client_uuid"],
                mentorship=chosen,
                facts=form.facts(),
                by=request.user,
                at=timezone.now(),
            )
        except services.TakenBackError as refusal:
            form.renew()
            form.add_error(None, str(refusal))
        except services.CoachingError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{reverse('mentors:mentorship', args=[pk])}?saved={saved.pk}")
    return _log_page(request, chosen, form)


@allow(SIGNED_IN)
@require_safe
@never_cache
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session; its mentee can answer it here."""
    return _session_page(request, fetch_session(request, pk), CountersignForm())


@allow(SIGNED_IN)
@require_POST
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a session or disagree, as its mentee."""
    chosen = fetch_session(request, pk)
    form = CountersignForm(request.POST)
    if chosen.mentorship.mentee_id != request.user.pk:
        raise PermissionDenied
    if not form.is_valid():
        return _session_page(request, chosen, form)
    try:
        services.countersign(
            session=chosen,
            by=request.user,
            agreed=form.cleaned_data["answer"] == "agree",
            note=form.cleaned_data["note"],
            at=timezone.now(),
        )
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your answer is saved."))
    return redirect("mentors:session", pk=pk)


@allow(SIGNED_IN)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a session back, as whoever logged it; the log opens again with what was entered."""
    chosen = fetch_session(request, pk)
    try:
        services.withdraw_session(session=chosen, by=request.user, at=timezone.now())
    except services.NotYoursError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.CoachingError as refusal:
        messages.error(request, str(refusal))
        return redirect("mentors:session", pk=pk)
    messages.success(request, _("Taken back. Correct it and save it again, or leave."))
    return redirect(f"{reverse('mentors:log', args=[chosen.mentorship_id])}?again={pk}")


def _initial(request: HttpRequest, chosen: Mentorship) -> dict[str, object]:
    """Return what the form starts from: a session just taken back, else the usual."""
    again = request.GET.get("again", "")
    if again.isdecimal():
        taken_back = CoachingSession.objects.filter(
            pk=int(again), mentorship=chosen, logged_by=request.user, withdrawn_at__isnull=False
        ).first()
        if taken_back is not None:
            return preset_again(taken_back)
    return preset(now=timezone.now(), last=timeline.last_session(chosen))


def _log_page(request: HttpRequest, chosen: Mentorship, form: LogForm) -> HttpResponse:
    today = timezone.localdate()
    everybody = cards.cards(cards.taught_by(request.user).agreed(), today=today)
    context = {
        "form": form,
        "mentorship": chosen,
        "card": next(card for card in everybody if card.mentorship.pk == chosen.pk),
        "others": [card for card in everybody if card.mentorship.pk != chosen.pk],
        "last": timeline.last_session(chosen),
        "time_words": _time_words(form.time_said, today),
        "today": today,
    }
    return render(request, "mentors/log.html", context)


def _time_words(held_at: datetime | None, today: date) -> str:
    """Return "Today 10:40", or the day with its time; "" for a time that cannot be read."""
    if held_at is not None and timezone.localdate(held_at) == today:
        return _("Today %(time)s") % {"time": f"{timezone.localtime(held_at):%H:%M}"}
    return moment(held_at, today)


def _session_page(request: HttpRequest, chosen: CoachingSession, form: CountersignForm) -> HttpResponse:
    reads_notes = permissions.reads_notes(request.user, chosen.mentorship)
    if reads_notes:
        keep_reading(request, "mentors.notes_read", chosen, chosen.mentorship)
    context = {
        "view": timeline.session_view(chosen, notes=reads_notes),
        "session": chosen,
        "form": form,
        "may_answer": chosen.is_open and chosen.mentorship.mentee_id == request.user.pk,
        "may_withdraw": chosen.is_open and chosen.logged_by_id == request.user.pk,
        "today": timezone.localdate(),
    }
    return render(request, "mentors/session.html", context)
