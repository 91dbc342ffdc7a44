"""Papers in parts on their pages: nothing of a part that is not open."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import services
from assessments.models import Attempt
from assessments.queries import result_of
from tests.assessments.parts.papers import FREE, IN_ORDER, exam_in_parts, go_on, later, open_part, two
from tests.assessments.sitting.asking import address, send
from tests.conftest import Budget
from tests.factories.assessments import NOW, ExamSessionFactory, started
from tests.factories.media import kept, show
from tests.factories.people import CentreFactory, UserFactory

pytestmark = pytest.mark.django_db


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
            assert send(client, attempt, 1, revision=0, value=1).status_code == 200
