"""A pause that nobody ends is over two hours after its session closed, and not before."""

from datetime import datetime, timedelta
from unittest import mock

import pytest

from assessments import services
from assessments.models import Attempt, ExamSession
from tests.assessments.sessions.seats import LATER, save, sit
from tests.factories.assessments import ExamSessionFactory, answered, exam_with_items, started
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.operations.sentences import SENTENCES
from training.people.models import User

pytestmark = pytest.mark.django_db
TWO_HOURS, SECOND = timedelta(hours=2), timedelta(seconds=1)


@pytest.fixture
def session() -> ExamSession:
    return ExamSessionFactory(exam=exam_with_items(in_sessions=True), access_code="magnolia 7")


@pytest.fixture
def examiner() -> User:
    return UserFactory(examiner=True)


def paused(attempt: Attempt, by: User, at: datetime = LATER) -> Attempt:
    services.pause(attempts=[attempt], reason="Fire alarm", by=by, at=at)
    attempt.refresh_from_db()
    return attempt


def test_two_hours_after_the_session_the_clock_hands_in_what_was_answered(session: ExamSession, examiner: User) -> None:
    attempt = paused(answered(sit(session), right=1), examiner)
    over = session.closes_at + TWO_HOURS
    assert services.finalise_due(now=over).done == []
    assert services.finalise_due(now=over + SECOND).done == [attempt.pk]
    assert services.finalise_due(now=over + timedelta(hours=1)).done == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.finished_by, attempt.answered) == ("scored", "clock", 1)
    event = AuditEvent.objects.get(action="assessments.finished_paused")
    assert event.after["paused_at"] == LATER.isoformat()
    assert event.after["receipt"] == attempt.receipt
    assert "pause nobody had ended" in SENTENCES[event.action]
    assert not AuditEvent.objects.filter(action="assessments.finished").exists()


def test_until_then_whoever_waits_goes_on_with_the_time_that_was_left(session: ExamSession, examiner: User) -> None:
    attempt = paused(sit(session), examiner)
    left, late = attempt.deadline - LATER, session.closes_at + TWO_HOURS
    services.finalise_due(now=late)
    services.resume(attempts=[attempt], by=examiner, at=late)
    attempt.refresh_from_db()
    assert attempt.deadline == late + left
    save(attempt, at=late + SECOND)


def test_time_given_past_the_close_of_the_session_counts(session: ExamSession, examiner: User) -> None:
    attempt = sit(session)
    services.give_time(attempts=[attempt], minutes=240, reason="Screen broke", by=examiner, at=LATER)
    attempt = paused(attempt, examiner)
    assert attempt.deadline > session.closes_at
    assert services.finalise_due(now=attempt.deadline + TWO_HOURS).done == []
    assert services.finalise_due(now=attempt.deadline + TWO_HOURS + SECOND).done == [attempt.pk]


def test_without_a_session_the_deadline_counts(examiner: User) -> None:
    attempt = paused(started(), examiner)
    assert services.finalise_due(now=attempt.deadline + TWO_HOURS).done == []
    assert services.finalise_due(now=attempt.deadline + TWO_HOURS + SECOND).done == [attempt.pk]


def test_time_given_while_the_clock_goes_round_is_not_taken_away(session: ExamSession, examiner: User) -> None:
    """Found overdue, and then given more time before its turn comes."""
    first, second = sit(session), sit(session, at=LATER)
    now = second.deadline + timedelta(minutes=1)
    finalise = services.finishing._finalise

    def and_meanwhile(attempt: Attempt, *facts: object, **more: object) -> Attempt:
        services.give_time(attempts=[second], minutes=30, reason="Power cut", by=examiner, at=now)
        return finalise(attempt, *facts, **more)

    with mock.patch("assessments.services.finishing._finalise", and_meanwhile):
        assert services.finalise_due(now=now).done == [first.pk]
    second.refresh_from_db()
    assert second.is_open
    assert second.given_minutes == 30
