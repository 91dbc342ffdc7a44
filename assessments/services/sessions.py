"""Sessions: planning them, and who has a place in one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments.models import Entitlement, Exam, ExamSession
from assessments.permissions import Refused
from training.lib.texts import in_each_language
from training.notices.services import notify
from training.operations.services import Event, record, record_many
from training.people.models import User

WHY = gettext_lazy("You have a place in a session.")


class HasBegun(Refused):
    """Somebody sits the exam, or did."""

    code = "has_begun"
    message = gettext_lazy("Somebody has started in this session. Its exam, opening and room stay as they are.")


class IsOver(Refused):
    """The session is closed or was cancelled."""

    code = "session_over"
    message = gettext_lazy("This session is over. Plan another.")


@transaction.atomic
def plan_session(*, exam: Exam, invigilators: Iterable[User], by: User, at: datetime, **facts: Any) -> ExamSession:
    """Plan a session; `facts`: opens_at, closes_at, room, access_code. Invigilators are told."""
    session = ExamSession.objects.create(exam=exam, **facts)
    session.invigilators.set(invigilators)
    record(action="assessments.session_planned", by=by, subject=session, at=at, after=_told(session))
    _tell("exam.invigilating", session, session.invigilators.all(), at)
    return session


@transaction.atomic
def change_session(
    *, session: ExamSession, invigilators: Iterable[User], by: User, at: datetime, **facts: Any
) -> ExamSession:
    """Change a session; who has a place in it is told of another time or room.

    Raises HasBegun when it would move under somebody who has started, IsOver.
    """
    locked = ExamSession.objects.select_for_update(of=("self",)).select_related("exam").get(pk=session.pk)
    if locked.cancelled_at or at >= locked.closes_at:
        raise IsOver
    moved = any(getattr(locked, name) != facts[name] for name in ("opens_at", "room"))
    if moved and locked.attempts.exists():
        raise HasBegun
    before = _told(locked)
    moved |= locked.closes_at != facts["closes_at"]
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save()
    old = set(locked.invigilators.all())
    locked.invigilators.set(invigilators)
    record(action="assessments.session_changed", by=by, subject=locked, at=at, before=before, after=_told(locked))
    if moved:
        _tell("exam.session_moved", locked, _people_of(locked), at)
    _tell("exam.invigilating", locked, [one for one in locked.invigilators.all() if one not in old], at)
    return locked


@transaction.atomic
def cancel_session(*, session: ExamSession, reason: str, by: User, at: datetime) -> None:
    """Call a session off; places that nobody used wait for another date. Raises HasBegun, IsOver."""
    locked = ExamSession.objects.select_for_update(of=("self",)).select_related("exam").get(pk=session.pk)
    if locked.cancelled_at or at >= locked.closes_at:
        raise IsOver
    if locked.attempts.exists():
        raise HasBegun
    people = _people_of(locked)
    locked.places.update(session=None)
    locked.cancelled_at = at
    locked.save(update_fields=["cancelled_at"])
    after = {"places": len(people)}
    record(action="assessments.session_cancelled", by=by, subject=locked, at=at, after=after, reason=reason)
    _tell("exam.session_cancelled", locked, people, at)


@transaction.atomic
def give_places(
    *, session: ExamSession, people: Iterable[User], waiting: Iterable[Entitlement], by: User, at: datetime
) -> list[Entitlement]:
    """Give people a place in a session: the ones they have for the exam without a date, else new ones.

    Who has a place in it already keeps that one. Everybody is told. Raises IsOver.
    """
    if session.cancelled_at or at >= session.closes_at:
        raise IsOver
    there = set(session.places.values_list("person_id", flat=True))
    undated = {row.person_id: row for row in waiting_for_date(session.exam)}
    undated |= {row.person_id: row for row in waiting}
    wanted = {person.pk: person for person in people} | {row.person_id: row.person for row in waiting}
    dated, new = [], []
    for person in (one for pk, one in wanted.items() if pk not in there):
        if place := undated.get(person.pk):
            place.session = session
            dated.append(place)
        else:
            new.append(_place(session, person, by, at))
    Entitlement.objects.bulk_update(dated, ["session"])
    places = [*dated, *Entitlement.objects.bulk_create(new)]
    after = {"session": session.pk, "opens_at": session.opens_at.isoformat(), "room": session.room}
    events = [Event("assessments.place_given", row, person=row.person, after=after) for row in places]
    record_many(events, by=by, at=at)
    _tell("exam.session_place", session, [row.person for row in places], at)
    return places


@transaction.atomic
def take_place_back(*, place: Entitlement, by: User, at: datetime) -> None:
    """Take somebody out of a session; the place waits for another date. Raises HasBegun when it was used."""
    session = place.session
    if place.used_by.exists():
        raise HasBegun
    place.session = None
    place.save(update_fields=["session"])
    before = {"session": session.pk if session else None}
    record(action="assessments.place_taken_back", by=by, subject=place, at=at, person=place.person, before=before)


def waiting_for_date(exam: Exam) -> Iterable[Entitlement]:
    """Return the places for an exam that nobody used and that have no session: of each person at work the newest."""
    rows = exam.entitlements.filter(session=None, used_by=None, person__is_active=True).select_related("person")
    return {row.person_id: row for row in rows.order_by("pk")}.values()


def _place(session: ExamSession, person: User, by: User, at: datetime) -> Entitlement:
    return Entitlement(
        person=person,
        exam=session.exam,
        session=session,
        attempts=1,
        why=in_each_language(WHY),
        granted_at=at,
        granted_by=by,
    )


def _people_of(session: ExamSession) -> list[User]:
    return list(User.objects.filter(entitlements__session=session).distinct())


def _told(session: ExamSession) -> dict[str, Any]:
    invigilators = sorted(session.invigilators.values_list("staff_number", flat=True))
    return {
        "opens_at": session.opens_at.isoformat(),
        "closes_at": session.closes_at.isoformat(),
        "room": session.room,
        "has_code": bool(session.access_code),
        "invigilators": invigilators,
    }


def _tell(kind: str, session: ExamSession, people: Iterable[User], at: datetime) -> None:
    opens = timezone.localtime(session.opens_at)
    facts = {"exam": session.exam.title, "day": opens.date(), "time": f"{opens:%H:%M}", "room": session.room}
    for person in people:
        notify(person=person, kind=kind, facts=facts, path=reverse("assessments:list"), at=at)
