"""Coaching sessions: logged once, taken back until answered, then fixed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from mentors.models import CoachingSession, SessionRating
from mentors.services import (
    AlreadyDoneError,
    CoachingError,
    NotYoursError,
    TakenBackError,
    countersign,
    log_session,
    withdraw_session,
)
from tests.factories.authorisations import MatterFactory
from tests.factories.mentors import NOW, MentorshipFactory, RubricFactory, facts_of, logged
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


class TestLogging:
    def test_keeps_what_was_seen_and_tells_the_mentee(self) -> None:
        mentorship = MentorshipFactory()
        seen = list(RubricFactory().criteria.all()[:2])

        session = logged(mentorship, level=None, seen=seen, next_action="Sweep first")

        saved = CoachingSession.objects.get()
        assert (saved.level, saved.next_action, saved.logged_by) == (None, "Sweep first", mentorship.teacher.person)
        assert set(SessionRating.objects.values_list("criterion", flat=True)) == {one.pk for one in seen}
        notice = Notice.objects.get(kind="session.logged")
        assert (notice.person, notice.path) == (mentorship.mentee, f"/coaching/sessions/{session.pk}/")
        assert AuditEvent.objects.get(action="mentors.session_logged").person_id == mentorship.mentee_id

    def test_sending_it_again_changes_nothing(self) -> None:
        mentorship, number = MentorshipFactory(), uuid4()
        by = mentorship.teacher.person

        first = log_session(client_uuid=number, mentorship=mentorship, facts=facts_of(mentorship), by=by, at=NOW)
        later = NOW + timedelta(hours=2)
        again = log_session(
            client_uuid=number, mentorship=mentorship, facts=facts_of(mentorship, minutes=45), by=by, at=later
        )

        assert again == first
        assert CoachingSession.objects.get().minutes == 20
        assert Notice.objects.count() == AuditEvent.objects.filter(action="mentors.session_logged").count() == 1

    def test_one_that_was_taken_back_does_not_come_back(self) -> None:
        mentorship = MentorshipFactory()
        session = logged(mentorship)
        withdraw_session(session=session, by=session.logged_by, at=NOW)

        with pytest.raises(TakenBackError):
            log_session(
                client_uuid=session.client_uuid,
                mentorship=mentorship,
                facts=facts_of(mentorship),
                by=session.logged_by,
                at=NOW,
            )

        assert not CoachingSession.objects.standing().exists()

    def test_an_id_belongs_to_one_mentorship(self) -> None:
        session = logged(MentorshipFactory())
        other = MentorshipFactory(teacher=session.mentorship.teacher)

        with pytest.raises(CoachingError, match="Open the log again"):
            log_session(
                client_uuid=session.client_uuid,
                mentorship=other,
                facts=facts_of(other),
                by=session.logged_by,
                at=NOW,
            )

    def test_nobody_but_the_teacher_logs(self) -> None:
        mentorship = MentorshipFactory()

        for by in (mentorship.mentee, UserFactory(hr=True), UserFactory(teacher=True)):
            with pytest.raises(NotYoursError):
                log_session(client_uuid=uuid4(), mentorship=mentorship, facts=facts_of(mentorship), by=by, at=NOW)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"held_at": NOW + timedelta(minutes=1)}, "lies ahead"),
            ({"held_at": NOW - timedelta(days=60)}, "began later"),
        ],
    )
    def test_the_time_fits(self, given: dict[str, datetime], message: str) -> None:
        with pytest.raises(CoachingError, match=message):
            logged(MentorshipFactory(), **given)

    def test_the_matter_is_one_of_the_mentorship(self) -> None:
        with pytest.raises(CoachingError, match="not part"):
            logged(MentorshipFactory(), matter=MatterFactory())

    @pytest.mark.parametrize("state", [{"proposed": True}, {"ended_on": NOW.date(), "outcome": "completed"}])
    def test_only_while_coaching_runs(self, state: dict[str, Any]) -> None:
        with pytest.raises(CoachingError, match="while coaching runs"):
            logged(MentorshipFactory(**state))


class TestTakingBack:
    def test_by_whoever_logged_it(self) -> None:
        session = logged(MentorshipFactory())

        with pytest.raises(NotYoursError):
            withdraw_session(session=session, by=session.mentorship.mentee, at=NOW)
        withdraw_session(session=session, by=session.logged_by, at=NOW)

        assert not CoachingSession.objects.standing().exists()
        assert AuditEvent.objects.filter(action="mentors.session_withdrawn").exists()

    def test_not_after_the_answer(self) -> None:
        session = logged(MentorshipFactory())
        countersign(session=session, by=session.mentorship.mentee, agreed=True, note="", at=NOW)

        with pytest.raises(AlreadyDoneError):
            withdraw_session(session=session, by=session.logged_by, at=NOW)

        assert CoachingSession.objects.standing().get() == session

    def test_the_database_says_so_too(self) -> None:
        session = logged(MentorshipFactory())
        countersign(session=session, by=session.mentorship.mentee, agreed=True, note="", at=NOW)

        with pytest.raises(IntegrityError), transaction.atomic():
            CoachingSession.objects.update(withdrawn_at=NOW)


class TestCountersigning:
    def test_the_teacher_hears_of_it(self) -> None:
        session = logged(MentorshipFactory())

        countersign(session=session, by=session.mentorship.mentee, agreed=True, note=" ", at=NOW)

        saved = CoachingSession.objects.get()
        assert (saved.reply, saved.reply_note, saved.countersigned_at) == ("agreed", "", NOW)
        assert Notice.objects.get(kind="session.countersigned").person == session.logged_by

    def test_disagreeing_says_with_what(self) -> None:
        session = logged(MentorshipFactory())

        with pytest.raises(CoachingError, match="Say with what"):
            countersign(session=session, by=session.mentorship.mentee, agreed=False, note=" ", at=NOW)
        countersign(session=session, by=session.mentorship.mentee, agreed=False, note="I did it alone", at=NOW)

        assert CoachingSession.objects.get().reply == CoachingSession.Reply.DISAGREED

    def test_nobody_but_the_mentee_answers(self) -> None:
        session = logged(MentorshipFactory())

        for by in (session.logged_by, UserFactory(hr=True)):
            with pytest.raises(NotYoursError):
                countersign(session=session, by=by, agreed=True, note="", at=NOW)

    def test_an_answer_is_final(self) -> None:
        session = logged(MentorshipFactory())
        mentee = session.mentorship.mentee
        countersign(session=session, by=mentee, agreed=True, note="", at=NOW)

        with pytest.raises(AlreadyDoneError):
            countersign(session=session, by=mentee, agreed=False, note="Changed my mind", at=NOW)

        assert CoachingSession.objects.get().reply == CoachingSession.Reply.AGREED

    def test_what_was_taken_back_is_not_answered(self) -> None:
        session = logged(MentorshipFactory())
        withdraw_session(session=session, by=session.logged_by, at=NOW)

        with pytest.raises(AlreadyDoneError):
            countersign(session=session, by=session.mentorship.mentee, agreed=True, note="", at=NOW)
