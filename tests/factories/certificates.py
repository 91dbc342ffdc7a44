"""Achievements, and certificates issued the real way."""

import random
from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from tests.factories.people import CentreFactory, UserFactory
from training.certificates.models import Achievement, Certificate, CertificateDesign, Revocation
from training.certificates.services import ask_revocation, confirm_revocation, issue

ISSUED_ON = date(2026, 11, 23)


class DesignFactory(DjangoModelFactory):
    class Meta:
        model = CertificateDesign

    code = factory.Sequence(lambda n: f"design-{n}")
    heading = {"en": "Certificate of Competency", "zh-hans": "岗位能力证书"}
    wording = {"en": "has passed the exam", "zh-hans": "参加考试成绩合格"}
    signatories = [
        {"name": {"en": "Gu Mingyuan", "zh-hans": "顾明远"}, "title": {"en": "Director", "zh-hans": "中心主任"}},
        {"name": {"en": "Liu Fang", "zh-hans": "刘芳"}, "title": {"en": "Career teacher", "zh-hans": "带教老师"}},
    ]


class AchievementFactory(DjangoModelFactory):
    class Meta:
        model = Achievement

    code = factory.Sequence(lambda n: f"achievement-{n}")
    kind = Achievement.Kind.EXAM_LEVEL
    name = {"en": "Population services, level 3", "zh-hans": "人口服务（三级）"}
    valid_months = 12
    design = factory.SubFactory(DesignFactory)


def noon(day: date) -> datetime:
    """That day at noon where the centre is."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def issued(*, on: date = ISSUED_ON, seed: int | None = None, **given: Any) -> Certificate:
    """A certificate issued that day by the real service; `seed` fixes its code."""
    CentreFactory()
    defaults: dict[str, Any] = {
        "facts": {"level": 3, "score": 87},
        "earned_by": {"en": "Exam on population services", "zh-hans": "人口服务考试"},
        "by": "test",
    }
    if seed is not None:
        defaults["choose"] = random.Random(seed).choice
    given.setdefault("achievement", None)
    achievement = given.pop("achievement") or AchievementFactory()
    holder = given.pop("holder", None) or UserFactory(display_name="周敏", latin_name="Zhou Min")
    return issue(achievement=achievement, holder=holder, at=noon(on), today=on, **defaults | given)


def revoked(certificate: Certificate, *, on: date = ISSUED_ON, category: str = "misconduct") -> Revocation:
    """The certificate taken back that day by two people."""
    reason = "Answers were copied, REASON-4711"
    asked = ask_revocation(
        certificate=certificate, category=category, reason=reason, by=UserFactory(hr=True), at=noon(on)
    )
    return confirm_revocation(revocation=asked, by=UserFactory(director=True), at=noon(on))
