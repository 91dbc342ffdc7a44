"""Career teachers, mentorships, rubrics; sessions, observations and sign-offs through the real services."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from mentors.models import (
    CoachingSession,
    Criterion,
    EntrustmentCase,
    Mentorship,
    Observation,
    PairingRound,
    Rubric,
    Teacher,
)
from mentors.services import SessionFacts, log_session, open_case, record_observation
from tests.factories.authorisations import MatterFactory
from tests.factories.competencies import CompetencyFactory, TargetFactory
from tests.factories.people import (
    LONG_AGO,
    DepartmentFactory,
    PositionFactory,
    PostingFactory,
    RoleGrantFactory,
    SectionFactory,
    UserFactory,
    WindowFactory,
)
from training.authorisations.models import Entrustment
from training.matters.models import ServiceMatter, WindowMatter
from training.people.models import Access, Department, Role, User

NOW = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)
"""Monday 23 November 2026, 10:40 at the centre."""
TODAY = date(2026, 11, 23)
BEGAN = date(2026, 11, 2)


class TeacherFactory(DjangoModelFactory):
    """A career teacher with the role; `taught` are the matters they are appointed for."""

    class Meta:
        model = Teacher
        skip_postgeneration_save = True

    person = factory.SubFactory(UserFactory, teacher=True)
    appointed_on = LONG_AGO

    @factory.post_generation
    def taught(self: Teacher, create: bool, extracted: list[ServiceMatter] | None) -> None:
        self.matters.set(extracted or [])


class MentorshipFactory(DjangoModelFactory):
    """A mentorship that runs; `proposed=True` for one nobody has answered. `learnt` are its matters, one by default."""

    class Meta:
        model = Mentorship
        skip_postgeneration_save = True

    class Params:
        proposed = factory.Trait(agreed_by_mentee_at=None, agreed_by_teacher_at=None)

    mentee = factory.SubFactory(UserFactory)
    teacher = factory.SubFactory(TeacherFactory)
    starts_on = BEGAN
    answer_by = TODAY + timedelta(days=3)
    agreed_by_mentee_at = NOW - timedelta(days=20)
    agreed_by_teacher_at = NOW - timedelta(days=21)
    access = factory.LazyAttribute(
        lambda o: Access.objects.create(
            viewer=o.teacher.person, subject=o.mentee, why="mentorship", starts_on=o.starts_on
        )
    )

    @factory.post_generation
    def learnt(self: Mentorship, create: bool, extracted: list[ServiceMatter] | None) -> None:
        self.matters.set(extracted or [MatterFactory()])


class RubricFactory(DjangoModelFactory):
    """A rubric with so many `criteria`, four by default."""

    class Meta:
        model = Rubric
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"rubric-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Rubric {o.code}", "zh-hans": f"量表{o.code}"})
    competency = factory.SubFactory(CompetencyFactory)

    @factory.post_generation
    def criteria(self: Rubric, create: bool, extracted: int | None) -> None:
        for place in range(1, (extracted or 4) + 1):
            Criterion.objects.create(
                rubric=self,
                code=f"criterion-{place}",
                name={"en": f"Criterion {place}", "zh-hans": f"要点{place}"},
                chip={"en": f"Chip {place}", "zh-hans": f"标签{place}"},
                anchors={str(step): {"en": f"Step {step} of {place}"} for step in range(1, 6)},
                position=place,
            )


class RoundFactory(DjangoModelFactory):
    """A round over the whole centre, opened by HR; `taught` are its matters."""

    class Meta:
        model = PairingRound
        skip_postgeneration_save = True

    name = "Autumn intake"
    opened_by = factory.SubFactory(UserFactory, hr=True)
    opened_at = NOW

    @factory.post_generation
    def taught(self: PairingRound, create: bool, extracted: list[ServiceMatter] | None) -> None:
        self.matters.set(extracted or [MatterFactory()])


class Hall:
    """One department with a section whose windows serve one matter, and a position that asks for a competency."""

    def __init__(self) -> None:
        self.department: Department = DepartmentFactory()
        self.section = SectionFactory()
        self.matter: ServiceMatter = MatterFactory()
        self.position = PositionFactory()
        self.target = TargetFactory(position=self.position, level=3)

    def clerk(self, **facts: Any) -> User:
        """A clerk at a window of its own that serves the matter."""
        window = WindowFactory(section=self.section)
        WindowMatter.objects.create(window=window, matter=self.matter, starts_on=LONG_AGO)
        person = UserFactory(department=self.department, **facts)
        PostingFactory(person=person, position=self.position, section=self.section, window=window)
        return person

    def teacher(self, **facts: Any) -> Teacher:
        """A teacher of the matter, from another section."""
        person = facts.pop("person", None) or UserFactory(teacher=True, posted=True)
        return TeacherFactory(person=person, taught=facts.pop("taught", [self.matter]), **facts)

    def head(self) -> User:
        """The head of the department."""
        person = UserFactory()
        RoleGrantFactory(person=person, role=Role.HEAD, department=self.department)
        return person


def facts_of(mentorship: Mentorship, **given: Any) -> SessionFacts:
    """What a teacher would log an hour ago, on the first matter."""
    usual = {
        "held_at": NOW - timedelta(hours=1),
        "minutes": 20,
        "kind": CoachingSession.Kind.SUPERVISED,
        "matter": mentorship.matters.first(),
        "level": 3,
    }
    return SessionFacts(**(usual | given))


def logged(mentorship: Mentorship, *, at: datetime = NOW, **given: Any) -> CoachingSession:
    """A session logged by the teacher."""
    return log_session(
        client_uuid=uuid4(),
        mentorship=mentorship,
        facts=facts_of(mentorship, **given),
        by=mentorship.teacher.person,
        at=at,
    )


def observed(
    mentorship: Mentorship, rubric: Rubric, *ratings: int | None, on: date = TODAY, **given: Any
) -> Observation:
    """An observation by the teacher, with one rating for each of the first criteria."""
    observer = given.pop("observer", mentorship.teacher.person)
    return record_observation(
        person=mentorship.mentee,
        observer=observer,
        rubric=rubric,
        matter=mentorship.matters.first(),
        ratings=dict(zip(rubric.criteria.all(), ratings, strict=False)),
        kind=given.pop("kind", Observation.Kind.TEACHER),
        comment=given.pop("comment", ""),
        observed_on=on,
        by=observer,
        at=given.pop("at", NOW),
    )


def opened_case(mentorship: Mentorship, second: User, **given: Any) -> EntrustmentCase:
    """A sign-off on the first matter that the teacher proposed to decide together with `second`."""
    usual = {
        "matter": mentorship.matters.first(),
        "entrustment": Entrustment.INDIRECT,
        "panel": [second],
        "by": mentorship.teacher.person,
        "at": NOW,
    }
    return open_case(mentorship=mentorship, **(usual | given))
