"""Builds the demo centre: the same day and number of staff always make the same rows."""

import random
from collections.abc import Callable
from datetime import date

from django.db import transaction

from assessments.models import Bank, Exam
from cms.builder import (
    build_bundle,
    build_course,
    build_matter,
    build_policy,
    published_clause,
    revise_course,
    revise_policy,
)
from cms.setup import install_content_roles
from courses.models import Course
from mentors.models import Mentorship, Teacher
from training.certificates.models import Certificate
from training.certificates.rules import new_verify_code
from training.competencies.models import Framework
from training.people.models import Posting, User

from . import coaching, comings_and_goings, exams, impact, learning, ledger, paths, sessions, trial, working_time
from .banks import build_bank, fill_bank
from .clock import Clock
from .content import load, tables
from .further import build_further
from .organisation import build_centre, build_designs, build_framework
from .pictures import keep_picture
from .records import build_records
from .staff import build_staff
from .written import SAT_WRITTEN, build_written

FINISHERS = 44
SITTERS = 34
COURSES_BUILT = 180
POLICIES_BUILT = 420


def build(*, number: int, today: date, say: Callable[[str], None]) -> None:
    """Make the whole centre with `number` staff as of `today`, in one transaction; `say` hears each step."""
    clock, chance = Clock(today), random.Random(f"{today} {number}")  # noqa: S311  # believable, not secret
    with transaction.atomic():
        say("centre, framework, staff")
        build_centre()
        install_content_roles()
        framework = build_framework(clock)
        build_designs()
        build_staff(number=number, clock=clock, chance=chance)
        say("policies, matters, courses, exam")
        exam = _build_content(framework, clock)
        # A chance of its own, as below.
        trial_chance = random.Random(f"trial {today} {number}")  # noqa: S311  # believable
        trial.hold_trial(bank=exam.bank, exam=exam, clock=clock, chance=trial_chance)
        trial.calibrate_trial(bank=exam.bank, clock=clock)
        exams.build_adaptive_exam(bank=exam.bank, framework=framework, clock=clock)
        ledger.serve_matters(clock)
        say("what was known before")
        build_records(framework=framework, clock=clock, chance=chance)
        ledger.bring_over(clock)
        say("courses taken, exams sat")
        _build_learning(exam, clock, chance)
        _revise_courses(clock)
        trial.calibrate_again(bank=exam.bank, clock=clock)
        say("mentorships")
        _build_coaching(framework, clock, chance)
        say("comings and goings, leave, roster")
        # A chance of its own, so that what came before stays as it was.
        _build_working_time(number, clock, random.Random(f"time {today} {number}"))  # noqa: S311  # believable
        sessions.hold_meetings(clock=clock, chance=random.Random(f"meetings {today} {number}"))  # noqa: S311  # believable
        sessions.plan_ahead(clock=clock)
        sessions.ask_hours(clock=clock)
        impact.write_register(clock)
        sitters = Posting.objects.filter(until=None, person__staff_number__startswith="2").exclude(window=None)
        written_chance = random.Random(f"written {today} {number}")  # noqa: S311  # believable, not secret
        people = [row.person for row in sitters.select_related("person").order_by("-person__staff_number")]
        build_written(framework=framework, people=people, clock=clock, chance=written_chance)
        further_chance = random.Random(f"further {today} {number}")  # noqa: S311  # believable, not secret
        others = people[SAT_WRITTEN:]
        bank = Bank.objects.get(code="window-matters")
        build_further(bank=bank, framework=framework, people=others, clock=clock, chance=further_chance)
        _fix_codes(chance)


def _build_content(framework: Framework, clock: Clock) -> Exam:
    hands = {"author": User.objects.get(staff_number="editor"), "reviewer": User.objects.get(staff_number="reviewer")}
    for table in tables("policies")["policy"]:
        build_policy(table, **hands, at=clock.at(POLICIES_BUILT), today=clock.today)
    for table in tables("matters")["matter"]:
        build_matter(table, **hands, at=clock.at(410))
    for table in tables("matters")["bundle"]:
        build_bundle(table, **hands, at=clock.at(405))
    banks = ("items", "practice", "exercise", "areas")
    cited = {
        (policy, key) for name in (*banks, "further") for row in load(name)["item"] for policy, key in row["cites"]
    }
    clauses = {(policy, key): published_clause(policy, key) for policy, key in cited}
    built = {name: build_bank(name, framework=framework, clauses=clauses, clock=clock) for name in banks}
    fill_bank("further", bank=built["areas"], framework=framework, clauses=clauses, clock=clock)
    told = {"framework": framework, "clock": clock}
    exam = exams.build_exam("items", bank=built["items"], achievement="service-rules", **told)
    exams.build_exam("practice", bank=built["practice"], **told)
    exams.build_exam("exercise", bank=built["exercise"], **told)
    for table in tables("courses")["course"]:
        build_course(table, **hands, at=clock.at(COURSES_BUILT), exam=exam if table.get("exam") == exam.code else None)
    paths.write_paths(clock)
    for table in tables("policies")["policy"]:
        if "later" in table:
            at = clock.at(table["later"]["published_days_ago"])
            revise_policy(table, **hands, built=clock.at(POLICIES_BUILT), at=at, today=clock.today)
    return exam


def _revise_courses(clock: Clock) -> None:
    """Publish what was added to a course since people began it: they go on in its second version."""
    hands = {"author": coaching.account("editor"), "reviewer": coaching.account("reviewer")}
    for table in tables("courses")["course"]:
        if "later" not in table:
            continue
        later, days_ago = table["later"], table["later"]["published_days_ago"]
        pictures = [
            part | {"file": keep_picture(part["picture"], clock=clock, days_ago=days_ago).ref}
            if "picture" in part
            else part
            for part in later["section"]
        ]
        told = {**table, "later": {**later, "section": pictures}}
        revise_course(told, **hands, built=clock.at(COURSES_BUILT), at=clock.at(days_ago))


def _build_learning(exam: Exam, clock: Clock, chance: random.Random) -> None:
    """Half the settled clerks have taken the course, most of them the exam; the newcomers are at it."""
    first = Course.objects.get(slug="one-time-notice-first-asked")
    second = Course.objects.get(slug="business-registration-window")
    settled = [
        posting.person
        for posting in Posting.objects.filter(until=None, starts_on__lt=clock.ago(60))
        .exclude(window=None)
        .filter(person__staff_number__startswith="2")
        .select_related("person")
        .order_by("person__staff_number")[:FINISHERS]
    ]
    for place, person in enumerate(settled):
        learning.learn(person=person, course=first, days_ago=chance.randint(12, 100), clock=clock)
        if place < SITTERS:
            at = clock.at(chance.randint(1, 7), chance.choice((9, 14, 15)), chance.randint(0, 59))
            exams.sit(person=person, exam=exam, ability=chance.gauss(0.4, 0.9), at=at, chance=chance)
    _build_practice(settled[:3], clock)
    clerk, clerk2 = coaching.account("clerk"), coaching.account("clerk2")
    learning.ask(person=clerk, course=first, due_in=2, asked_days_ago=12, clock=clock)
    learning.ask(person=clerk, course=second, due_in=19, asked_days_ago=12, clock=clock)
    learning.learn(person=clerk, course=first, days_ago=8, clock=clock, lessons=2)
    learning.ask(person=clerk2, course=first, due_in=5, asked_days_ago=15, clock=clock)
    learning.learn(person=clerk2, course=first, days_ago=9, clock=clock)
    for number in ("marker", "teacher"):
        learning.ask(person=coaching.account(number), course=second, due_in=12, asked_days_ago=5, clock=clock)
    learning.take_up_courses(clock)
    learning.ask_by_rules(clock=clock)
    learning.ask_after_case(course=second, people=settled[-8:], clock=clock)


def _build_practice(people: list[User], clock: Clock) -> None:
    """A few have sat the practice exam, too short to be evidence; by a chance of its own, so that the rest stays."""
    exam = Exam.objects.get(code="window-practice")
    for person in people:
        chance = random.Random(f"practice {clock.today} {person.staff_number}")  # noqa: S311  # believable
        exams.sit(person=person, exam=exam, ability=0.5, at=clock.at(chance.randint(1, 6), 10), chance=chance)


def _build_coaching(framework: Framework, clock: Clock, chance: random.Random) -> None:
    coaching.build_rubrics(framework)
    teachers = coaching.appoint_teachers(clock)
    for place, mentee in enumerate(_former_mentees(teachers)):
        coaching.finish_mentorship(
            mentee=mentee, teacher=teachers[place % 2], start=150 - place * 12, clock=clock, chance=chance
        )
    coaching.pair_newcomers(clock)
    for mentorship in Mentorship.objects.running().select_related("mentee", "teacher__person"):
        coaching.coach(mentorship=mentorship, days=(12, 7, 3), confirmed=False, clock=clock)
    teacher2, clerk2 = teachers[1], coaching.account("clerk2")
    coaching.propose_and_agree(mentee=clerk2, teacher=teacher2, start=18, clock=clock)
    running = Mentorship.objects.running().get(mentee=clerk2)
    coaching.coach(mentorship=running, days=(15, 10, 6), confirmed=True, clock=clock)
    coaching.observe(person=clerk2, observer=teacher2.person, kind="teacher", day=4, step=3, clock=clock, chance=chance)
    coaching.open_sign_off(mentorship=running, day=1, clock=clock)


def _build_working_time(number: int, clock: Clock, chance: random.Random) -> None:
    comings_and_goings.build_moves(clock, chance)
    comings_and_goings.lend_people(clock, chance)
    comings_and_goings.build_leavers(number=number, clock=clock, chance=chance)
    working_time.build_calendar(clock)
    working_time.build_leave(clock, chance)
    working_time.build_roster(clock, chance)


def _former_mentees(teachers: list[Teacher]) -> list[User]:
    busy = [teacher.person_id for teacher in teachers]
    people = User.objects.filter(staff_number__startswith="2", postings__until=None).exclude(pk__in=busy)
    return list(people.order_by("staff_number")[:3])


def _fix_codes(chance: random.Random) -> None:
    """Give the certificates codes of the demo's own chance, before any of them is printed."""
    for certificate in Certificate.objects.order_by("number"):
        Certificate.objects.filter(pk=certificate.pk).update(code=new_verify_code(chance.choice))
