"""One paper for everybody: chosen by hand, the same for each, and closed once a question of it is not to be had."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import queries, services
from assessments.models import Attempt, ChosenItem, Exam, ExamPart, Item
from assessments.rules import BlueprintRow, minutes_expected
from tests.factories.assessments import (
    NOW,
    EntitlementFactory,
    ExamFactory,
    ExamSessionFactory,
    ItemFactory,
    ItemVersionFactory,
    blueprint_row,
    started,
)
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def examiner() -> User:
    return UserFactory(examiner=True)


@pytest.fixture
def desk(client: Client, examiner: User) -> Client:
    client.force_login(examiner)
    return client


@pytest.fixture
def exam() -> Exam:
    """A fixed exam of one part with six live items in its bank, none of them chosen."""
    exam = ExamFactory(mode="fixed")
    ExamPart.objects.create(exam=exam, number=1)
    competency = CompetencyFactory(framework=exam.framework)
    for number in range(6):
        item = ItemFactory(bank=exam.bank, competency=competency, code=f"q{number}")
        ItemVersionFactory(item=item, level=2 + number % 2)
    return exam


def choose(exam: Exam, *codes: str, part: int = 1) -> None:
    by = UserFactory(examiner=True)
    for code in codes:
        services.choose_item(exam=exam, item=exam.bank.items.get(code=code), part=part, by=by, at=NOW)


def opened(exam: Exam, *codes: str) -> Exam:
    choose(exam, *codes)
    services.open_exam(exam=exam, by="test", at=NOW)
    assert AuditEvent.objects.filter(action="assessments.exam_opened", subject_id=exam.pk).exists()
    return exam


def paper(attempt: Attempt) -> list[str]:
    return list(attempt.items.values_list("item_version__item__code", flat=True))


def listed(exam: Exam) -> list[tuple[int, str]]:
    return list(exam.chosen.values_list("part__number", "item__code"))


class TestSitting:
    def test_everybody_gets_the_same_questions_in_the_order_chosen(self, exam: Exam) -> None:
        opened(exam, "q4", "q1", "q3")
        attempts = [started(exam, seed=seed) for seed in range(6)]
        assert {tuple(paper(one)) for one in attempts} == {("q4", "q1", "q3")}
        orders = {tuple(one.items.get(position=1).option_order) for one in attempts}
        assert len(orders) > 1, "options stand in each person's own order"

    def test_a_shuffled_paper_has_the_same_questions_in_each_ones_order(self, exam: Exam) -> None:
        exam.shuffled = True
        exam.save()
        opened(exam, "q4", "q1", "q3", "q0")
        papers = {tuple(paper(started(exam, seed=seed))) for seed in range(6)}
        assert {frozenset(one) for one in papers} == {frozenset({"q4", "q1", "q3", "q0"})}
        assert len(papers) > 1

    def test_parts_have_what_was_chosen_for_them(self, exam: Exam) -> None:
        ExamPart.objects.create(exam=exam, number=2, order="in_order")
        choose(exam, "q5", "q0")
        choose(exam, "q2", part=2)
        services.open_exam(exam=exam, by="test", at=NOW)
        rows = started(exam).items.values_list("part__number", "position", "item_version__item__code")
        assert list(rows) == [(1, 1, "q5"), (1, 2, "q0"), (2, 3, "q2")]

    def test_scores_are_told_on_the_questions_chosen(self, exam: Exam) -> None:
        opened(exam, "q0", "q1")
        assert len(exam.reference_form) == 2

    def test_a_suspended_question_lets_nobody_start_and_uses_nothing_up(self, exam: Exam, client: Client) -> None:
        opened(exam, "q0", "q1")
        before = started(exam)
        Item.objects.filter(code="q1").update(state="suspended")
        place = EntitlementFactory(exam=exam)
        with pytest.raises(services.PaperIncomplete):
            services.start_attempt(person=place.person, exam=exam, now=NOW, language="en")
        assert not place.used_by.exists()
        assert paper(before) == ["q0", "q1"]
        client.force_login(place.person)
        page = client.get(f"/exams/{exam.code}/").content.decode()
        assert "taken out of use, so nobody can start" in page
        assert "start the clock" not in page

    def test_it_costs_as_much_for_four_questions_as_for_two(self, exam: Exam) -> None:
        costs = []
        for codes in (["q0", "q1"], ["q2", "q3"]):
            opened(exam, *codes)
            place = EntitlementFactory(exam=exam)
            with CaptureQueriesContext(connection) as asked:
                services.start_attempt(person=place.person, exam=exam, now=NOW, language="en")
            costs.append(len(asked))
            services.close_exam(exam=exam, by=UserFactory(), at=NOW)
            exam.refresh_from_db()
        assert costs[0] == costs[1]


class TestOpening:
    def test_an_empty_paper_is_not_opened(self, exam: Exam) -> None:
        with pytest.raises(services.NoQuestions):
            services.open_exam(exam=exam, by="test", at=NOW)

    def test_nor_one_with_an_empty_part(self, exam: Exam) -> None:
        ExamPart.objects.create(exam=exam, number=2)
        choose(exam, "q0")
        with pytest.raises(services.EmptyPart):
            services.open_exam(exam=exam, by="test", at=NOW)

    def test_nor_one_with_a_question_that_is_not_live(self, exam: Exam, desk: Client) -> None:
        choose(exam, "q0", "q1")
        Item.objects.filter(code="q1").update(state="suspended")
        answer = desk.post(f"/exams/manage/{exam.code}/open/", follow=True).content.decode()
        assert "The exam was not opened." in answer
        assert "q1 (not in use)" in answer
        assert not Exam.objects.get().is_open

    @pytest.mark.parametrize(("days", "opens"), [(9, False), (10, True)])
    def test_nor_one_with_a_question_that_runs_out_before_its_last_day(
        self, exam: Exam, days: int, opens: bool
    ) -> None:
        choose(exam, "q0")
        ExamSessionFactory(exam=exam, opens_at=NOW + timedelta(days=10))
        exam.bank.items.get(code="q0").versions.update(valid_until=TODAY + timedelta(days=days))
        if opens:
            services.open_exam(exam=exam, by="test", at=NOW)
        else:
            with pytest.raises(services.PaperHasFaults, match="q0"):
                services.open_exam(exam=exam, by="test", at=NOW)


class TestChoosing:
    def test_questions_are_added_moved_through_the_parts_and_taken_away(self, exam: Exam, desk: Client) -> None:
        ExamPart.objects.create(exam=exam, number=2)
        address = f"/exams/manage/{exam.code}/questions/"
        for code, part in (("q0", 1), ("q1", 1), ("q2", 2)):
            assert desk.post(address, {"action": f"add:{code}", "part": part}).status_code == 302
        desk.post(address, {"action": "add:q0", "part": 2})
        assert listed(exam) == [(1, "q0"), (1, "q1"), (2, "q2")]
        ids = {item.code: item.pk for item in exam.bank.items.all()}
        desk.post(address, {"action": f"up:{ids['q1']}"})
        assert listed(exam) == [(1, "q1"), (1, "q0"), (2, "q2")]
        desk.post(address, {"action": f"up:{ids['q1']}"})
        desk.post(address, {"action": f"down:{ids['q0']}"})
        assert listed(exam) == [(1, "q1"), (2, "q0"), (2, "q2")]
        desk.post(address, {"action": f"drop:{ids['q1']}"})
        assert listed(exam) == [(2, "q0"), (2, "q2")]
        assert list(exam.chosen.values_list("position", flat=True)) == [1, 2]
        told = AuditEvent.objects.filter(action="assessments.paper_changed")
        assert told.count() == 6
        assert told.latest("pk").after == {"removed": "q1", "questions": 2}

    def test_what_is_open_is_not_live_or_is_another_banks_is_refused(self, exam: Exam, desk: Client) -> None:
        address = f"/exams/manage/{exam.code}/questions/"
        Item.objects.filter(code="q1").update(state="pilot")
        other = ItemVersionFactory().item
        assert "cannot be asked" in desk.post(address, {"action": "add:q1"}, follow=True).content.decode()
        assert desk.post(address, {"action": f"add:{other.code}"}).status_code == 404
        opened(exam, "q0")
        assert "Close it before" in desk.post(address, {"action": "add:q2"}, follow=True).content.decode()
        assert listed(exam) == [(1, "q0")]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"q": "题干Ｑ2"}, ["q2"]),
            ({"level": 3}, ["q1", "q3", "q5"]),
            ({"kind": "open"}, []),
            ({"q": "nothing"}, []),
        ],
    )
    def test_the_bank_is_searched(self, exam: Exam, filters: dict[str, Any], found: list[str]) -> None:
        rows = queries.choosable(exam, filters, on=TODAY)
        assert [row.item.code for row in rows] == found

    def test_the_page_compares_with_the_blueprint(self, exam: Exam, desk: Client) -> None:
        competency = exam.bank.items.first().competency
        blueprint_row(exam, competency, 3, level=2)
        choose(exam, "q0", "q1", "q2")
        shown = desk.get(f"/exams/manage/{exam.code}/questions/")
        assert "2 of 3" in shown.content.decode()
        assert "1 question that no row asks for." in shown.content.decode()
        assert "3 questions, and as many points" in shown.content.decode()
        assert [row.item.code for row in shown.context["page"]] == ["q3", "q4", "q5"]

    def test_the_same_queries_for_one_and_for_many(
        self, exam: Exam, desk: Client, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        for codes in (["q0"], ["q1", "q2", "q3", "q4"]):
            choose(exam, *codes)
            with django_assert_max_num_queries(17):
                assert desk.get(f"/exams/manage/{exam.code}/questions/").status_code == 200

    def test_a_part_taken_away_takes_its_questions_and_others_keep_theirs(self, exam: Exam, examiner: User) -> None:
        ExamPart.objects.create(exam=exam, number=2)
        choose(exam, "q0")
        choose(exam, "q1", part=2)
        second = services.PartFacts(title={"en": "Second"}, was=2)
        rows = [BlueprintRow(exam.bank.items.first().competency_id, 1)]
        services.change_exam(exam=exam, content=services.Content(rows, [second]), by=examiner, at=NOW)
        assert listed(exam) == [(1, "q1")]
        assert exam.parts.get().title == {"en": "Second"}

    def test_a_copy_has_the_same_list(self, exam: Exam, desk: Client) -> None:
        ExamPart.objects.create(exam=exam, number=2)
        blueprint_row(exam, exam.bank.items.first().competency, 2)
        choose(exam, "q3", "q1")
        choose(exam, "q2", part=2)
        services.open_exam(exam=exam, by="test", at=NOW)
        assert desk.post(f"/exams/manage/{exam.code}/copy/")["Location"] == f"/exams/manage/{exam.code}-2/"
        copy = Exam.objects.get(code=f"{exam.code}-2")
        assert listed(copy) == listed(exam) == [(1, "q3"), (1, "q1"), (2, "q2")]
        assert (copy.mode, copy.minutes, copy.is_open, copy.reference_form) == ("fixed", exam.minutes, False, [])
        assert copy.blueprint.get().count == 2
        assert str(copy) == f"Copy of {exam}"

    def test_invigilators_are_told(self, exam: Exam, client: Client) -> None:
        opened(exam, "q0")
        watcher = UserFactory(invigilator=True)
        session = ExamSessionFactory(exam=exam)
        session.invigilators.add(watcher)
        client.force_login(watcher)
        assert "Nobody can start" not in client.get(f"/exams/sessions/{session.pk}/").content.decode()
        Item.objects.filter(code="q0").update(state="retired")
        assert "Nobody can start" in client.get(f"/exams/sessions/{session.pk}/").content.decode()


def test_a_drawn_exam_has_no_list(desk: Client, examiner: User) -> None:
    drawn = ExamFactory()
    item = ItemVersionFactory(item__bank=drawn.bank).item
    with pytest.raises(services.NotFixed):
        services.choose_item(exam=drawn, item=item, part=1, by=examiner, at=NOW)
    assert desk.get(f"/exams/manage/{drawn.code}/questions/").status_code == 404
    assert not ChosenItem.objects.exists()


def test_the_time_a_paper_takes() -> None:
    assert minutes_expected("scenario", own=12) == 12
    assert minutes_expected("case", parts=3) == 4
    assert minutes_expected("single") == 1
