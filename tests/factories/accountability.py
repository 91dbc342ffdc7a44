"""Copies of what is kept about a person, and erasures."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from tests.factories.mentors import NOW
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
