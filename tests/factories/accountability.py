"""Copies of what is kept about a person, erasures, impact assessments."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from tests.factories.mentors import NOW, TODAY
from tests.factories.people import UserFactory
from training.accountability.models import Erasure, PersonalCopy
from training.people.models import User


def kept_copy(person: User, *, by: User | None = None, at: datetime = NOW) -> PersonalCopy:
    """A copy that is ready, asked for by the person unless told otherwise."""
    copy = PersonalCopy(person=person, asked_by=by or person, asked_at=at, language="en")
    copy.ready_at, copy.expires_at = at, at + timedelta(days=7)
    copy.file.save(f"{copy.pk}.zip", ContentFile(b"PK"), save=False)
    copy.save(force_insert=True)
    return copy


def asked_erasure(person: User, *, at: datetime = NOW) -> Erasure:
    """An erasure that waits for a second person."""
    return Erasure.objects.create(person=person, reason="Asked by letter", asked_by=UserFactory(hr=True), asked_at=at)


def assessment_facts(**facts: Any) -> dict[str, Any]:
    """What is written in an impact assessment."""
    return {
        "title": "Exam answers are scored by the platform",
        "cause": "automated",
        "processed": "Answers of all staff",
        "purpose": "Rule 4 of the centre",
        "risks": "A wrong key",
        "measures": "Regrading by two people",
        "assessed_by": "Legal affairs",
        "assessed_on": TODAY,
        **facts,
    }
