"""Who learned what in the last months: enrolments, progress, what is still asked."""

import random
from datetime import timedelta

from courses.models import Assignment, Course
from courses.queries.required import Who
from courses.services.learning import assign, enrol, finish_section
from courses.services.requiring import make_rule
from training.people.models import Position, Posting, User

from .clock import Clock
from .content import tables

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
RULES_MADE_DAYS_AGO, DAYS_TO_LEARN = 40, 60


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


def ask_by_rules(*, clock: Clock) -> None:
    """Let HR ask each course of the positions it is mandatory for, and a head of department ask some people for one."""
    hr = User.objects.get(staff_number="hr")
    for table in tables("courses")["course"]:
        course = Course.objects.get(slug=table["slug"])
        for position in Position.objects.filter(code__in=table.get("mandatory_for", ())).order_by("code"):
            make_rule(
                course=course,
                kind=Assignment.Why.ONBOARDING,
                who=Who(position=position),
                due_days=DAYS_TO_LEARN,
                by=hr,
                at=clock.at(RULES_MADE_DAYS_AGO),
            )


def ask_after_case(*, course: Course, people: list[User], clock: Clock) -> None:
    """Let HR ask some people for a course after a case, by a day that is past: half of them have done it."""
    hr = User.objects.get(staff_number="hr")
    who, due = Who(people=people), clock.ago(3)
    make_rule(course=course, kind=Assignment.Why.CASE, who=who, due_on=due, by=hr, at=clock.at(20))
    for person in people[::2]:
        learn(person=person, course=course, days_ago=12, clock=clock)


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
