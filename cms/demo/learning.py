"""Who learned what in the last months: enrolments, progress, what is still asked."""

from datetime import timedelta

from courses.models import Course
from courses.services.learning import assign, enrol, finish_section
from training.people.models import User

from .clock import Clock

INDUCTION = {
    "en": "Everybody new at a window takes this course first.",
    "zh-hans": "新上窗口的同事都要先学这门课。",
}


def learn(*, person: User, course: Course, days_ago: int, clock: Clock, lessons: int | None = None) -> None:
    """Let a person take a course from so many days ago, a lesson a day; `lessons` stops them after so many."""
    moment = clock.at(days_ago, 12, 30)
    enrolment = enrol(person=person, course=course, by=person, at=moment)
    for place, unit in enumerate(enrolment.version.units.select_related("unit")):
        if lessons is not None and place >= lessons:
            return
        for number in range(1, len(unit.section_ids()) + 1):
            moment += timedelta(minutes=3)
            finish_section(enrolment=enrolment, unit=unit, number=number, at=moment)
        moment += timedelta(days=1)


def ask(*, person: User, course: Course, due_in: int, asked_days_ago: int, clock: Clock) -> None:
    """Let HR ask a person to finish a course within so many days of today."""
    assign(
        person=person,
        course=course,
        why=INDUCTION,
        due_on=clock.ago(-due_in),
        by=User.objects.get(staff_number="hr"),
        at=clock.at(asked_days_ago),
    )
