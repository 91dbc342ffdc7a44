"""Career teachers, a round of pairing, coaching, observations and sign-offs of the last months."""

import random
from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid5

from cms.builder import published_clause
from mentors.models import Criterion, CriterionCitation, Mentorship, PairingRound, Rubric, Teacher
from mentors.services import (
    Choice,
    SessionFacts,
    agree,
    appoint_teacher,
    countersign,
    decide,
    log_session,
    open_case,
    open_round,
    propose,
    publish_round,
    record_observation,
    solve_round,
)
from training.authorisations.models import Entrustment
from training.competencies.models import Framework
from training.matters.models import ServiceMatter
from training.people.models import Department, User

from .clock import Clock
from .content import load

DEMO_SESSIONS = UUID("6d5c3d0e-5b0a-4f4e-9a51-0c1f0e7d4b11")


def account(staff_number: str) -> User:
    """Return one of the demo accounts."""
    return User.objects.get(staff_number=staff_number)


def build_rubrics(framework: Framework) -> None:
    """Create the observation rubrics with their criteria."""
    competencies = {one.code: one for one in framework.competencies.all()}
    for row in load("coaching")["rubric"]:
        rubric = Rubric.objects.create(code=row["code"], name=row["name"], competency=competencies[row["competency"]])
        Criterion.objects.bulk_create(
            Criterion(
                rubric=rubric,
                code=one["code"],
                name=one["name"],
                chip=one["chip"],
                anchors={str(step): text for step, text in enumerate(one["anchors"], start=1)},
                position=place,
            )
            for place, one in enumerate(row["criterion"], start=1)
        )
        CriterionCitation.objects.bulk_create(
            CriterionCitation(criterion=criterion, clause_version=published_clause(policy, key))
            for criterion, one in zip(rubric.criteria.order_by("position"), row["criterion"], strict=True)
            for policy, key in one["cites"]
        )


def appoint_teachers(clock: Clock) -> list[Teacher]:
    """Appoint the two demo teachers and the senior clerks of the other departments."""
    matters = {matter.code: matter for matter in ServiceMatter.objects.select_related("department")}
    seniors = User.objects.filter(
        postings__position__code="senior-clerk", postings__until=None, staff_number__startswith="2"
    ).order_by("staff_number")[:4]
    return [
        appoint_teacher(
            person=person,
            matters=[matter for matter in matters.values() if _same_trunk(matter.department, person.department)]
            or list(matters.values())[:2],
            capacity=3,
            starts_on=clock.ago(300),
            until=None,
            by=account("hr"),
            at=clock.at(300),
        )
        for person in [account("teacher"), account("teacher2"), *seniors]
    ]


def pair_newcomers(clock: Clock) -> PairingRound:
    """Solve and publish the autumn round, to which everybody agrees; open and solve the next, for HR to look at."""
    hr, today = account("hr"), clock.ago(16)
    autumn = open_round(
        name="Autumn newcomers, business registration",
        matters=ServiceMatter.objects.filter(code__in=["individual-business", "company-setup"]),
        department=Department.objects.get(code="market"),
        by=hr,
        at=clock.at(17),
    )
    pin = Choice(mentee=account("clerk").pk, verb="pin", teacher=account("teacher").pk)
    solve_round(round=autumn, choices=[pin], by=hr, at=clock.at(16), today=today)
    publish_round(round=autumn, by=hr, at=clock.at(16, 10), today=today)
    for mentorship in Mentorship.objects.filter(proposal__round=autumn).select_related("mentee", "teacher__person"):
        agree(mentorship=mentorship, by=mentorship.teacher.person, at=clock.at(16, 15))
        agree(mentorship=mentorship, by=mentorship.mentee, at=clock.at(15))
    winter = open_round(
        name="Winter newcomers, newborn bundle",
        matters=ServiceMatter.objects.filter(bundle_members__isnull=False).distinct()[:2],
        by=hr,
        at=clock.at(2),
    )
    solve_round(round=winter, by=hr, at=clock.at(2, 10), today=clock.ago(2))
    return autumn


def coach(*, mentorship: Mentorship, days: Iterable[int], confirmed: bool, clock: Clock) -> None:
    """Log a session on each of the days (ago); the mentee confirms all, or all but the last."""
    samples, matters = load("coaching")["session"], list(mentorship.matters.order_by("code"))
    criteria = {one.code: one for one in Criterion.objects.all()}
    ordered = sorted(days, reverse=True)
    for place, day in enumerate(ordered):
        row = samples[place % len(samples)]
        held_at = clock.at(day, 10, 20)
        session = log_session(
            client_uuid=uuid5(DEMO_SESSIONS, f"{mentorship.mentee.staff_number}/{day}"),
            mentorship=mentorship,
            facts=SessionFacts(
                held_at=held_at,
                minutes=row["minutes"],
                kind=row["kind"],
                matter=matters[place % len(matters)],
                level=row.get("level"),
                seen=[criteria[code] for code in row["seen"]],
                cases=row["cases"],
                note=row["note"]["en"],
                strengths=row["strengths"]["en"],
                next_action=row["next_action"]["en"],
                next_action_by=clock.ago(day - 5),
            ),
            by=mentorship.teacher.person,
            at=held_at + timedelta(minutes=40),
        )
        if confirmed or place < len(ordered) - 1:
            countersign(session=session, by=mentorship.mentee, agreed=True, note="", at=held_at + timedelta(hours=5))


def observe(
    *, person: User, observer: User, kind: str, day: int, step: int, clock: Clock, chance: random.Random
) -> None:
    """Record an observation by the first rubric, around that step."""
    rubric = Rubric.objects.get(code="telling-once")
    comments = load("coaching")["observation_comment"]
    ratings = {
        criterion: None if chance.random() < 0.15 else min(max(step + chance.choice((-1, 0, 0, 1)), 1), 5)
        for criterion in rubric.criteria.all()
    }
    record_observation(
        person=person,
        observer=observer,
        rubric=rubric,
        matter=ServiceMatter.objects.get(code="individual-business"),
        ratings=ratings,
        kind=kind,
        comment=chance.choice(comments)["text"]["en"],
        observed_on=clock.ago(day),
        by=observer,
        at=clock.at(day, 16),
    )


def propose_and_agree(*, mentee: User, teacher: Teacher, start: int, clock: Clock) -> Mentorship:
    """Begin a mentorship of the teacher's first matter, so many days ago."""
    mentorship = propose(
        mentee=mentee,
        teacher=teacher,
        matters=teacher.matters.order_by("code")[:1],
        proposal=None,
        by=account("hr"),
        at=clock.at(start),
        today=clock.ago(start),
    )
    agree(mentorship=mentorship, by=teacher.person, at=clock.at(start, 15))
    agree(mentorship=mentorship, by=mentee, at=clock.at(start - 1))
    return Mentorship.objects.select_related("mentee", "teacher__person").get(pk=mentorship.pk)


def finish_mentorship(*, mentee: User, teacher: Teacher, start: int, clock: Clock, chance: random.Random) -> None:
    """Run a whole mentorship of one matter, from its proposal to its certificate."""
    hr, matter = account("hr"), teacher.matters.order_by("code").first()
    mentorship = propose_and_agree(mentee=mentee, teacher=teacher, start=start, clock=clock)
    coach(mentorship=mentorship, days=range(start - 3, start - 45, -8), confirmed=True, clock=clock)
    observers = [(teacher.person, "teacher"), (account("marker"), "second"), (teacher.person, "teacher")]
    for (observer, kind), day in zip(observers, count(start - 30, -6), strict=False):
        observe(person=mentee, observer=observer, kind=kind, day=day, step=4, clock=clock, chance=chance)
    case = open_case(
        mentorship=mentorship,
        matter=matter,
        entrustment=Entrustment.DISTANT,
        panel=[hr],
        by=teacher.person,
        at=clock.at(start - 50),
    )
    decide(case=case, decider=teacher.person, verdict="yes", note="", at=clock.at(start - 50, 11))
    decide(case=case, decider=hr, verdict="yes", note="", at=clock.at(start - 51))


def open_sign_off(*, mentorship: Mentorship, day: int, clock: Clock) -> None:
    """Open a sign-off on which the teacher has decided and the second person has not."""
    case = open_case(
        mentorship=mentorship,
        matter=mentorship.matters.order_by("code").first(),
        entrustment=Entrustment.INDIRECT,
        panel=[account("hr")],
        by=mentorship.teacher.person,
        at=clock.at(day),
    )
    decide(case=case, decider=mentorship.teacher.person, verdict="yes", note="", at=clock.at(day, 11))


def _same_trunk(one: Department, other: Department) -> bool:
    """Tell whether two departments hang below the same highest one."""
    return one.get_root().pk == other.get_root().pk
