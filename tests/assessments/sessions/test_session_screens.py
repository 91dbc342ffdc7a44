"""Sessions on screen: the board, acting on it, planning and giving places."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from assessments import services
from assessments.models import Attempt, Entitlement, ExamSession
from assessments.queries import board_of
from tests.assessments.sessions.seats import LATER, sit
from tests.factories.assessments import NOW, EntitlementFactory, ExamSessionFactory, exam_with_items, started
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.people.models import User

pytestmark = pytest.mark.django_db


class TestBoard:
    def test_it_says_how_everybody_is_doing(self, session: ExamSession) -> None:
        absent = EntitlementFactory(exam=session.exam, session=session)
        sitting, gone, done = sit(session), sit(session), sit(session)
        Attempt.objects.filter(pk=sitting.pk).update(last_seen_at=LATER)
        question = sitting.items.get(position=1)
        question.responses.create(revision=1, value="a", saved_at=LATER)
        question.responses.create(revision=2, value=None, saved_at=LATER)
        sitting.items.get(position=2).responses.create(revision=1, value="a", saved_at=LATER)
        services.note_leaving(attempt=sitting, at=LATER)
        services.hand_in(person=done.person, attempt_id=done.pk, now=NOW)
        board = board_of(session, now=LATER)
        seats = {seat.person.pk: seat for seat in board.seats}
        states = [seats[one.person.pk].state for one in (absent, sitting, gone, done)]
        assert states == ["absent", "sitting", "away", "done"]
        mine = seats[sitting.person.pk]
        assert (mine.answered, mine.total, mine.left) == (1, 20, 1)
        assert (board.absent, board.sitting, board.away, board.done) == (1, 2, 1, 1)

    def test_the_same_queries_for_one_and_for_many(
        self, session: ExamSession, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        sit(session)
        with django_assert_num_queries(6):
            board_of(session, now=LATER)
        for _more in range(4):
            sit(session)
        with django_assert_num_queries(6):
            board_of(session, now=LATER)


class TestScreens:
    @pytest.fixture
    def watcher(self, session: ExamSession, client: Client) -> Client:
        invigilator = UserFactory(invigilator=True)
        session.invigilators.add(invigilator)
        client.force_login(invigilator)
        return client

    def test_an_invigilator_sees_only_their_sessions(self, session: ExamSession, watcher: Client) -> None:
        other = ExamSessionFactory(exam=session.exam, room="Room 99")
        page = watcher.get("/exams/sessions/").content.decode()
        assert "Room 1" in page
        assert "Room 99" not in page
        assert watcher.get(f"/exams/sessions/{other.pk}/").status_code == 404
        assert watcher.post(f"/exams/sessions/{other.pk}/act/pause/", {"text": "x"}).status_code == 404

    @time_machine.travel(LATER, tick=False)
    def test_acting_for_one_and_for_all(self, session: ExamSession, watcher: Client) -> None:
        one, other = sit(session), sit(session)
        act = f"/exams/sessions/{session.pk}/act/"
        watcher.post(f"{act}time/", {"attempt": one.pk, "minutes": 5, "text": "Screen broke"})
        watcher.post(f"{act}pause/", {"text": "Alarm"})
        for attempt in (one, other):
            attempt.refresh_from_db()
        assert (one.given_minutes, other.given_minutes) == (5, 0)
        assert one.is_paused
        assert other.is_paused
        watcher.post(f"{act}resume/", {})
        page = watcher.get(f"/exams/sessions/{session.pk}/board/").content.decode()
        assert page.count("Screen broke") == 1

    def test_an_attempt_of_another_session_is_not_found(self, session: ExamSession, watcher: Client) -> None:
        elsewhere = started()
        response = watcher.post(f"/exams/sessions/{session.pk}/act/pause/", {"attempt": elsewhere.pk, "text": "x"})
        assert response.status_code == 404

    @time_machine.travel(LATER, tick=False)
    def test_minutes_without_a_reason_change_nothing(self, session: ExamSession, watcher: Client) -> None:
        attempt = sit(session)
        watcher.post(f"/exams/sessions/{session.pk}/act/time/", {"attempt": attempt.pk, "minutes": 5, "text": " "})
        attempt.refresh_from_db()
        assert attempt.given_minutes == 0

    def test_planning_and_giving_places(self, examiner: User, client: Client) -> None:
        exam, invigilator, clerk = exam_with_items(in_sessions=True), UserFactory(invigilator=True), UserFactory()
        waiting = EntitlementFactory(exam=exam)
        client.force_login(examiner)
        with time_machine.travel(NOW, tick=False):
            facts = {
                "exam": exam.pk,
                "opens_at": "2026-11-25T09:00",
                "closes_at": "2026-11-25T11:00",
                "room": "Room 3",
                "invigilators": [invigilator.pk],
            }
            assert client.post("/exams/sessions/plan/", facts | {"closes_at": "2026-11-25T08:00"}).status_code == 400
            assert client.post("/exams/sessions/plan/", facts).status_code == 302
            session = ExamSession.objects.get()
            places = f"/exams/sessions/{session.pk}/places/"
            wrong = client.post(places, {"numbers": f"{clerk.staff_number}, nobody"})
            assert wrong.status_code == 400
            assert "nobody" in wrong.content.decode()
            numbers = f"{clerk.staff_number}\n{clerk.staff_number}"
            assert client.post(places, {"numbers": numbers, "waiting": [waiting.pk]}).status_code == 302
        assert set(session.places.values_list("person", flat=True)) == {clerk.pk, waiting.person_id}
        assert Entitlement.objects.filter(person=waiting.person).count() == 1
        assert Notice.objects.filter(kind="exam.session_place").count() == 2
        assert Notice.objects.get(kind="exam.invigilating").person == invigilator

    def test_a_place_nobody_used_can_be_taken_back(self, session: ExamSession, examiner: User, client: Client) -> None:
        place, used = EntitlementFactory(exam=session.exam, session=session), sit(session).entitlement
        client.force_login(examiner)
        for row in (place, used):
            client.post(f"/exams/sessions/{session.pk}/places/{row.pk}/take-back/")
        assert list(session.places.all()) == [used]

    @time_machine.travel(NOW - timedelta(minutes=30), tick=False)
    def test_changing_tells_those_concerned(self, session: ExamSession, examiner: User, client: Client) -> None:
        place = EntitlementFactory(exam=session.exam, session=session)
        client.force_login(examiner)
        facts = {"opens_at": "2026-11-24T09:00", "closes_at": "2026-11-24T11:00", "room": "Room 8"}
        assert client.post(f"/exams/sessions/{session.pk}/change/", facts).status_code == 302
        assert Notice.objects.get(person=place.person).kind == "exam.session_moved"

    def test_who_sits_is_not_moved_to_another_room(self, session: ExamSession, examiner: User, client: Client) -> None:
        sit(session)
        client.force_login(examiner)
        with time_machine.travel(LATER, tick=False):
            facts = {"opens_at": "2026-11-23T08:50", "closes_at": "2026-11-23T11:50", "room": "Room 8"}
            response = client.post(f"/exams/sessions/{session.pk}/change/", facts)
        assert response.status_code == 400
        assert "Somebody has started" in response.content.decode()
