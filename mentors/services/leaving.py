"""What coaching hands over when somebody leaves: the mentees of a teacher, the teacher of a mentee, open sign-offs."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mentors.models import EntrustmentCase, Mentorship, Teacher
from training.notices.services import notify
from training.operations.services import Actor, record
from training.people.models import User

from .cases import drop_case
from .mentorships import close, mentorship_path
from .teachers import appointment_facts


@transaction.atomic
def hand_over(*, person: User, last_day: date, by: Actor, at: datetime) -> int:
    """End the coaching somebody takes part in, and their appointment, because they leave. Return how many ended.

    Sign-offs that are open in it are dropped: whoever teaches next proposes them anew. Mentees left without a teacher
    stand on the desk of HR until they are paired again. The other side hears of it.
    """
    part = Q(mentee=person) | Q(teacher__person=person)
    rows = Mentorship.objects.running().filter(part).select_for_update(of=("self",))
    ended = list(rows.select_related("mentee", "teacher__person", "access__subject").order_by("pk"))
    for mentorship in ended:
        for case in mentorship.cases.filter(state=EntrustmentCase.State.OPEN):
            drop_case(case=case, reason=_("%(person)s has left.") % {"person": person}, by=by, at=at)
        _end(mentorship, person, by=by, at=at)
    _end_appointment(person, last_day, by=by, at=at)
    return len(ended)


def _end(mentorship: Mentorship, leaver: User, *, by: Actor, at: datetime) -> None:
    teaches = mentorship.teacher.person_id == leaver.pk
    outcome = Mentorship.Outcome.ORPHANED if teaches else Mentorship.Outcome.BROKEN_OFF
    reason = _("%(person)s has left.") % {"person": leaver}
    close(mentorship, outcome=outcome, reason=reason, by=by, at=at, silent=True)
    other, kind = (
        (mentorship.mentee, "mentorship.teacher_left")
        if teaches
        else (mentorship.teacher.person, "mentorship.mentee_left")
    )
    facts = {"teacher": mentorship.teacher, "mentee": mentorship.mentee}
    notify(person=other, kind=kind, facts=facts, path=mentorship_path(mentorship), at=at)


def _end_appointment(person: User, last_day: date, *, by: Actor, at: datetime) -> None:
    """Let the appointment end with the employment; the role ends with all other roles."""
    teacher = Teacher.objects.filter(Q(until=None) | Q(until__gt=last_day), person=person).first()
    if teacher is None:
        return
    before = appointment_facts(teacher)
    teacher.until = max(last_day, teacher.appointed_on - timedelta(days=1))
    teacher.save(update_fields=["until"])
    after = appointment_facts(teacher)
    record(action="mentors.teacher_ended", by=by, subject=teacher, person=person, at=at, before=before, after=after)
