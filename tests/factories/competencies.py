"""Frameworks, competencies, targets and evidence."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from tests.factories.people import LONG_AGO, PositionFactory, UserFactory
from training.competencies.models import Competency, Evidence, Framework, Level, Proficiency, Target
from training.competencies.services import NewEvidence, record_evidence

CUTS = {1: None, 2: -2.0, 3: -0.7, 4: 0.7, 5: 2.0}


class FrameworkFactory(DjangoModelFactory):
    """The framework in force, with its five levels."""

    class Meta:
        model = Framework
        django_get_or_create = ("code", "version")
        skip_postgeneration_save = True

    code = "hall"
    version = 1
    name = {"en": "Hall staff", "zh-hans": "大厅人员"}
    is_current = True

    @factory.post_generation
    def levels(self: Framework, create: bool, extracted: Any) -> None:
        if not self.levels.exists():
            Level.objects.bulk_create(
                Level(framework=self, number=number, name={"en": f"Level {number}"}, cut=cut)
                for number, cut in CUTS.items()
            )


class GroupFactory(DjangoModelFactory):
    """A heading with no parent of its own."""

    class Meta:
        model = Competency

    framework = factory.SubFactory(FrameworkFactory)
    code = factory.Sequence(lambda n: f"group-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Group {o.code}", "zh-hans": f"类别{o.code}"})
    position = factory.Sequence(lambda n: n * 100)


class CompetencyFactory(DjangoModelFactory):
    class Meta:
        model = Competency

    framework = factory.SubFactory(FrameworkFactory)
    parent = factory.SubFactory(GroupFactory)
    code = factory.Sequence(lambda n: f"skill-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Skill {o.code}", "zh-hans": f"能力{o.code}"})
    position = factory.Sequence(lambda n: n)


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    position = factory.SubFactory(PositionFactory)
    competency = factory.SubFactory(CompetencyFactory)
    level = 3
    starts_on = LONG_AGO


def evidence(competency: Competency, *, value: float, observed_on: date, **facts: Any) -> Evidence:
    """Record one piece of evidence through the service; the proficiency follows."""
    person = facts.pop("person", None) or UserFactory()
    piece = NewEvidence(
        person=person,
        competency=competency,
        kind=facts.pop("kind", Evidence.Kind.EXAM),
        value=value,
        variance=facts.pop("variance", 0.1),
        observed_on=observed_on,
        source_label=facts.pop("source_label", {"en": "Exam", "zh-hans": "考试"}),
        **facts,
    )
    (row,) = record_evidence(pieces=[piece], by="test", at=datetime(2026, 11, 1, tzinfo=UTC))
    return row


def proficiency_of(row: Evidence) -> Proficiency:
    """Return the stored estimate the evidence went into."""
    return Proficiency.objects.get(person=row.person, competency=row.competency)
