"""Papers in parts: opened and closed by the server, in their order, each with its own time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from assessments import rules, services
from assessments.models import Attempt, AttemptItem, AttemptPart, ExamPart
from assessments.services import Browser
from tests.assessments.parts.papers import (
    FREE,
    IN_ORDER,
    exam_in_parts,
    go_on,
    later,
    leave,
    open_part,
    parts,
    save,
    two,
)
from tests.factories.assessments import NOW, ExamSessionFactory, started
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


class TestStarting:
    def test_a_paper_has_its_parts_one_after_the_other_with_no_question_twice(self) -> None:
        attempt = two()
        rows = list(attempt.items.order_by("position").values_list("position", "part__number", "item_version"))
        assert [(position, part) for position, part, _version in rows] == [
            (1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2),
        ]  # fmt: skip
        assert len({version for *_place, version in rows}) == 6
        asked = {row.part.number: row.competency_id for row in attempt.exam.blueprint.select_related("part")}
        assert all(item.competency_id == asked[item.part.number] for item in attempt.items.select_related("part").all())

    def test_only_the_first_is_open_and_ends_after_its_own_time(self) -> None:
        first, second = parts(two())
        assert (first.opened_at, first.deadline, first.closed_at) == (NOW, later(20), None)
        assert (second.opened_at, second.deadline) == (None, None)

    def test_a_part_gets_its_share_of_the_persons_extra_time(self) -> None:
        attempt = two(extra_minutes=15)
        first, _second = parts(attempt)
        assert (first.extra_minutes, first.deadline) == (5, later(25))
        assert attempt.deadline == later(75)

    def test_a_part_never_outlasts_the_window(self) -> None:
        attempt = started(exam_in_parts((20, FREE), (None, FREE), closes_at=later(12)))
        assert parts(attempt)[0].deadline == later(12)

    def test_parts_are_a_snapshot(self) -> None:
        attempt = two()
        attempt.exam.parts.update(minutes=1, order=IN_ORDER, title={"en": "Changed"})
        go_on(attempt)
        second = parts(attempt)[1]
        assert (second.minutes, second.order, second.title) == (None, FREE, {"en": "Title 2"})

    def test_an_exam_with_an_empty_part_cannot_be_opened(self) -> None:
        exam = exam_in_parts((20, FREE), (None, FREE))
        ExamPart.objects.create(exam=exam, number=3)
        with pytest.raises(services.EmptyPart):
            services.open_exam(exam=exam, by="test", at=NOW)


class TestGoingOn:
    def test_the_next_part_begins_when_the_person_goes_on(self) -> None:
        attempt = two()
        go_on(attempt, at=later(5))
        first, second = parts(attempt)
        assert first.closed_at == second.opened_at == later(5)
        assert second.deadline == later(60)
        event = AuditEvent.objects.get(action="assessments.part_begun")
        assert event.person_id == event.actor_id == attempt.person_id

    def test_going_on_twice_is_going_on_once(self) -> None:
        attempt = started(exam_in_parts((20, FREE), (20, FREE), (None, FREE)))
        go_on(attempt, 1, at=later(5))
        go_on(attempt, 1, at=later(6))
        assert [part.opened_at for part in parts(attempt)] == [NOW, later(5), None]

    def test_nobody_goes_on_from_the_last_or_from_a_part_not_open(self) -> None:
        attempt = two()
        go_on(attempt, 2)
        assert open_part(attempt) == 1
        go_on(attempt, 1)
        go_on(attempt, 2)
        assert open_part(attempt) == 2

    def test_what_stops_answers_stops_going_on(self) -> None:
        attempt = two()
        by = UserFactory()
        services.pause(attempts=[attempt], reason="Alarm", by=by, at=NOW)
        with pytest.raises(services.Paused):
            go_on(attempt)
        services.resume(attempts=[attempt], by=by, at=NOW)
        Attempt.objects.filter(pk=attempt.pk).update(device="the-other")
        with pytest.raises(services.TakenOver):
            go_on(attempt, browser=Browser("this", lambda _keys: True))
        with pytest.raises(services.TimeUp):
            go_on(attempt, at=later(61))
        with pytest.raises(Attempt.DoesNotExist):
            services.begin_next_part(person=UserFactory(), attempt_id=attempt.pk, number=1, now=NOW)
        assert open_part(attempt) == 1

    def test_the_attempt_ends_with_its_last_part(self) -> None:
        attempt = started(exam_in_parts((20, FREE), (10, FREE)))
        go_on(attempt, at=later(5))
        attempt.refresh_from_db()
        assert attempt.deadline == parts(attempt)[1].deadline == later(15)
        assert services.finalise_due(now=later(15) + timedelta(seconds=6)).done == [attempt.pk]

    def test_handing_in_waits_for_the_last_part(self) -> None:
        attempt = two()
        hand_in = {"person": attempt.person, "attempt_id": attempt.pk}
        with pytest.raises(services.PartsLeft):
            services.hand_in(**hand_in, now=later(1))
        go_on(attempt, at=later(2))
        done = services.hand_in(**hand_in, now=later(3))
        assert done.state == Attempt.State.SCORED
        assert [part.closed_at for part in parts(attempt)] == [later(2), later(3)]

    def test_when_all_time_is_up_parts_that_were_never_opened_are_handed_in_too(self) -> None:
        attempt = two()
        assert services.finalise_due(now=later(60) + timedelta(seconds=6)).done == [attempt.pk]
        attempt.refresh_from_db()
        assert (attempt.state, attempt.answered) == (Attempt.State.SCORED, 0)
        assert parts(attempt)[1].opened_at is None


class TestAnswers:
    def test_a_closed_part_takes_none_and_one_not_open_neither(self) -> None:
        attempt = two()
        assert save(attempt, 1).deadline == later(20)
        with pytest.raises(services.NotReached):
            save(attempt, 4)
        go_on(attempt)
        with pytest.raises(services.PartClosed):
            save(attempt, 1, 2, revision=1)
        with pytest.raises(services.PartClosed):
            services.flag(person=attempt.person, attempt_id=attempt.pk, position=1, flagged=True, now=NOW)
        assert save(attempt, 4).revision == 1
        assert AttemptItem.objects.filter(attempt=attempt, responses__isnull=False).count() == 2

    def test_the_time_of_a_part_has_the_same_grace(self) -> None:
        attempt = two()
        assert save(attempt, 1, at=later(20) + timedelta(seconds=5)).revision == 1
        with pytest.raises(services.PartTimeUp):
            save(attempt, 2, at=later(20) + timedelta(seconds=6))

    def test_in_order_only_the_question_reached_is_taken(self) -> None:
        attempt = two(first=IN_ORDER)
        save(attempt, 1)
        with pytest.raises(services.NotReached):
            save(attempt, 2)
        with pytest.raises(services.NotReached):
            leave(attempt, 2)
        leave(attempt, 1)
        with pytest.raises(services.QuestionLeft):
            save(attempt, 1, 2, revision=1)
        with pytest.raises(services.QuestionLeft):
            leave(attempt, 1)
        assert save(attempt, 2).revision == 1

    def test_the_last_question_of_a_part_is_left_with_the_part(self) -> None:
        attempt = two(first=IN_ORDER, second=IN_ORDER)
        for position in (1, 2, 3):
            leave(attempt, position)
        assert save(attempt, 3).revision == 1
        go_on(attempt)
        assert save(attempt, 4).revision == 1
        with pytest.raises(services.NotReached):
            save(attempt, 5)

    def test_a_question_is_seen_only_when_it_can_be_read(self) -> None:
        attempt = two(first=IN_ORDER)
        for position in (1, 2, 4):
            services.mark_seen(person=attempt.person, attempt_id=attempt.pk, position=position, now=NOW)
        assert list(attempt.items.exclude(seen_at=None).values_list("position", flat=True)) == [1]


class TestTime:
    def test_given_time_and_pauses_move_the_part_as_the_whole(self) -> None:
        attempt, by = two(), UserFactory()
        services.give_time(attempts=[attempt], minutes=10, reason="Noise", by=by, at=later(1))
        assert parts(attempt)[0].deadline == later(30)
        services.pause(attempts=[attempt], reason="Alarm", by=by, at=later(2))
        services.resume(attempts=[attempt], by=by, at=later(9))
        attempt.refresh_from_db()
        assert (parts(attempt)[0].deadline, attempt.deadline) == (later(37), later(77))
        go_on(attempt, at=later(40 - 4))
        assert parts(attempt)[1].deadline == later(77)

    def test_time_after_an_incident_moves_the_part(self) -> None:
        session = ExamSessionFactory(exam=exam_in_parts((20, FREE), (None, FREE)))
        services.give_places(session=session, people=[UserFactory()], waiting=[], by=UserFactory(), at=NOW)
        place = session.places.get()
        attempt = services.start_attempt(person=place.person, exam=session.exam, now=NOW, language="en", seed=1)
        services.give_everybody_time(session=session, minutes=5, reason="Power cut", by=UserFactory(), at=later(1))
        assert parts(attempt)[0].deadline == later(25)

    def test_the_tick_closes_a_part_and_opens_the_next(self) -> None:
        attempt = two()
        assert services.open_next_due(now=later(20) + timedelta(seconds=4)) == ([], [])
        now = later(20) + timedelta(seconds=6)
        assert services.open_next_due(now=now) == ([attempt.pk], [])
        assert services.open_next_due(now=now) == ([], [])
        first, second = parts(attempt)
        assert first.closed_at == second.opened_at == now
        assert second.deadline == later(60)

    def test_the_tick_leaves_paused_and_ended_attempts_alone(self) -> None:
        paused, ended = two(), two()
        services.pause(attempts=[paused], reason="Alarm", by=UserFactory(), at=later(1))
        assert services.open_next_due(now=later(30)) == ([ended.pk], [])
        again = two()
        assert services.open_next_due(now=later(61)) == ([], [])
        assert [open_part(paused), open_part(again)] == [1, 1]

    def test_one_that_fails_holds_up_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken, fine = two(), two()
        broken.parts.get(number=2).items.update(part=broken.parts.get(number=1))
        AttemptPart.objects.filter(attempt=broken, number=2).update(order=IN_ORDER)
        real = rules.part_deadline

        def refuse(opened: datetime, *facts: Any) -> datetime:
            if facts[-1] == later(59):
                raise ValueError("broken")
            return real(opened, *facts)

        Attempt.objects.filter(pk=broken.pk).update(deadline=later(59))
        monkeypatch.setattr(rules, "part_deadline", refuse)
        assert services.open_next_due(now=later(21)) == ([fine.pk], [broken.pk])
        assert open_part(broken) == 1
