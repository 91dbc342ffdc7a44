"""A mentorship from proposal to end: both agree, one declines, HR breaks it off."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentors.models import EntrustmentCase, Mentorship, Proposal, Teacher
from training.matters.models import ServiceMatter
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User
from training.people.services import end_access, give_access

from .errors import AlreadyDoneError, CoachingError, NotYoursError

ANSWER_DAYS = 3
ACCESS = "mentorship"


@transaction.atomic
def propose(
    *,
    mentee: User,
    teacher: Teacher,
    matters: Iterable[ServiceMatter],
    proposal: Proposal | None,
    by: Actor,
    at: datetime,
    today: date,
) -> Mentorship:
    """Propose a mentorship to both, who agree or decline within three days; the teacher sees the mentee from now on.

    Raises `AlreadyDoneError` when the mentee has a teacher. Whether the pair may be was asked by the round.
    """
    # Two rounds may propose for one mentee at once: the second waits here and finds the first one's pair.
    User.objects.select_for_update().get(pk=mentee.pk)
    if Mentorship.objects.running().filter(mentee=mentee).exists():
        raise AlreadyDoneError(_("%(mentee)s has a teacher already.") % {"mentee": mentee})
    access = give_access(viewer=teacher.person, subject=mentee, why=ACCESS, starts_on=today, until=None, by=by, at=at)
    mentorship = Mentorship.objects.create(
        mentee=mentee,
        teacher=teacher,
        proposal=proposal,
        starts_on=today,
        answer_by=today + timedelta(days=ANSWER_DAYS),
        access=access,
    )
    mentorship.matters.set(matters)
    record(action="mentors.proposed", by=by, subject=mentorship, person=mentee, at=at, after=_facts(mentorship))
    _tell_both(mentorship, "mentorship.proposed", by=by, at=at)
    return mentorship


@transaction.atomic
def agree(*, mentorship: Mentorship, by: User, at: datetime) -> None:
    """Agree as mentee or as teacher; with the second agreement coaching begins.

    Raises `NotYoursError` for anybody else, `AlreadyDoneError` when they have agreed or the mentorship has ended.
    """
    current = _lock(mentorship)
    field = _side_of(current, by)
    if getattr(current, field) is not None:
        raise AlreadyDoneError(_("You have agreed to this already."))
    setattr(current, field, at)
    if current.is_agreed:
        current.starts_on = timezone.localtime(at).date()
        _tell_both(current, "mentorship.agreed", by=by, at=at)
    current.save(update_fields=[field, "starts_on"])
    record(action="mentors.agreed", by=by, subject=current, person=current.mentee, at=at, after=_facts(current))
    _follow(mentorship, current)


@transaction.atomic
def decline(*, mentorship: Mentorship, by: User, reason: str, at: datetime) -> None:
    """Decline as mentee or as teacher, with a reason; the pair will not be proposed again.

    Raises `NotYoursError` for anybody else, `AlreadyDoneError` once both have agreed or it has ended.
    """
    current = _lock(mentorship)
    _side_of(current, by)
    if current.is_agreed:
        raise AlreadyDoneError(_("Both have agreed, and coaching has begun. Ask HR to end it."))
    close(current, outcome=Mentorship.Outcome.DECLINED, reason=reason, by=by, at=at)
    _follow(mentorship, current)


@transaction.atomic
def end(*, mentorship: Mentorship, reason: str, by: Actor, at: datetime) -> None:
    """Break a mentorship off, for a written reason; who may has been asked. The record stays.

    Raises `AlreadyDoneError` when it has ended and `CoachingError` while a sign-off is open.
    """
    current = _lock(mentorship)
    if current.cases.filter(state=EntrustmentCase.State.OPEN).exists():
        raise CoachingError(_("A sign-off is open. Decide it first, then end the mentorship."))
    close(current, outcome=Mentorship.Outcome.BROKEN_OFF, reason=reason, by=by, at=at)
    _follow(mentorship, current)


def close(current: Mentorship, *, outcome: str, reason: str, by: Actor, at: datetime, silent: bool = False) -> None:
    """End a locked mentorship on the day of `at`: the teacher's access goes, both hear of it unless it is `silent`."""
    today = timezone.localtime(at).date()
    before = _facts(current)
    current.ended_on, current.outcome, current.end_reason = today, outcome, reason
    current.save(update_fields=["ended_on", "outcome", "end_reason"])
    if current.access is not None:
        end_access(access=current.access, on=today, by=by, at=at)
    record(
        action=f"mentors.{outcome}",
        by=by,
        subject=current,
        person=current.mentee,
        at=at,
        before=before,
        after=_facts(current),
        reason=reason,
    )
    if not silent:
        _tell_both(current, f"mentorship.{outcome}", by=by, at=at)


def mentorship_path(mentorship: Mentorship) -> str:
    """Return the address of its page."""
    return reverse("mentors:mentorship", args=[mentorship.pk])


def _lock(mentorship: Mentorship) -> Mentorship:
    """Return the row as it stands, locked. Raises `AlreadyDoneError` when it has ended."""
    rows = Mentorship.objects.select_for_update(of=("self",)).select_related("mentee", "teacher__person", "access")
    current = rows.get(pk=mentorship.pk)
    if not current.is_running:
        raise AlreadyDoneError(_("This mentorship has ended."))
    return current


def _side_of(current: Mentorship, person: User) -> str:
    if person.pk == current.mentee_id:
        return "agreed_by_mentee_at"
    if person.pk == current.teacher.person_id:
        return "agreed_by_teacher_at"
    raise NotYoursError(_("Only the mentee and the teacher answer a proposal."))


def _follow(mentorship: Mentorship, current: Mentorship) -> None:
    """Bring the caller's object up to what was written."""
    for field in ("starts_on", "agreed_by_mentee_at", "agreed_by_teacher_at", "ended_on", "outcome", "end_reason"):
        setattr(mentorship, field, getattr(current, field))


def _tell_both(mentorship: Mentorship, kind: str, *, by: Actor, at: datetime) -> None:
    """Tell mentee and teacher, but not whoever did it."""
    facts = {"teacher": mentorship.teacher, "mentee": mentorship.mentee, "starts_on": mentorship.starts_on}
    for person in {mentorship.mentee, mentorship.teacher.person} - {by}:
        notify(person=person, kind=kind, facts=facts, path=mentorship_path(mentorship), at=at)


def _facts(mentorship: Mentorship) -> dict[str, object]:
    return {
        "teacher": mentorship.teacher.person_id,
        "agreed_by_mentee": mentorship.agreed_by_mentee_at is not None,
        "agreed_by_teacher": mentorship.agreed_by_teacher_at is not None,
        "phase": mentorship.phase,
        "outcome": mentorship.outcome,
    }
