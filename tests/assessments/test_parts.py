"""Papers in parts: opened and closed by the server, in their order, each with its own time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from assessments import rules, services
from assessments.models import Attempt, AttemptItem, AttemptPart, Exam, ExamPart
from assessments.queries import result_of
from assessments.services import Browser
from tests.assessments.sitting.asking import address, send
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    ExamFactory,
    ExamSessionFactory,
    ItemFactory,
    ItemVersionFactory,
    blueprint_row,
    started,
)
from tests.factories.competencies import CompetencyFactory
from tests.factories.media import kept, show
from tests.factories.people import CentreFactory, UserFactory
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

FREE, IN_ORDER = ExamPart.Order.FREE, ExamPart.Order.IN_ORDER


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def exam_in_parts(*parts: tuple[int | None, str], asked: int = 3, **facts: Any) -> Exam:
    """Return an open exam of sixty minutes with parts of so many minutes, each asking for single choices."""
    exam = ExamFactory(**{"minutes": 60} | facts)
    for number, (minutes, order) in enumerate(parts, start=1):
        competency = CompetencyFactory(framework=exam.framework)
        ExamPart.objects.create(
            exam=exam,
            number=number,
            title={"en": f"Title {number}"},
            introduction={"en": f"Intro {number}"},
            minutes=minutes,
            order=order,
        )
        blueprint_row(exam, competency, asked, part=number)
        for _ in range(asked + 1):
            ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=competency))
    services.open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def two(first: str = FREE, second: str = FREE, **facts: Any) -> Attempt:
    """A started attempt: three questions in twenty minutes, then three in what is left of sixty."""
    return started(exam_in_parts((20, first), (None, second)), **facts)


def save(attempt: Attempt, position: int, value: int = 1, *, at: datetime = NOW, revision: int = 0) -> services.Saved:
    return services.save_answer(
        person=attempt.person, attempt_id=attempt.pk, position=position, revision=revision, value=value, now=at
    )


def go_on(attempt: Attempt, number: int = 1, *, at: datetime = NOW, browser: Browser | None = None) -> None:
    services.begin_next_part(person=attempt.person, attempt_id=attempt.pk, number=number, now=at, browser=browser)


def leave(attempt: Attempt, position: int, *, at: datetime = NOW) -> None:
    services.leave_question(person=attempt.person, attempt_id=attempt.pk, position=position, now=at)


def parts(attempt: Attempt) -> list[AttemptPart]:
    return list(attempt.parts.order_by("number"))


def open_part(attempt: Attempt) -> int:
    return attempt.parts.get(opened_at__isnull=False, closed_at=None).number


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


class TestPages:
    @pytest.fixture(autouse=True)
    def centre(self) -> None:
        CentreFactory()

    @pytest.fixture
    def at(self, time_machine: Any) -> Any:
        def move(moment: datetime) -> None:
            time_machine.move_to(moment, tick=False)

        return move

    def stems(self, attempt: Attempt, part: int) -> list[str]:
        found = attempt.items.filter(part__number=part).select_related("item_version").order_by("position")
        return [item.item_version.stem["en"] for item in found]

    def test_questions_of_another_part_are_delivered_nowhere(self, client: Client, at: Any) -> None:
        attempt = two()
        client.force_login(attempt.person)
        at(later(1))
        shown = "".join(client.get(address(attempt, path)).content.decode() for path in ("1/", "check/", "paper/"))
        assert all(stem in shown for stem in self.stems(attempt, 1))
        assert not any(stem in shown for stem in self.stems(attempt, 2))
        assert client.get(address(attempt, "4/")).headers["Location"] == address(attempt)
        client.post(address(attempt, "go-on/"), {"part": 1})
        paper = client.get(address(attempt, "paper/")).content.decode()
        assert all(stem in paper for stem in self.stems(attempt, 2))
        assert not any(stem in paper for stem in self.stems(attempt, 1))
        assert client.get(address(attempt, "1/")).headers["Location"] == address(attempt)
        assert client.get(address(attempt)).headers["Location"] == address(attempt, "4/")

    def test_in_order_only_the_question_reached_is_delivered(self, client: Client, at: Any) -> None:
        attempt = two(first=IN_ORDER)
        client.force_login(attempt.person)
        at(later(1))
        first, second, third = self.stems(attempt, 1)
        page = client.get(address(attempt, "1/")).content.decode()
        assert "once you go on, this question is closed" in page
        paper = client.get(address(attempt, "paper/")).content.decode()
        assert first in paper
        assert second not in paper
        client.post(address(attempt, "1/"), {"action": "next", "revision": 0, "choice": 1})
        paper = client.get(address(attempt, "paper/")).content.decode()
        assert second in paper
        assert first not in paper
        assert third not in paper
        assert client.get(address(attempt, "1/")).headers["Location"] == address(attempt)
        assert attempt.items.get(position=1).responses.count() == 1

    def test_a_refused_answer_names_its_reason(self, client: Client, at: Any) -> None:
        attempt = two(second=IN_ORDER)
        client.force_login(attempt.person)
        at(later(1))
        ahead = send(client, attempt, 4, revision=0, value=1)
        assert (ahead.status_code, ahead.json()["code"]) == (410, "not_reached")
        client.post(address(attempt, "go-on/"), {"part": 1})
        closed = send(client, attempt, 1, revision=0, value=1)
        assert (closed.status_code, closed.json()["code"]) == (410, "part_closed")
        client.post(address(attempt, "4/"), {"action": "next", "revision": 0})
        left = send(client, attempt, 4, revision=0, value=1)
        assert (left.status_code, left.json()["code"]) == (410, "question_left")

    def test_pictures_come_with_their_part_alone(self, client: Client, at: Any) -> None:
        attempt = two()
        client.force_login(attempt.person)
        at(later(1))
        shown = {1: kept("red"), 4: kept("blue")}
        for position, file in shown.items():
            show(attempt.items.get(position=position).item_version, file)
        addresses = {position: f"/exams/media/{file.ref}/" for position, file in shown.items()}
        status = {position: client.get(path).status_code for position, path in addresses.items()}
        assert status == {1: 200, 4: 404}
        go_on(attempt)
        status = {position: client.get(path).status_code for position, path in addresses.items()}
        assert status == {1: 404, 4: 200}

    def test_going_on_is_asked_first_and_warned_of(self, client: Client, at: Any) -> None:
        attempt = two()
        client.force_login(attempt.person)
        at(later(1))
        assert "Go on to part 2" in client.get(address(attempt, "check/")).content.decode()
        assert client.get(address(attempt, "hand-in/")).headers["Location"] == address(attempt, "go-on/")
        page = client.get(address(attempt, "go-on/")).content.decode()
        assert "Go on to part 2 with 3 questions unanswered?" in page
        assert "You cannot come back to this part" in page
        assert "Intro 2" in page
        client.post(address(attempt, "hand-in/"))
        assert open_part(attempt) == 1
        client.post(address(attempt, "go-on/"), {"part": 1})
        assert open_part(attempt) == 2
        assert client.get(address(attempt, "go-on/")).headers["Location"] == address(attempt, "hand-in/")

    def test_when_the_time_of_a_part_is_up_its_page_says_so(self, client: Client, at: Any) -> None:
        attempt = two()
        client.force_login(attempt.person)
        at(later(21))
        assert client.get(address(attempt, "1/")).headers["Location"] == address(attempt, "go-on/")
        page = client.get(address(attempt, "go-on/")).content.decode()
        assert "The time of this part is up" in page
        assert "data-time-up" in page
        services.give_time(attempts=[attempt], minutes=10, reason="Noise", by=UserFactory(), at=timezone.now())
        client.post(address(attempt, "go-on/"), {"part": 1, "up": 1})
        assert open_part(attempt) == 1
        at(later(31))
        client.post(address(attempt, "go-on/"), {"part": 1, "up": 1})
        assert open_part(attempt) == 2

    def test_the_clock_tells_part_and_whole(self, client: Client, at: Any) -> None:
        attempt = two()
        client.force_login(attempt.person)
        at(later(5))
        told = client.get(address(attempt, "clock/")).json()
        assert (told["remaining"], told["whole"], told["part"]) == (15 * 60, 55 * 60, 1)

    @pytest.mark.parametrize(("closes", "cut"), [(None, False), (later(35), True)])
    def test_a_last_part_of_its_own_time_was_not_cut_by_a_window(self, closes: datetime | None, cut: bool) -> None:
        attempt = started(exam_in_parts((20, FREE), (30, FREE), closes_at=closes))
        go_on(attempt, at=later(10))
        services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=later(12))
        result = result_of(attempt.person, attempt.pk, today=NOW.date())
        assert result.shortened is cut

    def test_one_part_speaks_of_no_parts(self, client: Client, at: Any) -> None:
        attempt = started(exam_in_parts((None, FREE)))
        client.force_login(attempt.person)
        at(later(1))
        for path in ("1/", "check/", "hand-in/"):
            page = client.get(address(attempt, path)).content.decode()
            assert "Part 1" not in page
            assert "this part" not in page
        start = client.get(f"/exams/{attempt.exam.code}/").content.decode()
        assert "one after the other" not in start

    def test_the_start_page_tells_the_parts(self, client: Client, at: Any) -> None:
        exam = exam_in_parts((20, FREE), (None, IN_ORDER))
        person = UserFactory()
        services.entitle(person=person, exam=exam, why={"en": "Course"}, by="test", at=NOW)
        client.force_login(person)
        at(later(1))
        page = client.get(f"/exams/{exam.code}/").content.decode()
        assert "Title 2" in page
        assert "3 questions, 20 min" in page
        assert "One question after the other, no going back." in page

    def test_the_board_tells_which_part(self, client: Client, at: Any) -> None:
        session = ExamSessionFactory(exam=exam_in_parts((20, FREE), (None, FREE)))
        services.give_places(session=session, people=[UserFactory()], waiting=[], by=UserFactory(), at=NOW)
        place = session.places.get()
        attempt = services.start_attempt(person=place.person, exam=session.exam, now=NOW, language="en", seed=1)
        client.force_login(UserFactory(examiner=True))
        at(later(5))
        page = client.get(f"/exams/sessions/{session.pk}/").content.decode()
        assert "part 1 of 2" in page
        assert "15 min in this part" in page
        go_on(attempt, at=later(5))
        assert "part 2 of 2" in client.get(f"/exams/sessions/{session.pk}/board/").content.decode()

    def test_answers_in_parts_cost_as_little(self, client: Client, at: Any, at_most: Budget) -> None:
        attempt = two(first=IN_ORDER)
        client.force_login(attempt.person)
        at(later(1))
        with at_most(4):
            send(client, attempt, 1, revision=0, value=1)


@pytest.mark.django_db(transaction=True)
def test_exams_and_attempts_on_record_get_one_part() -> None:
    """The migration, run on rows as they were before it."""
    person, competency = UserFactory(), CompetencyFactory()
    executor = MigrationExecutor(connection)
    before = [("assessments", "0016_exams_have_parts")]
    executor.migrate(before)
    old = executor.loader.project_state(before).apps.get_model

    def make(model: str, **facts: Any) -> Any:
        return old("assessments", model).objects.create(**facts)

    bank = make("Bank", code="bank", name={})
    exam = make(
        "Exam", code="old", title={}, bank=bank, framework_id=competency.framework_id, target_level=3, minutes=30
    )
    make("BlueprintRow", exam=exam, competency_id=competency.pk, count=1)
    place = make("Entitlement", person_id=person.pk, exam=exam, granted_at=NOW, why={})
    item = make("Item", bank=bank, code="item", competency_id=competency.pk, author_id=person.pk)
    judged = {"judged_p": 0.6, "written_at": NOW}
    version = make("ItemVersion", item=item, number=1, kind="single", stem={}, key=[], level=3, **judged)
    common = {
        "person_id": person.pk, "exam": exam, "entitlement": place, "seed": 1, "language": "en", "minutes": 30,
        "started_at": NOW, "deadline": later(30), "target_level": 3, "cuts": [],
    }  # fmt: skip
    running = make("Attempt", **common)
    ended = make("Attempt", **common | {"state": "marking", "finished_at": later(9)})
    for attempt in (running, ended):
        make(
            "AttemptItem", attempt=attempt, position=1, item_version=version, competency_id=competency.pk,
            option_order=[], a=1, b=0, b_sd=1,
        )  # fmt: skip

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("assessments"))

    part = ExamPart.objects.get(exam=exam.pk)
    assert (part.number, part.minutes, part.order, part.rows.count()) == (1, None, FREE, 1)
    facts = AttemptPart.objects.order_by("attempt").values_list(
        "attempt", "number", "opened_at", "deadline", "closed_at"
    )
    assert list(facts) == [(running.pk, 1, NOW, later(30), None), (ended.pk, 1, NOW, later(30), later(9))]
    assert all(item.part.attempt_id == item.attempt_id for item in AttemptItem.objects.select_related("part"))
