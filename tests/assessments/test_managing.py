"""Making exams on screen: settings, blueprint, what the bank has for it, opening, closing, places."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from assessments import services
from assessments.models import Attempt, Entitlement, Exam
from assessments.rules import BlueprintRow as Row
from tests.factories.assessments import NOW, BankFactory, ItemFactory, ItemVersionFactory, exam_with_items, started
from tests.factories.certificates import AchievementFactory
from tests.factories.competencies import CompetencyFactory, FrameworkFactory, TargetFactory
from tests.factories.people import UserFactory
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


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
def bank() -> Any:
    """A bank with six live items on one competency of the current framework, half of them out of date in March."""
    competency = CompetencyFactory(framework=FrameworkFactory(is_current=True))
    bank = BankFactory()
    for number in range(6):
        item = ItemFactory(bank=bank, competency=competency)
        ItemVersionFactory(item=item, valid_until="2027-02-28" if number < 3 else None)
    return bank


def facts(bank: Any, **more: object) -> dict[str, object]:
    competency = bank.items.first().competency
    return {
        "code": "rules-2027",
        "title_en": "Rules",
        "title_zh_hans": "规范",
        "description_en": "",
        "description_zh_hans": "",
        "mode": "random",
        "bank": bank.pk,
        "framework": competency.framework_id,
        "target_level": 3,
        "minutes": 45,
        "attempts_allowed": 2,
        "opens_at": "",
        "closes_at": "",
        "browser_keys": "",
        "achievement": "",
        "second_marking": "none",
        "release": "at_once",
        "part-TOTAL_FORMS": 1,
        "part-INITIAL_FORMS": 1,
        "part-0-order": "free",
        "row-TOTAL_FORMS": 2,
        "row-INITIAL_FORMS": 0,
        "row-0-competency": competency.pk,
        "row-0-count": 4,
        "row-1-competency": "",
        "row-1-count": "",
        **more,
    }


TWO_PARTS: dict[str, object] = {
    "part-TOTAL_FORMS": 2,
    "part-0-title_en": "Rules",
    "part-0-minutes": 20,
    "part-1-order": "in_order",
    "row-0-part": 1,
    "row-1-part": 2,
}


class TestMaking:
    def test_an_exam_is_made_opened_and_sat(self, desk: Client, bank: Any) -> None:
        page = desk.get("/exams/manage/new/").content.decode()
        names = [name for name in facts(bank) if name.startswith("title")]
        assert all(f'name="{name}"' in page for name in names), names
        assert desk.post("/exams/manage/new/", facts(bank)).status_code == 302
        exam = Exam.objects.get()
        assert (exam.code, exam.minutes, exam.is_open) == ("rules-2027", 45, False)
        assert exam.blueprint.get().count == 4
        page = desk.get("/exams/manage/rules-2027/").content.decode()
        assert "The bank fills this blueprint: 4 questions." in page
        assert "Too few from" in page
        desk.post("/exams/manage/rules-2027/open/")
        exam.refresh_from_db()
        assert exam.is_open
        assert started(exam).items.count() == 4
        actions = AuditEvent.objects.filter(action__startswith="assessments.exam_").values_list("action", flat=True)
        assert sorted(actions) == ["assessments.exam_created", "assessments.exam_opened"]

    def test_the_empty_form_can_be_kept_as_a_browser_sends_it(self, desk: Client, bank: Any) -> None:
        form = desk.get("/exams/manage/new/").context["form"]
        shown = {name: form[name].value() for name in ("browser_keys", "framework")}
        assert shown == {"browser_keys": "", "framework": bank.items.first().competency.framework_id}

    def test_what_the_bank_lacks_is_said_while_editing_and_keeps_it_closed(self, desk: Client, bank: Any) -> None:
        answer = desk.post("/exams/manage/new/", facts(bank, **{"row-0-count": 9}, action="check"))
        assert answer.status_code == 200
        assert "needs 9 live items, has 6." in answer.content.decode()
        assert not Exam.objects.exists()
        desk.post("/exams/manage/new/", facts(bank, **{"row-0-count": 9}))
        desk.post("/exams/manage/rules-2027/open/")
        assert not Exam.objects.get().is_open

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"code": "manage"}, "Choose another"),
            ({"minutes": 0}, "From 1 to 600 minutes"),
            ({"minutes": 601}, "From 1 to 600 minutes"),
            ({"browser_keys": "abc"}, "This is not a key"),
            ({"opens_at": "2026-12-02T09:00", "closes_at": "2026-12-01T09:00"}, "closes after it opens"),
            ({"row-1-count": 3}, "Choose what these questions are about"),
            ({"row-0-count": 301}, "300"),
            ({"title_en": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, desk: Client, bank: Any, change: dict[str, object], said: str
    ) -> None:
        answer = desk.post("/exams/manage/new/", facts(bank, **change))
        page = answer.content.decode()
        assert answer.status_code == 400
        assert said in page
        assert "规范" in page
        assert not Exam.objects.exists()

    def test_more_rows_keep_those_that_are_filled(self, desk: Client, bank: Any) -> None:
        page = desk.post("/exams/manage/new/", facts(bank, action="more")).content.decode()
        assert 'value="4"' in page
        assert 'name="row-3-count"' in page

    def test_a_part_is_added_filled_and_taken_away(self, desk: Client, bank: Any) -> None:
        page = desk.post("/exams/manage/new/", facts(bank, action="part")).content.decode()
        assert 'name="part-1-order"' in page
        assert 'name="row-0-part"' in page
        sent = facts(bank) | TWO_PARTS | {"row-1-competency": facts(bank)["row-0-competency"], "row-1-count": 2}
        assert desk.post("/exams/manage/new/", sent).status_code == 302
        exam = Exam.objects.get()
        first, second = exam.parts.all()
        assert (first.title, first.minutes, first.order) == ({"en": "Rules"}, 20, "free")
        assert (second.minutes, second.order) == (None, "in_order")
        assert [row.part_id for row in exam.blueprint.order_by("pk")] == [first.pk, second.pk]
        assert "Part 2, " in desk.get("/exams/manage/rules-2027/").content.decode()
        again = sent | {"part-INITIAL_FORMS": 2, "row-INITIAL_FORMS": 2, "part-0-removed": "on"}
        desk.post("/exams/manage/rules-2027/", again)
        assert [(row.part.number, row.count) for row in exam.blueprint.all()] == [(1, 2)]
        assert exam.parts.get().order == "in_order"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"part-1-minutes": 40}, "more minutes together than the exam has"),
            ({"part-0-minutes": 0}, "At least 1 minute"),
            ({"part-1-removed": "on"}, "With one part alone"),
            ({"part-0-removed": "on", "part-1-removed": "on"}, "one part at least"),
        ],
    )
    def test_parts_that_cannot_be_are_said(self, desk: Client, bank: Any, change: dict[str, object], said: str) -> None:
        answer = desk.post("/exams/manage/new/", facts(bank) | TWO_PARTS | change)
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert "Rules" in answer.content.decode()
        assert not Exam.objects.exists()

    def test_an_open_exam_keeps_its_parts(self, desk: Client, bank: Any) -> None:
        desk.post("/exams/manage/new/", facts(bank))
        desk.post("/exams/manage/rules-2027/open/")
        answer = desk.post("/exams/manage/rules-2027/", facts(bank, **{"part-0-order": "in_order"}))
        assert "Close it before you change" in answer.content.decode()
        assert Exam.objects.get().parts.get().order == "free"

    def test_a_position_proposes_a_blueprint(self, desk: Client, bank: Any) -> None:
        target = TargetFactory(competency=bank.items.first().competency, level=3)
        sent = facts(bank, action="propose") | {"from-position": target.position_id, "from-total": 12}
        page = desk.post("/exams/manage/new/", sent).content.decode()
        assert 'value="12"' in page

    def test_only_examiners(self, client: Client, bank: Any) -> None:
        client.force_login(UserFactory(invigilator=True))
        assert client.get("/exams/manage/").status_code == 403
        assert client.post("/exams/manage/new/", facts(bank)).status_code == 403


class TestChanging:
    def test_an_open_exam_keeps_what_it_is_drawn_from(self, examiner: User) -> None:
        exam = exam_with_items()
        rows = [Row(row.competency_id, row.count) for row in exam.blueprint.order_by("pk")]
        services.change_exam(exam=exam, content=services.Content(rows), by=examiner, at=NOW, minutes=90)
        with pytest.raises(services.ExamIsOpen):
            services.change_exam(exam=exam, content=services.Content(rows[:1]), by=examiner, at=NOW)
        with pytest.raises(services.ExamIsOpen):
            services.change_exam(exam=exam, content=None, by=examiner, at=NOW, target_level=4)
        exam.refresh_from_db()
        assert (exam.minutes, exam.blueprint.count(), exam.target_level) == (90, 2, 3)
        services.close_exam(exam=exam, by=examiner, at=NOW)
        services.change_exam(exam=exam, content=services.Content(rows[:1]), by=examiner, at=NOW)
        assert exam.blueprint.count() == 1
        told = AuditEvent.objects.exclude(action="assessments.exam_opened").filter(subject_id=str(exam.pk))
        changed = ["assessments.exam_changed"] * 2
        assert sorted(told.values_list("action", flat=True)) == [*changed, "assessments.exam_closed"]

    def test_closing_leaves_who_is_sitting_alone(self, examiner: User) -> None:
        attempt = started()
        services.close_exam(exam=attempt.exam, by=examiner, at=NOW)
        attempt.exam.refresh_from_db()
        with pytest.raises(services.NotReady):
            started(attempt.exam)
        done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=3))
        assert done.state == Attempt.State.SCORED

    def test_saving_nothing_new_leaves_no_trace(self, examiner: User) -> None:
        exam = exam_with_items()
        services.change_exam(exam=exam, content=None, by=examiner, at=NOW, minutes=exam.minutes)
        assert not AuditEvent.objects.filter(action="assessments.exam_changed").exists()

    def test_an_exam_that_asks_nothing_is_not_opened(self, desk: Client, bank: Any) -> None:
        desk.post("/exams/manage/new/", facts(bank, **{"row-0-count": ""}))
        desk.post("/exams/manage/rules-2027/open/")
        assert not Exam.objects.get().is_open


class TestPlaces:
    def test_people_get_places_with_their_own_time_and_are_told(self, desk: Client) -> None:
        exam, clerk = exam_with_items(achievement=AchievementFactory()), UserFactory()
        sent = {"numbers": clerk.staff_number, "attempts": 2, "extra_minutes": 15, "until": "", "why": "Reads slowly"}
        assert desk.post(f"/exams/manage/{exam.code}/places/", sent).status_code == 302
        place = Entitlement.objects.get(person=clerk)
        assert (place.attempts, place.extra_minutes) == (2, 15)
        assert Notice.objects.get(person=clerk).kind == "exam.place"
        assert "Reads slowly" in desk.get(f"/exams/manage/{exam.code}/places/").content.decode()

    def test_a_number_nobody_has_gives_nobody_a_place(self, desk: Client) -> None:
        exam, clerk = exam_with_items(), UserFactory()
        sent = {"numbers": f"{clerk.staff_number} 99999999", "attempts": 1, "extra_minutes": 0, "why": "x"}
        answer = desk.post(f"/exams/manage/{exam.code}/places/", sent)
        assert answer.status_code == 400
        assert "99999999" in answer.content.decode()
        assert not Entitlement.objects.exists()

    def test_the_same_queries_for_one_and_for_many(
        self, desk: Client, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        exam = exam_with_items()
        for _more in range(6):
            started(exam)
            exam_with_items(competencies=1, items_each=1, asked_each=1)
        for path in ("/exams/manage/", f"/exams/manage/{exam.code}/places/"):
            with django_assert_max_num_queries(9):
                assert desk.get(path).status_code == 200
