"""What happened in a mentorship; what was said in coaching only for those who may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentors.models import CoachingSession, Criterion, EntrustmentCase, Mentorship, Observation
from training.lib.templatetags.words import day
from training.lib.texts import text_in

from .progress import ACCEPTABLE


@dataclass(frozen=True)
class Event:
    """One entry of the timeline; `done` is false while somebody must still answer or decide."""

    at: datetime
    title: str
    note: str
    url: str
    done: bool


@dataclass(frozen=True)
class Notes:
    """What mentee, teacher and the panel of an open sign-off read of a session, and nobody else."""

    seen: list[Criterion]
    not_responding: bool
    note: str
    strengths: str
    next_action: str
    next_action_by: date | None
    reply_note: str


@dataclass(frozen=True)
class SessionView:
    """A session as one viewer sees it: facts for everybody who may open it, `notes` None for those who may not read."""

    session: CoachingSession
    level_words: str
    notes: Notes | None


def timeline(mentorship: Mentorship, *, notes: bool) -> list[Event]:
    """Return what happened, newest first (four queries); next steps are told only with `notes`."""
    events = [*_beginning(mentorship), *_sessions(mentorship, notes=notes), *_observations(mentorship)]
    events += _cases(mentorship)
    if mentorship.ended_on:
        ended = timezone.make_aware(datetime.combine(mentorship.ended_on, time.max))
        events.append(Event(ended, str(Mentorship.Outcome(mentorship.outcome).label), "", "", done=True))
    return sorted(events, key=lambda event: event.at, reverse=True)


def session_view(session: CoachingSession, *, notes: bool) -> SessionView:
    """Return the session with its notes left out unless the viewer may read them."""
    told = None
    if notes:
        told = Notes(
            seen=[rating.criterion for rating in session.ratings.select_related("criterion").order_by("pk")],
            not_responding=session.not_responding,
            note=session.note,
            strengths=session.strengths,
            next_action=session.next_action,
            next_action_by=session.next_action_by,
            reply_note=session.reply_note,
        )
    return SessionView(session, level_words(session.level), told)


def level_words(level: int | None) -> str:
    """Return "3 Prompted now and then", or that it was not observed."""
    return _("Not observed") if level is None else f"{level} {CoachingSession.Help(level).label}"


def sessions_to_confirm(mentorship: Mentorship) -> list[CoachingSession]:
    """Return the sessions that wait for the mentee, the oldest first."""
    waiting = CoachingSession.objects.to_confirm().filter(mentorship=mentorship)
    return list(waiting.select_related("matter").order_by("held_at"))


def last_session(mentorship: Mentorship) -> CoachingSession | None:
    """Return the session held last, from whose matter the next log starts."""
    standing = CoachingSession.objects.standing().filter(mentorship=mentorship)
    return standing.select_related("matter").order_by("-held_at", "-pk").first()


def _beginning(mentorship: Mentorship) -> Iterator[Event]:
    if mentorship.is_agreed:
        agreed = max(filter(None, (mentorship.agreed_by_mentee_at, mentorship.agreed_by_teacher_at)))
        yield Event(agreed, _("Both agreed, coaching began"), "", "", done=True)


def _sessions(mentorship: Mentorship, *, notes: bool) -> Iterator[Event]:
    for session in CoachingSession.objects.standing().filter(mentorship=mentorship).select_related("matter"):
        facts = [session.get_kind_display(), _("%(n)s min") % {"n": session.minutes}, level_words(session.level)]
        if session.reply == CoachingSession.Reply.DISAGREED:
            facts.append(_("the mentee disagrees"))
        elif session.countersigned_at is None:
            facts.append(_("waits for the mentee"))
        if notes and session.next_action:
            facts.append(_("next: %(step)s") % {"step": session.next_action})
        yield Event(
            session.held_at,
            _("Session: %(matter)s") % {"matter": session.matter},
            " · ".join(map(str, facts)),
            reverse("mentors:session", args=[session.pk]),
            done=session.countersigned_at is not None,
        )


def _observations(mentorship: Mentorship) -> Iterator[Event]:
    rows = Observation.objects.filter(mentorship=mentorship).select_related("rubric", "observer")
    for row in rows.prefetch_related("ratings"):
        rated = [rating.rating for rating in row.ratings.all() if rating.rating is not None]
        fine = sum(rating >= ACCEPTABLE for rating in rated)
        facts = [
            str(row.get_kind_display()),
            str(row.observer),
            _("%(fine)s of %(rated)s criteria acceptable") % {"fine": fine, "rated": len(rated)},
        ]
        yield Event(
            row.recorded_at,
            _("Observation: %(rubric)s") % {"rubric": text_in(row.rubric.name)},
            " · ".join(facts),
            reverse("mentors:observation", args=[row.pk]),
            done=True,
        )


def _cases(mentorship: Mentorship) -> Iterator[Event]:
    for case in mentorship.cases.select_related("matter").prefetch_related("decisions"):
        if case.state == EntrustmentCase.State.OPEN:
            given = len(case.decisions.all())
            note = ngettext("%(n)s of two has decided", "%(n)s of two have decided", given) % {"n": given}
        else:
            note = _("%(verdict)s, opened %(day)s") % {
                "verdict": case.get_state_display(),
                "day": day(case.opened_at),
            }
        yield Event(
            case.closed_at or case.opened_at,
            _("Sign-off: %(matter)s") % {"matter": case.matter},
            note,
            reverse("mentors:case", args=[case.pk]),
            done=case.state != EntrustmentCase.State.OPEN,
        )
