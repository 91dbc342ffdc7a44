"""Who learned what in the last months: enrolments, progress, what is still asked."""

import random
from datetime import timedelta

from courses.models import Course
from courses.services.learning import assign, enrol, finish_section
from training.people.models import Posting, User

from .clock import Clock

INDUCTION = {
    "en": "Everybody new at a window takes this course first.",
    "zh-hans": "新上窗口的同事都要先学这门课。",
}
LEARNERS = 6
"""How many of a department have begun its course; a few of them have finished."""
TAKEN_BY = {
    "food-permit-window": ["market-setup"],
    "social-insurance-window": ["social"],
    "residence-registration-window": ["police-household"],
    "handling-complaints": ["centre-front", "medical"],
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


def take_up_courses(clock: Clock) -> None:
    """Let some of the departments that a course is for be at it, half of them done."""
    for slug, departments in TAKEN_BY.items():
        course = Course.objects.get(slug=slug)
        postings = Posting.objects.filter(until=None, department__code__in=departments, starts_on__lt=clock.ago(60))
        people = postings.filter(person__staff_number__startswith="2").order_by("person__staff_number")
        for place, posting in enumerate(people.select_related("person")[:LEARNERS]):
            chance = random.Random(f"{slug} {clock.today} {posting.person.staff_number}")  # noqa: S311  # believable
            lessons = None if place % 2 == 0 else chance.randint(1, 4)
            days_ago = chance.randint(8, 60)
            learn(person=posting.person, course=course, days_ago=days_ago, clock=clock, lessons=lessons)
