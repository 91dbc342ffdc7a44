"""A course is finished once every unit of it is."""

from datetime import datetime

from assessments.services import entitle
from courses.models import Enrolment, TrainingRequirement
from training.operations.services import record

FINISHED = {"en": "You finished the course.", "zh-hans": "您已学完课程。"}


def complete_if_done(enrolment: Enrolment, at: datetime) -> None:
    """Close the enrolment once every unit of its version is done: requirement met, exam open."""
    units = set(enrolment.version.units.values_list("unit", flat=True))
    done = set(enrolment.progress.exclude(done_at=None).values_list("unit", flat=True))
    if enrolment.completed_at or not units <= done:
        return
    enrolment.completed_at = at
    enrolment.save(update_fields=["completed_at"])
    record(action="courses.completed", by=enrolment.person, subject=enrolment, person=enrolment.person, at=at)
    TrainingRequirement.objects.filter(
        person=enrolment.person, course=enrolment.course, state=TrainingRequirement.State.OPEN
    ).update(state=TrainingRequirement.State.DONE, done_at=at)
    exam = enrolment.course.exam
    if exam is not None and not exam.is_practice:
        entitle(
            person=enrolment.person,
            exam=exam,
            why=FINISHED,
            learned=FINISHED,
            by="courses",
            at=at,
        )
