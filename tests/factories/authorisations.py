"""Authorisations with what hinders them, and the matters they are for."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from tests.factories.people import DepartmentFactory, UserFactory
from training.authorisations.models import Authorisation, Condition, Entrustment, Suspension
from training.matters.models import MatterVersion, ServiceMatter

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class MatterFactory(DjangoModelFactory):
    """A service matter, published once."""

    class Meta:
        model = ServiceMatter
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"matter-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Matter {o.code}", "zh-hans": f"事项{o.code}"})
    kind = ServiceMatter.Kind.PERMIT
    department = factory.SubFactory(DepartmentFactory)
    service_object = {"en": "Anybody", "zh-hans": "任何人"}
    statutory_days = 5
    promised_days = 1
    result = {"en": "A permit", "zh-hans": "许可证"}

    @factory.post_generation
    def version(self: ServiceMatter, create: bool, extracted: Any) -> None:
        MatterVersion.objects.create(matter=self, number=1, name=self.name, content={}, published_at=AT)


class AuthorisationFactory(DjangoModelFactory):
    """Somebody may handle a matter alone, for a year, practised on the last day asked for in most tests."""

    class Meta:
        model = Authorisation

    person = factory.SubFactory(UserFactory)
    matter = factory.SubFactory(MatterFactory)
    matter_version = factory.LazyAttribute(lambda o: o.matter.versions.get())
    entrustment = Entrustment.DISTANT
    starts_on = date(2026, 1, 1)
    until = date(2026, 12, 31)
    practised_on = date(2026, 11, 20)
    decided_by = factory.LazyFunction(list)
    evidence_pack = factory.LazyFunction(dict)
    source_label = {"en": "Signed off by two", "zh-hans": "两人签署"}
    recorded_at = AT


class ConditionFactory(DjangoModelFactory):
    class Meta:
        model = Condition

    authorisation = factory.SubFactory(AuthorisationFactory)
    reason = {"en": "Read clause 14", "zh-hans": "学习第十四条"}
    opens_on = date(2026, 11, 1)
    grace_until = date(2026, 11, 30)


class SuspensionFactory(DjangoModelFactory):
    class Meta:
        model = Suspension

    authorisation = factory.SubFactory(AuthorisationFactory)
    reason = "An open complaint"
    by = factory.SubFactory(UserFactory)
    starts_on = date(2026, 11, 10)
