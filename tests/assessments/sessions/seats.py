"""Sitting an exam in a session."""

from datetime import datetime, timedelta

from assessments import services
from assessments.models import Attempt, ExamSession
from tests.factories.assessments import NOW, EntitlementFactory
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

LATER = NOW + timedelta(minutes=5)


def sit(session: ExamSession, person: User | None = None, *, code: str = "magnolia 7", at: datetime = NOW) -> Attempt:
    place = EntitlementFactory(exam=session.exam, session=session, person=person or UserFactory())
    entrance = services.Entrance(code, "browser-a")
    return services.start_attempt(
        person=place.person, exam=session.exam, now=at, language="en", seed=3, entrance=entrance
    )


def save(attempt: Attempt, *, at: datetime = LATER, device: str = "browser-a") -> None:
    browser = services.Browser(device, lambda keys: False)
    services.save_answer(
        person=attempt.person, attempt_id=attempt.pk, position=1, revision=0, value=None, now=at, browser=browser
    )


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=f"assessments.{action}").count()
