"""Exams under supervision: places, codes, one browser, and what an invigilator does while it runs."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assessments import services
from assessments.models import Attempt, AttemptEvent, ExamSession
from assessments.views.browsers import hash_of
from tests.assessments.sessions.seats import LATER, events, save, sit
from tests.factories.assessments import NOW, EntitlementFactory
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


class TestStarting:
    def test_within_the_window_with_the_code(self, session: ExamSession) -> None:
        attempt = sit(session, code=" MAGNOLIA 7 ")
        assert attempt.session == session
        assert attempt.device == "browser-a"
        assert attempt.deadline == NOW + timedelta(minutes=session.exam.minutes)

    def test_the_clock_ends_with_the_session(self, session: ExamSession) -> None:
        at = session.closes_at - timedelta(minutes=7)
        assert sit(session, at=at).deadline == session.closes_at

    @pytest.mark.parametrize(("minutes", "refusal"), [(-11, services.NotOpenYet), (110, services.Closed)])
    def test_outside_the_window_it_is_refused(
        self, session: ExamSession, minutes: int, refusal: type[services.Refused]
    ) -> None:
        with pytest.raises(refusal):
            sit(session, at=NOW + timedelta(minutes=minutes))

    def test_a_place_without_a_session_waits_for_a_date(self, session: ExamSession) -> None:
        place = EntitlementFactory(exam=session.exam)
        with pytest.raises(services.NeedsSession):
            services.start_attempt(person=place.person, exam=session.exam, now=NOW, language="en")

    def test_wrong_codes_are_counted_for_the_person_alone(self, session: ExamSession) -> None:
        person = UserFactory()
        for _try in range(5):
            with pytest.raises(services.WrongCode):
                sit(session, person, code="rose")
        with pytest.raises(services.TooManyCodes):
            sit(session, person)
        assert not Attempt.objects.exists()
        assert sit(session).is_open
        assert sit(session, person, at=NOW + timedelta(minutes=6)).is_open

    def test_a_cancelled_session_is_closed(self, session: ExamSession, examiner: User) -> None:
        place = EntitlementFactory(exam=session.exam, session=session)
        services.cancel_session(session=session, reason="No power", by=examiner, at=NOW)
        place.refresh_from_db()
        assert place.session is None
        with pytest.raises(services.NeedsSession):
            services.start_attempt(person=place.person, exam=session.exam, now=NOW, language="en")
        assert Notice.objects.filter(person=place.person, kind="exam.session_cancelled").exists()


class TestOneBrowser:
    def test_another_cannot_answer_until_it_takes_over(self, session: ExamSession) -> None:
        attempt = sit(session)
        save(attempt)
        with pytest.raises(services.TakenOver):
            save(attempt, device="browser-b")
        services.take_over(person=attempt.person, attempt_id=attempt.pk, device="browser-b", at=LATER)
        save(attempt, device="browser-b")
        with pytest.raises(services.TakenOver):
            save(attempt)
        with pytest.raises(services.TakenOver):
            services.hand_in(
                person=attempt.person,
                attempt_id=attempt.pk,
                now=LATER,
                browser=services.Browser("browser-a", lambda keys: False),
            )
        assert AuditEvent.objects.filter(action="assessments.taken_over").count() == 1
        assert attempt.events.get().kind == AttemptEvent.Kind.TAKEN_OVER

    def test_taking_over_twice_is_taking_over_once(self, session: ExamSession) -> None:
        attempt = sit(session)
        for _twice in range(2):
            services.take_over(person=attempt.person, attempt_id=attempt.pk, device="browser-b", at=LATER)
        assert events("taken_over") == 1

    def test_nobody_takes_over_another_persons_exam(self, session: ExamSession) -> None:
        attempt = sit(session)
        with pytest.raises(Attempt.DoesNotExist):
            services.take_over(person=UserFactory(), attempt_id=attempt.pk, device="browser-b", at=LATER)

    @time_machine.travel(LATER, tick=False)
    def test_on_the_pages(self, session: ExamSession) -> None:
        attempt = sit(session)
        first, second = Client(), Client()
        first.cookies["exam-device"] = "browser-a"
        for client in (first, second):
            client.force_login(attempt.person)
        base = f"/exams/attempt/{attempt.pk}/"
        assert first.get(f"{base}1/").status_code == 200
        stopped = second.get(f"{base}1/").content.decode()
        assert "goes on at another device" in stopped
        assert 'form class="question"' not in stopped
        refused = second.post(f"{base}1/answer/", {"revision": 0, "value": None}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (423, "taken_over")
        assert second.post(f"{base}take-over/").status_code == 302
        assert second.get(f"{base}1/").status_code == 200
        assert first.get(f"{base}clock/").json()["elsewhere"] is True
        assert second.get(f"{base}clock/").json()["elsewhere"] is False

    @time_machine.travel(LATER, tick=False)
    def test_only_the_locked_browser_where_one_is_asked_for(self, session: ExamSession, client: Client) -> None:
        attempt = sit(session)
        session.exam.browser_keys = ["k" * 64]
        session.exam.save()
        client.force_login(attempt.person)
        client.cookies["exam-device"] = "browser-a"
        base = f"/exams/attempt/{attempt.pk}/1/"

        def ask(path: str, key: str, shown_for: str = "") -> int:
            sent = hash_of(f"{settings.PUBLIC_URL}{shown_for or path}", key)
            return client.get(path, headers={"X-SafeExamBrowser-ConfigKeyHash": sent}).status_code

        assert client.get(base, headers={"User-Agent": "SEB/3.5"}).status_code == 403
        assert ask(base, "k" * 64) == 200
        assert ask(base, "x" * 64) == 403
        assert ask(base, "k" * 64, shown_for="/exams/") == 403
        body = json.dumps({"revision": 0, "value": None})
        assert client.post(f"{base}answer/", body, content_type="application/json").status_code == 423


class TestInvigilating:
    def test_time_given_moves_the_deadline_and_counts(self, session: ExamSession, examiner: User) -> None:
        attempt = sit(session)
        before = attempt.deadline
        given = services.give_time(attempts=[attempt], minutes=10, reason="The printer failed", by=examiner, at=LATER)
        attempt.refresh_from_db()
        assert (given, attempt.deadline - before, attempt.given_minutes) == (1, timedelta(minutes=10), 10)
        assert events("time_given") == 1
        save(attempt, at=before + timedelta(minutes=9))

    def test_time_for_everybody_also_for_who_starts_later(self, session: ExamSession, examiner: User) -> None:
        attempt, closes = sit(session), session.closes_at
        services.give_everybody_time(session=session, minutes=15, reason="Power cut", by=examiner, at=LATER)
        session.refresh_from_db()
        attempt.refresh_from_db()
        assert session.closes_at == closes + timedelta(minutes=15)
        assert attempt.given_minutes == 15
        assert events("session_extended") == 1

    @pytest.mark.parametrize("minutes", [0, -5, 241])
    def test_no_minutes_and_too_many_are_refused(self, session: ExamSession, examiner: User, minutes: int) -> None:
        with pytest.raises(services.InvalidMinutes):
            services.give_time(attempts=[sit(session)], minutes=minutes, reason="x", by=examiner, at=LATER)

    def test_what_is_handed_in_gets_no_time(self, session: ExamSession, examiner: User) -> None:
        attempt = sit(session)
        services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=LATER)
        given = services.give_time(attempts=[attempt], minutes=10, reason="x", by=examiner, at=LATER)
        assert given == 0

    def test_a_pause_stops_the_clock_and_the_answers(self, session: ExamSession, examiner: User) -> None:
        attempt = sit(session)
        deadline = attempt.deadline
        services.pause(attempts=[attempt], reason="Fire alarm", by=examiner, at=LATER)
        with pytest.raises(services.Paused):
            save(attempt, at=LATER + timedelta(minutes=1))
        with pytest.raises(services.Paused):
            services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=LATER)
        long_after = deadline + timedelta(hours=1)
        assert services.finalise_due(now=long_after).done == []
        services.resume(attempts=[attempt], by=examiner, at=long_after)
        attempt.refresh_from_db()
        assert attempt.deadline == deadline + (long_after - LATER)
        save(attempt, at=long_after + timedelta(minutes=1))

    def test_pausing_twice_and_going_on_twice_change_nothing_more(self, session: ExamSession, examiner: User) -> None:
        attempt = sit(session)
        services.pause(attempts=[attempt], reason="x", by=examiner, at=LATER)
        assert services.pause(attempts=[attempt], reason="x", by=examiner, at=LATER + timedelta(minutes=3)) == 0
        assert services.resume(attempts=[attempt], by=examiner, at=LATER + timedelta(minutes=4)) == 1
        assert services.resume(attempts=[attempt], by=examiner, at=LATER + timedelta(minutes=9)) == 0
        attempt.refresh_from_db()
        assert attempt.deadline == NOW + timedelta(minutes=session.exam.minutes + 4)

    @time_machine.travel(LATER, tick=False)
    def test_the_clock_tells_what_was_done(self, session: ExamSession, examiner: User, client: Client) -> None:
        attempt = sit(session)
        client.force_login(attempt.person)
        client.cookies["exam-device"] = "browser-a"
        services.send_message(attempts=[attempt], text="Five minutes left.", by=examiner, at=LATER)
        services.pause(attempts=[attempt], reason="x", by=examiner, at=LATER)
        told = client.get(f"/exams/attempt/{attempt.pk}/clock/").json()
        assert told["paused"] is True
        assert told["ends"] == timezone.localtime(attempt.deadline).strftime("%H:%M")
        assert [message["text"] for message in told["messages"]] == ["Five minutes left."]
        after = told["messages"][0]["number"]
        assert client.get(f"/exams/attempt/{attempt.pk}/clock/?after={after}").json()["messages"] == []
        assert "Your exam is paused" in client.get(f"/exams/attempt/{attempt.pk}/1/").content.decode()
        assert client.get(f"/exams/attempt/{attempt.pk}/paper/").content.count(b'<form class="question"') == 0

    def test_a_message_stays_out_of_the_trail(self, session: ExamSession, examiner: User) -> None:
        services.send_message(attempts=[sit(session)], text="About your leave", by=examiner, at=LATER)
        (event,) = AuditEvent.objects.filter(action="assessments.message_sent")
        assert "leave" not in f"{event.after} {event.reason}"


class TestTrail:
    def test_each_act_leaves_one_event_and_a_refused_one_none(self, session: ExamSession, examiner: User) -> None:
        attempt, at = sit(session), {"by": examiner, "at": LATER}
        services.give_time(attempts=[attempt], minutes=5, reason="x", **at)
        services.pause(attempts=[attempt], reason="x", **at)
        services.resume(attempts=[attempt], **at)
        services.send_message(attempts=[attempt], text="x", **at)
        with pytest.raises(services.NoWords):
            services.pause(attempts=[attempt], reason=" ", **at)
        told = AuditEvent.objects.filter(person_id=attempt.person_id).exclude(action="assessments.started")
        assert list(told.order_by("pk").values_list("action", flat=True)) == [
            "assessments.time_given",
            "assessments.paused",
            "assessments.resumed",
            "assessments.message_sent",
        ]

    def test_sessions_leave_their_trail_too(self, session: ExamSession, examiner: User) -> None:
        at, clerk = {"by": examiner, "at": NOW}, UserFactory()
        window = {"opens_at": LATER, "closes_at": LATER + timedelta(hours=1), "room": "Room 2", "access_code": ""}
        planned = services.plan_session(exam=session.exam, invigilators=[], **window, **at)
        (place,) = services.give_places(session=planned, people=[clerk], waiting=[], **at)
        services.change_session(session=planned, invigilators=[], **window | {"room": "Room 3"}, **at)
        services.take_place_back(place=place, **at)
        services.give_everybody_time(session=planned, minutes=5, reason="x", **at)
        services.cancel_session(session=planned, reason="x", **at)
        assert list(
            AuditEvent.objects.filter(actor_id=examiner.pk).order_by("pk").values_list("action", flat=True)
        ) == [
            "assessments.session_planned",
            "assessments.place_given",
            "assessments.session_changed",
            "assessments.place_taken_back",
            "assessments.session_extended",
            "assessments.session_cancelled",
        ]
