"""Planning training sessions, changing them, calling them off."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Attendance, TrainingSession
from courses.queries.sessions import Audience, invited
from training.notices.services import notify_many
from training.operations.services import record
from training.people.models import User


class SessionRefused(Exception):
    """An expected refusal, in a sentence for the user."""


@transaction.atomic
def plan_session(
    *, trainers: Collection[User], audience: Audience, by: User, at: datetime, **facts: Any
) -> TrainingSession:
    """Plan a session; `facts`: title, kind, starts_at, ends_at, minutes, room, capacity, unit.

    Those invited and the trainers are told, unless it lies in the past: then it is only put on record.
    Raises `SessionRefused` when nobody is invited.
    """
    session = _put_on_record(trainers, audience, by, at, facts)
    if session.starts_at > at:
        _tell("training.invited", session, _invited(session), at)
        _tell("training.trainer", session, [one.pk for one in trainers], at)
    return session


@transaction.atomic
def plan_weekly(
    *, days: Sequence[date], trainers: Collection[User], audience: Audience, by: User, at: datetime, **facts: Any
) -> list[TrainingSession]:
    """Plan a session like the one of `facts` on each of the days, at the same time; each is changed by itself later.

    Those invited and the trainers are told once, of all that lie ahead. Raises `SessionRefused` when nobody is invited.
    """
    begins, ends = (timezone.localtime(facts.pop(name)) for name in ("starts_at", "ends_at"))
    sessions = []
    for day in days:
        told = {
            "starts_at": timezone.make_aware(datetime.combine(day, begins.time())),
            "ends_at": timezone.make_aware(datetime.combine(day, ends.time())),
        }
        sessions.append(_put_on_record(trainers, audience, by, at, {**facts, **told}))
    ahead = [session for session in sessions if session.starts_at > at]
    if ahead:
        last = timezone.localdate(ahead[-1].starts_at)
        _tell("training.series", ahead[0], _invited(ahead[0]), at, last=last)
        _tell("training.trainer_series", ahead[0], [one.pk for one in trainers], at, last=last)
    return sessions


@transaction.atomic
def change_session(
    *,
    session: TrainingSession,
    trainers: Collection[User],
    audience: Audience,
    by: User,
    at: datetime,
    **facts: Any,
) -> TrainingSession:
    """Change a session; of another time or room everybody is told, and whoever is invited now or no longer.
    Whoever was there for all of it keeps all of its minutes, when they become others.

    Raises `SessionRefused` when it was called off or its list is closed, and when nobody is invited.
    """
    locked = open_session(session)
    if not audience:
        raise SessionRefused(_("Say for whom the session is."))
    before, were, gave = _facts(locked), _invited(locked), set(locked.trainers.values_list("pk", flat=True))
    moved = any(getattr(locked, name) != facts[name] for name in ("starts_at", "ends_at", "room"))
    whole = locked.attendances.filter(state__in=Attendance.THERE, minutes=locked.minutes)
    whole.update(minutes=facts["minutes"])
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save()
    _set(locked, trainers, audience)
    after, are = _facts(locked), _invited(locked)
    if after == before:
        return locked
    record(action="courses.session_changed", by=by, subject=locked, at=at, before=before, after=after)
    if locked.ends_at > at:
        giving = {one.pk for one in trainers}
        if moved:
            _tell("training.moved", locked, (were & are) | (gave & giving), at)
        _tell("training.invited", locked, are - were, at)
        _tell("training.uninvited", locked, were - are, at)
        _tell("training.trainer", locked, giving - gave, at)
    return locked


@transaction.atomic
def cancel_session(*, session: TrainingSession, reason: str, by: User, at: datetime) -> None:
    """Call a session off; everybody invited and the trainers are told why.

    Raises `SessionRefused` when it was called off already, its list is closed, or somebody was marked as being there.
    """
    locked = open_session(session)
    if locked.attendances.filter(state__in=Attendance.THERE).exists():
        raise SessionRefused(_("Somebody is marked as being there. Take the marks back first, or close the list."))
    locked.cancelled_at, locked.cancelled_by = at, by
    locked.save(update_fields=["cancelled_at", "cancelled_by"])
    record(action="courses.session_cancelled", by=by, subject=locked, at=at, reason=reason)
    if locked.ends_at > at:
        people = _invited(locked) | set(locked.trainers.values_list("pk", flat=True))
        _tell("training.cancelled", locked, people, at, reason=reason)


def _put_on_record(
    trainers: Collection[User], audience: Audience, by: User, at: datetime, facts: Mapping[str, Any]
) -> TrainingSession:
    if not audience:
        raise SessionRefused(_("Say for whom the session is."))
    session = TrainingSession.objects.create(planned_by=by, planned_at=at, **facts)
    _set(session, trainers, audience)
    record(action="courses.session_planned", by=by, subject=session, at=at, after=_facts(session))
    return session


def open_session(session: TrainingSession) -> TrainingSession:
    """Return the session locked. Raises `SessionRefused` when it was called off or its list is closed."""
    locked = TrainingSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if locked.cancelled_at:
        raise SessionRefused(_("This session was called off."))
    if locked.closed_at:
        raise SessionRefused(_("The attendance list of this session is closed."))
    return locked


def _set(session: TrainingSession, trainers: Iterable[User], audience: Audience) -> None:
    session.trainers.set(trainers)
    session.departments.set(audience.departments)
    session.sections.set(audience.sections)
    session.people.set(audience.people)


def _invited(session: TrainingSession) -> set[int]:
    return set(invited(session).values_list("pk", flat=True))


def _facts(session: TrainingSession) -> dict[str, Any]:
    return {
        "title": session.title,
        "kind": session.kind,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "minutes": session.minutes,
        "room": session.room,
        "capacity": session.capacity,
        "unit": session.unit and session.unit.slug,
        "trainers": sorted(session.trainers.values_list("staff_number", flat=True)),
        "departments": sorted(session.departments.values_list("code", flat=True)),
        "sections": sorted(session.sections.values_list("code", flat=True)),
        "people": sorted(session.people.values_list("staff_number", flat=True)),
    }


def _tell(kind: str, session: TrainingSession, people: Iterable[int], at: datetime, **more: Any) -> None:
    begins = timezone.localtime(session.starts_at)
    facts = {"title": session.title, "day": begins.date(), "time": f"{begins:%H:%M}", "room": session.room, **more}
    path = reverse("courses:session", args=[session.pk])
    notify_many(kind=kind, facts=dict.fromkeys(people, facts), path=path, at=at)
