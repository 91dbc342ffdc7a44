"""Coaching sessions: logged once by the teacher, taken back until the mentee answers, then fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.models import CoachingSession, Criterion, Mentorship, SessionRating
from training.matters.models import ServiceMatter
from training.notices.services import notify
from training.operations.services import record
from training.people.models import User

from .errors import AlreadyDoneError, CoachingError, NotYoursError


@dataclass(frozen=True)
class SessionFacts:
    """What the teacher logs; `level` is None where it was not observed, `seen` what stood out."""

    held_at: datetime
    minutes: int
    kind: str
    matter: ServiceMatter
    level: int | None
    seen: Sequence[Criterion] = ()
    not_responding: bool = False
    cases: int | None = None
    note: str = ""
    strengths: str = ""
    next_action: str = ""
    next_action_by: date | None = None


class TakenBackError(CoachingError):
    """The session with this id was logged and taken back, so sending it again must not bring it back."""


@transaction.atomic
def log_session(
    *, client_uuid: UUID, mentorship: Mentorship, facts: SessionFacts, by: User, at: datetime
) -> CoachingSession:
    """Log a session; sending the same `client_uuid` again returns the first one and changes nothing.

    Raises `NotYoursError` unless `by` is the teacher, `TakenBackError` for an id that was taken back, `CoachingError`
    when the mentorship is not running, the time lies ahead or before its start, or the matter is none of its own.
    """
    if by.pk != mentorship.teacher.person_id:
        raise NotYoursError(_("Only the teacher logs sessions of this mentorship."))
    # Two taps at once follow one another here, and the second finds the first one's row.
    locked = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    before = CoachingSession.objects.filter(client_uuid=client_uuid).first()
    if before is not None:
        return _the_same(before, mentorship)
    _require_loggable(locked, facts, at)
    session = CoachingSession.objects.create(
        client_uuid=client_uuid,
        mentorship=mentorship,
        logged_by=by,
        logged_at=at,
        **{name: value for name, value in vars(facts).items() if name != "seen"},
    )
    SessionRating.objects.bulk_create(SessionRating(session=session, criterion=criterion) for criterion in facts.seen)
    after = {"matter": facts.matter.code, "minutes": facts.minutes, "level": facts.level}
    record(action="mentors.session_logged", by=by, subject=session, person=mentorship.mentee, at=at, after=after)
    notify(
        person=mentorship.mentee,
        kind="session.logged",
        facts={"teacher": by, "day": facts.held_at},
        path=session_path(session),
        at=at,
    )
    return session


@transaction.atomic
def withdraw_session(*, session: CoachingSession, by: User, at: datetime) -> None:
    """Take a session back, as the teacher who logged it; possible until the mentee has answered.

    Raises `NotYoursError` for anybody else, `AlreadyDoneError` when it was taken back or answered before.
    """
    if by.pk != session.logged_by_id:
        raise NotYoursError(_("Only whoever logged the session takes it back."))
    changed = CoachingSession.objects.to_confirm().filter(pk=session.pk).update(withdrawn_at=at)
    if not changed:
        raise AlreadyDoneError(_("The mentee has answered, so the session stays as it is."))
    session.withdrawn_at = at
    record(action="mentors.session_withdrawn", by=by, subject=session, person=session.mentorship.mentee, at=at)


@transaction.atomic
def countersign(*, session: CoachingSession, by: User, agreed: bool, note: str, at: datetime) -> None:
    """Confirm a session as its mentee, or disagree and say with what; it never changes afterwards.

    Raises `NotYoursError` for anybody else, `CoachingError` for disagreeing without a word, `AlreadyDoneError` when it
    was answered before or taken back meanwhile.
    """
    mentorship = session.mentorship
    if by.pk != mentorship.mentee_id:
        raise NotYoursError(_("Only the mentee countersigns a session."))
    if not agreed and not note.strip():
        raise CoachingError(_("Say with what you disagree."))
    reply = CoachingSession.Reply.AGREED if agreed else CoachingSession.Reply.DISAGREED
    waiting = CoachingSession.objects.to_confirm().filter(pk=session.pk)
    if not waiting.update(reply=reply, reply_note=note.strip(), countersigned_at=at):
        raise AlreadyDoneError(_("This session was answered or taken back before. Nothing was changed."))
    session.reply, session.reply_note, session.countersigned_at = reply, note.strip(), at
    record(
        action="mentors.session_countersigned",
        by=by,
        subject=session,
        person=mentorship.mentee,
        at=at,
        after={"reply": reply},
    )
    notify(
        person=mentorship.teacher.person,
        kind="session.countersigned",
        facts={"mentee": by, "day": session.held_at},
        path=session_path(session),
        at=at,
    )


def session_path(session: CoachingSession) -> str:
    """Return the address of its page."""
    return reverse("mentors:session", args=[session.pk])


def _the_same(before: CoachingSession, mentorship: Mentorship) -> CoachingSession:
    if before.mentorship_id != mentorship.pk:
        raise CoachingError(_("This form was used for somebody else. Open the log again."))
    if before.withdrawn_at is not None:
        raise TakenBackError(_("You took this session back. Save it again if it should count after all."))
    return before


def _require_loggable(mentorship: Mentorship, facts: SessionFacts, at: datetime) -> None:
    if not (mentorship.is_running and mentorship.is_agreed):
        raise CoachingError(_("Sessions are logged while coaching runs: both have agreed, and it has not ended."))
    if facts.held_at > at:
        raise CoachingError(_("The session lies ahead. Give the time at which it was held."))
    if timezone.localtime(facts.held_at).date() < mentorship.starts_on:
        raise CoachingError(_("Coaching began later than that. Check the date."))
    if not mentorship.matters.filter(pk=facts.matter.pk).exists():
        raise CoachingError(_("This matter is not part of the mentorship."))
