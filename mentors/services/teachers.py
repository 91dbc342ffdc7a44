"""Appointing career teachers and ending the appointment; the role goes with it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentors.models import Teacher
from training.matters.models import ServiceMatter
from training.operations.services import Actor, record
from training.people.models import Role, User
from training.people.services import end_role, grant_role
from training.people.services.roles import require_may_give

from .errors import CoachingError


@transaction.atomic
def appoint_teacher(
    *,
    person: User,
    matters: Iterable[ServiceMatter],
    capacity: int,
    starts_on: date,
    until: date | None,
    by: Actor,
    at: datetime,
) -> Teacher:
    """Appoint somebody as career teacher for the matters, and grant the role; a former teacher is appointed anew.

    Raises `CoachingError` for somebody suspended or already appointed, `people.services.NotAllowedError` when `by` may
    not give the role.
    """
    if not person.is_active:
        raise CoachingError(_("This account is suspended. Only active staff can be appointed."))
    teacher = Teacher.objects.select_for_update().filter(person=person).first() or Teacher(person=person)
    if teacher.pk and (teacher.until is None or teacher.until >= starts_on):
        raise CoachingError(_("%(person)s is a career teacher already.") % {"person": person})
    teacher.appointed_on, teacher.until, teacher.capacity = starts_on, until, capacity
    teacher.save()
    teacher.matters.set(matters)
    grant_role(person=person, role=Role.TEACHER, department=None, starts_on=starts_on, until=until, by=by, at=at)
    record(
        action="mentors.teacher_appointed",
        by=by,
        subject=teacher,
        person=person,
        at=at,
        after=appointment_facts(teacher),
    )
    return teacher


@transaction.atomic
def change_teaching(
    *, teacher: Teacher, matters: Iterable[ServiceMatter], capacity: int, by: Actor, at: datetime
) -> None:
    """Appoint a teacher for other matters or another number of mentees; mentorships that run go on as they are.

    Raises `people.services.NotAllowedError` when `by` may not give the role.
    """
    require_may_give(by, teacher.person, Role.TEACHER, None)
    before = appointment_facts(teacher)
    teacher.capacity = capacity
    teacher.save(update_fields=["capacity"])
    teacher.matters.set(matters)
    after = appointment_facts(teacher)
    if after != before:
        record(
            action="mentors.teacher_changed",
            by=by,
            subject=teacher,
            person=teacher.person,
            at=at,
            before=before,
            after=after,
        )


@transaction.atomic
def end_teacher(*, teacher: Teacher, on: date, reason: str, by: Actor, at: datetime) -> None:
    """End the appointment and the role: `on` is the first day without them.

    Raises `CoachingError` while mentees depend on the teacher.
    """
    running = teacher.mentorships.running().count()
    if running:
        raise CoachingError(
            ngettext(
                "%(count)d mentorship is still running. End it or find another teacher first.",
                "%(count)d mentorships are still running. End them or find another teacher first.",
                running,
            )
            % {"count": running}
        )
    before = appointment_facts(teacher)
    teacher.until = on - timedelta(days=1)
    teacher.save(update_fields=["until"])
    end_role(person=teacher.person, role=Role.TEACHER, department=None, on=on, by=by, at=at)
    record(
        action="mentors.teacher_ended",
        by=by,
        subject=teacher,
        person=teacher.person,
        at=at,
        before=before,
        after=appointment_facts(teacher),
        reason=reason,
    )


def appointment_facts(teacher: Teacher) -> dict[str, object]:
    """Return what the audit trail keeps of an appointment."""
    return {
        "appointed_on": teacher.appointed_on.isoformat(),
        "until": teacher.until.isoformat() if teacher.until else None,
        "capacity": teacher.capacity,
        "matters": sorted(teacher.matters.values_list("code", flat=True)),
    }
