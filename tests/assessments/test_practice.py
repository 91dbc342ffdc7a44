"""Practising: no place, no clock, no result; an explanation after each answer, and no key before it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from assessments import queries, services
from assessments.models import Attempt, Exam, Item, ItemVersion, PracticeQuestion, PracticeRun
from assessments.retention import practised
from assessments.scoring import marking
from assessments.services import items
from courses.services import learning
from tests.assessments.test_finishing import in_parallel
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    BankFactory,
    ExamFactory,
    ItemFactory,
    ItemVersionFactory,
    exam_with_items,
    options,
)
from tests.factories.competencies import CompetencyFactory
from tests.factories.courses import CourseFactory
from tests.factories.matters import clause_draft, policy_draft
from tests.factories.media import show
from tests.factories.people import CentreFactory, UserFactory
from tests.factories.practice import practice_exam
from training.competencies.models import Evidence
from training.matters.models import ClauseVersion
from training.matters.services import publish_policy
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

SECRET = "KEY-7f3"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> User:
    CentreFactory()
    return UserFactory()


@pytest.fixture
def learner(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def run_of(person: User, exam: Exam) -> PracticeRun:
    return services.start_practice(person=person, exam=exam, at=NOW, seed=5)


def right(question: PracticeQuestion) -> marking.Seen:
    """The full answer to a question as its person sees it."""
    version = question.item_version
    one = version.kind in ("single", "true_false")
    return marking.as_seen(version.shape, question.option_order, version.key[0] if one else version.key)


def wrong(question: PracticeQuestion) -> marking.Seen:
    version = question.item_version
    ids = [option["id"] for option in version.options]
    if version.kind == "ordering":
        return marking.as_seen(version.shape, question.option_order, [*version.key[1:], version.key[0]])
    other = next(ident for ident in ids if ident not in version.key)
    return marking.as_seen(version.shape, question.option_order, [other] if version.kind == "multiple" else other)


def check(question: PracticeQuestion, value: marking.Seen, tries: int = 0) -> PracticeQuestion:
    run = question.run
    return services.check_answer(
        person=run.person, run_id=run.pk, position=question.position, tries=tries, value=value, at=NOW
    )


def address(run: PracticeRun, position: int) -> str:
    return f"/exams/practice/{run.pk}/{position}/"


class TestBanks:
    """A bank is for practice or for exams, never both."""

    def test_an_exam_never_draws_from_a_practice_bank_nor_practice_from_another(self) -> None:
        exam = exam_with_items()
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        for bank, mode in ((BankFactory(for_practice=True), "random"), (BankFactory(), "practice")):
            with pytest.raises(services.WrongBank):
                services.change_exam(exam=exam, content=None, by=UserFactory(), at=NOW, bank=bank, mode=mode)
        facts = {"code": "x", "title": {"en": "X"}, "framework": exam.framework, "target_level": 3, "minutes": 5}
        with pytest.raises(services.WrongBank):
            services.create_exam(
                content=services.Content([]), by=UserFactory(), at=NOW, bank=BankFactory(for_practice=True), **facts
            )

    def test_a_bank_that_came_by_another_way_has_no_items_for_the_other_purpose(self) -> None:
        exam = exam_with_items()
        assert queries.available_items(exam, on=NOW.date())
        exam.bank.for_practice = True
        exam.bank.save()
        assert queries.available_items(exam, on=NOW.date()) == []

    def test_what_a_bank_is_for_stays_while_an_exam_uses_it(self, client: Client) -> None:
        examiner, bank = UserFactory(examiner=True), BankFactory()
        client.force_login(examiner)
        facts = {"name_en": "Bank", "name_zh_hans": "题库", "for_practice": "on"}
        assert client.post(f"/exams/bank/{bank.code}/", facts).status_code == 302
        bank.refresh_from_db()
        assert bank.for_practice
        assert AuditEvent.objects.filter(action="assessments.bank_kept_for").count() == 1
        ExamFactory(bank=bank, mode="practice")
        with pytest.raises(items.BankInUse):
            items.keep_bank_for(bank=bank, practice=False, by=examiner, at=NOW)
        del facts["for_practice"]
        page = client.post(f"/exams/bank/{bank.code}/", facts)
        assert page.status_code == 400
        assert "Exams draw from this bank" in page.content.decode()

    def test_an_exam_that_was_sat_does_not_become_practice(self) -> None:
        exam = practice_exam()
        run_of(UserFactory(), exam)
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        with pytest.raises(services.InUse):
            services.change_exam(exam=exam, content=None, by=UserFactory(), at=NOW, mode="random", bank=BankFactory())

    def test_what_only_people_mark_is_not_practised(self) -> None:
        exam = practice_exam(items=2, asked=2)
        item = ItemFactory(bank=exam.bank, competency=exam.blueprint.get().competency)
        version = ItemVersionFactory(item=item, open=True)
        assert version.pk not in {one.version_id for one in queries.available_items(exam, on=NOW.date())}


class TestRuns:
    def test_anybody_practises_without_a_place_and_leaves_no_result(self, person: User) -> None:
        exam = practice_exam(achievement=None)
        run = run_of(person, exam)
        for question in run.questions.select_related("run__person", "item_version"):
            assert check(question, right(question)).credit == 1
        services.end_practice(person=person, run_id=run.pk, at=NOW)
        assert not Attempt.objects.exists()
        assert not Evidence.objects.exists()
        event = AuditEvent.objects.get(action="assessments.practice_started")
        assert event.person_id == person.pk

    def test_starting_twice_gives_the_open_run_and_after_its_end_another(self, person: User) -> None:
        exam = practice_exam()
        first = run_of(person, exam)
        assert run_of(person, exam) == first
        services.end_practice(person=person, run_id=first.pk, at=NOW)
        assert run_of(person, exam) != first
        with pytest.raises(IntegrityError), transaction.atomic():
            PracticeRun.objects.create(person=person, exam=exam, seed=1, started_at=NOW)

    @pytest.mark.django_db(transaction=True)
    def test_twenty_starts_at_once_make_one_run(self) -> None:
        exam, person = practice_exam(), UserFactory()
        results = in_parallel(20, lambda: services.start_practice(person=person, exam=exam, at=NOW).pk)
        assert len(set(results)) == 1
        assert PracticeQuestion.objects.count() == 4

    def test_an_answer_sent_twice_counts_once(self, person: User) -> None:
        question = run_of(person, practice_exam()).questions.select_related("run__person", "item_version").first()
        check(question, wrong(question))
        again = check(question, right(question))
        assert (again.tries, again.credit < 1) == (1, True)

    def test_the_first_answer_is_remembered_when_it_is_tried_again(self, person: User) -> None:
        question = run_of(person, practice_exam(items=1, asked=1)).questions.select_related("item_version").get()
        question.run.person = person
        check(question, wrong(question))
        services.try_again(person=person, run_id=question.run_id, position=1, tries=1)
        question.refresh_from_db()
        assert not question.is_checked
        check(question, right(question), tries=1)
        question.refresh_from_db()
        assert (question.first_credit, question.credit, question.tries) == (0, 1, 2)

    def test_nothing_to_check_and_what_cannot_be_an_answer_are_refused(self, person: User) -> None:
        run = run_of(person, practice_exam(items=1, asked=1))
        question = run.questions.select_related("run__person", "item_version").get()
        for value, refusal in ((None, services.NothingAnswered), (99, services.InvalidAnswer)):
            with pytest.raises(refusal):
                check(question, value)
        services.end_practice(person=person, run_id=run.pk, at=NOW)
        with pytest.raises(services.RunEnded):
            check(question, right(question))

    def test_a_closed_one_is_not_begun(self, person: User) -> None:
        exam = practice_exam()
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        exam.refresh_from_db()
        with pytest.raises(services.NotReady):
            run_of(person, exam)
        for facts in ({"opens_at": NOW + timedelta(hours=1)}, {"closes_at": NOW}):
            Exam.objects.filter(pk=exam.pk).update(is_open=True, opens_at=None, closes_at=None)
            Exam.objects.filter(pk=exam.pk).update(**facts)
            with pytest.raises(services.Refused):
                run_of(person, Exam.objects.get(pk=exam.pk))

    def test_it_is_neither_sat_nor_given_places_in(self, person: User) -> None:
        exam = practice_exam()
        with pytest.raises(services.IsPractice):
            services.start_attempt(person=person, exam=exam, now=NOW, language="en")
        with pytest.raises(services.IsPractice):
            services.entitle_many(
                people=[person], exam=exam, why={}, by=person, at=NOW, attempts=1, until=None, extra_minutes=0
            )

    def test_finishing_a_course_gives_no_place_in_it(self, person: User) -> None:
        course = CourseFactory(exam=practice_exam())
        enrolment = learning.enrol(person=person, course=course, by=person, at=NOW)
        for unit in enrolment.version.units.all():
            for number, _section in enumerate(unit.section_ids(), start=1):
                learning.finish_section(enrolment=enrolment, unit=unit, number=number, at=NOW)
        enrolment.refresh_from_db()
        assert enrolment.completed_at
        assert not person.entitlements.exists()

    def test_old_practice_is_forgotten(self, person: User) -> None:
        run_of(person, practice_exam())
        assert not practised(NOW).exists()
        practised(NOW + timedelta(days=1)).delete()
        assert not PracticeQuestion.objects.exists()


def clause(text: str) -> ClauseVersion:
    """A clause of a policy in force."""
    publish_policy(draft=policy_draft(clause_draft(text)), language="en", by=None, at=NOW)
    return ClauseVersion.objects.latest("pk")


class TestPages:
    def test_from_the_list_to_the_summary_without_a_script(self, learner: Client, person: User) -> None:
        exam = practice_exam(items=2, asked=2, cites=clause("Everybody waits their turn."))
        assert f"/exams/{exam.code}/" in learner.get("/exams/").content.decode()
        assert "Begin to practise" in learner.get(f"/exams/{exam.code}/").content.decode()
        first = learner.post(f"/exams/{exam.code}/start/", follow=True)
        run = PracticeRun.objects.get()
        assert first.redirect_chain[-1][0] == address(run, 1)
        one, two = run.questions.select_related("item_version").order_by("position")
        page = self.sent(learner, run, one, wrong(one))
        assert "Not right." in page or "Partly right." in page
        assert "Because of the rules." in page
        assert "Everybody waits their turn." in page
        assert address(run, 2) in page
        self.sent(learner, run, two, right(two))
        end = learner.post(f"/exams/practice/{run.pk}/end/", follow=True).content.decode()
        assert "1 of 2 questions right at once." in end
        assert end.count("Everybody waits their turn.") == 1
        assert "Practise again" in learner.get(f"/exams/{exam.code}/").content.decode()
        assert learner.get(address(run, 1)).url == f"/exams/practice/{run.pk}/"

    @staticmethod
    def sent(learner: Client, run: PracticeRun, question: PracticeQuestion, value: Any, **more: Any) -> str:
        steps = ",".join(str(number) for number in range(1, len(question.option_order) + 1))
        facts: dict[str, Any] = {"revision": question.tries, "action": "check", "shown": steps}
        if question.item_version.kind == "ordering":
            facts |= {"shown": ",".join(map(str, value))}
        else:
            facts["choice"] = value
        return learner.post(address(run, question.position), facts | more, follow=True).content.decode()

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_no_key_before_the_answer_and_the_key_as_it_stands_on_the_screen_after(
        self, learner: Client, person: User, language: str
    ) -> None:
        person.language = language
        person.save()
        exam = practice_exam(items=1, asked=1)
        ItemVersion.objects.update(
            rationale={"en": SECRET, "zh-hans": SECRET},
            options=[{**option, "id": f"{SECRET}-{option['id']}"} for option in options("a", "b", "c", "d")],
            key=[f"{SECRET}-a"],
        )
        run = run_of(person, exam)
        question = run.questions.select_related("item_version").get()
        before = learner.get(address(run, 1)).content.decode()
        assert SECRET not in before
        number = question.option_order.index(f"{SECRET}-a") + 1
        after = self.sent(learner, run, question, number)
        assert f"<b>{number}. " + {"en": "Option A", "zh-hans": "选项A"}[language] + "</b>" in after
        assert after.count(SECRET) == 1  # the rationale; no id of an option
        again = learner.post(address(run, 1), {"revision": 1, "action": "again"}, follow=True).content.decode()
        assert SECRET not in again

    @pytest.mark.parametrize(
        "trait", ["single", "multiple", "true_false", "ordering", "matching", "documents", "numeric", "cloze", "case"]
    )
    def test_every_kind_is_explained_after_its_right_answer(self, learner: Client, person: User, trait: str) -> None:
        traits = {} if trait == "single" else {trait: True}
        exam = practice_exam(*([trait] if traits else []), **({} if traits else {"items": 1, "asked": 1}))
        run = run_of(person, exam)
        question = run.questions.select_related("item_version").get()
        question.run.person = person
        assert check(question, self.full(question)).credit == 1
        page = learner.get(address(run, 1)).content.decode()
        assert "Right." in page
        assert "What is right" in page
        assert "[[g" not in page

    @staticmethod
    def full(question: PracticeQuestion) -> marking.Seen:
        version, order = question.item_version, question.option_order
        if version.kind == "numeric":
            return "5"
        if version.kind == "cloze":
            return {"1": order["g1"].index("b") + 1, "2": "5"}
        if version.kind == "case":
            return marking.as_seen(version.shape, order, {**version.key, "q1": "c"})
        return right(question)

    def test_steps_move_without_a_script_and_nothing_is_checked_meanwhile(self, learner: Client, person: User) -> None:
        run = run_of(person, practice_exam("ordering"))
        facts = {"revision": 0, "shown": "1,2,3,4", **{f"place-{n}": n for n in range(1, 5)}}
        page = learner.post(address(run, 1), facts | {"action": "up-3"}).content.decode()
        assert 'name="shown" value="1,3,2,4"' in page
        facts = {"revision": 0, "shown": "1,3,2,4", "place-1": 1, "place-3": 2, "place-2": 3, "place-4": 4}
        page = learner.post(address(run, 1), facts | {"action": "down-1"}).content.decode()
        assert 'name="shown" value="3,1,2,4"' in page
        assert not run.questions.get().is_checked
        facts = {"revision": 0, "shown": "3,1,2,4", "place-3": 1, "place-1": 2, "place-2": 3, "place-4": 4}
        learner.post(address(run, 1), facts | {"action": "check"})
        question = run.questions.select_related("item_version").get()
        assert marking.as_seen(question.item_version.shape, question.option_order, question.answer) == [3, 1, 2, 4]

    def test_nothing_answered_is_told_on_the_page(self, learner: Client, person: User) -> None:
        run = run_of(person, practice_exam("multiple"))
        page = learner.post(address(run, 1), {"revision": 0, "action": "check"})
        assert page.status_code == 400
        assert "Answer the question first" in page.content.decode()

    def test_htmx_gets_the_question_with_its_announcement(self, learner: Client, person: User) -> None:
        run = run_of(person, practice_exam(items=1, asked=1))
        question = run.questions.select_related("item_version").get()
        facts = {"revision": 0, "action": "check", "choice": right(question)}
        page = learner.post(address(run, 1), facts, headers={"HX-Request": "true"})
        said = page.content.decode()
        assert "<html" not in said
        assert 'id="practice-said" hx-swap-oob="innerHTML">Right.' in said
        assert 'aria-label="Question 1, right"' in said

    def test_a_clause_reads_as_it_does_now_and_one_that_is_gone_says_so(self, learner: Client, person: User) -> None:
        draft = clause_draft("Wait two days.")
        policy = policy_draft(draft)
        publish_policy(draft=policy, language="en", by=None, at=NOW - timedelta(days=9))
        exam = practice_exam(items=1, asked=1, cites=ClauseVersion.objects.latest("pk"))
        newer = clause_draft("Wait one day.", uid=draft.uid, grade="retrain")
        publish_policy(draft=policy_draft(newer, uid=policy.uid), language="en", by=None, at=NOW)
        run = run_of(person, exam)
        question = run.questions.select_related("item_version").get()
        page = self.sent(learner, run, question, right(question))
        assert "Wait one day." in page
        assert "Wait two days." not in page
        assert "The clause was changed" in page
        card = queries.run_card(run, 1, language="en", on=date(2025, 1, 1))
        assert [one.address for one in card.feedback.clauses] == [""]

    def test_its_pictures_are_shown_to_whoever_may_practise_it(self, learner: Client) -> None:
        version = ItemVersion.objects.get(item__bank=practice_exam(items=1, asked=1).bank)
        medium = show(version)
        path = f"/exams/media/{medium.file.ref}/"
        assert learner.get(path).status_code == 200
        Item.objects.update(state=Item.State.SUSPENDED)
        assert learner.get(path).status_code == 404

    def test_somebody_elses_run_is_not_found(self, learner: Client) -> None:
        run = run_of(UserFactory(), practice_exam())
        for path in (f"/exams/practice/{run.pk}/", address(run, 1)):
            assert learner.get(path).status_code == 404
        assert learner.post(f"/exams/practice/{run.pk}/end/").status_code == 404
        assert learner.post(address(run, 1), {"revision": 0, "action": "check"}).status_code == 404

    @pytest.mark.parametrize("size", [2, 12])
    def test_pages_cost_the_same_for_any_number_of_questions(
        self, learner: Client, person: User, at_most: Budget, size: int
    ) -> None:
        run = run_of(person, practice_exam(items=size, asked=size, cites=clause("Wait.")))
        question = run.questions.select_related("item_version").first()
        with at_most(9):
            learner.get(address(run, 1))
        self.sent(learner, run, question, right(question))
        with at_most(13):
            learner.get(address(run, 1))
        services.end_practice(person=person, run_id=run.pk, at=NOW)
        with at_most(13):
            learner.get(f"/exams/practice/{run.pk}/")

    def test_a_course_names_the_practice_about_what_it_teaches(self, learner: Client) -> None:
        exam, other, course = practice_exam(), practice_exam(), CourseFactory()
        course.versions.get().competencies.add(exam.blueprint.get().competency)
        page = learner.get(f"/courses/{course.slug}/").content.decode()
        assert f"/exams/{exam.code}/" in page
        assert f"/exams/{other.code}/" not in page


class TestAlone:
    """One question by itself, as a lesson embeds it."""

    def test_it_is_checked_and_nothing_is_kept(self, learner: Client, person: User) -> None:
        exam = practice_exam(items=1, asked=1)
        version = ItemVersion.objects.get()
        path = f"/exams/practice/items/{exam.bank.code}/{version.item.code}/"
        assert "Because of the rules." not in learner.get(path).content.decode()
        order = queries.alone_order(person, version)
        facts = {"revision": 0, "action": "check", "choice": order.index("a") + 1}
        page = learner.post(f"{path}?back=/courses/x/", facts).content.decode()
        assert "Right." in page
        assert "Because of the rules." in page
        assert 'href="/courses/x/"' in page
        assert not PracticeRun.objects.exists()
        assert not AuditEvent.objects.filter(action__startswith="assessments.practice").exists()

    @pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\\\evil.example"])
    def test_it_leads_back_to_our_own_pages_only(self, learner: Client, back: str) -> None:
        exam = practice_exam(items=1, asked=1)
        path = f"/exams/practice/items/{exam.bank.code}/{Item.objects.get().code}/"
        assert "Back to the lesson" in learner.get(path, {"back": "/courses/x/"}).content.decode()
        assert "Back to the lesson" not in learner.get(path, {"back": back}).content.decode()

    def test_only_live_items_of_practice_banks_have_the_address(self, learner: Client) -> None:
        exam = exam_with_items(competencies=1, items_each=1, asked_each=1)
        item = Item.objects.get()
        assert learner.get(f"/exams/practice/items/{exam.bank.code}/{item.code}/").status_code == 404
        practice = practice_exam(items=1, asked=1)
        Item.objects.update(state=Item.State.SUSPENDED)
        code = Item.objects.get(bank=practice.bank).code
        assert learner.get(f"/exams/practice/items/{practice.bank.code}/{code}/").status_code == 404


def test_the_builder_says_what_practice_has_not(client: Client) -> None:
    client.force_login(UserFactory(examiner=True))
    competency = CompetencyFactory()
    page = client.post(
        "/exams/manage/new/",
        {
            "code": "p", "title_en": "P", "title_zh_hans": "练", "mode": "practice", "in_sessions": "on", "minutes": 5,
            "bank": BankFactory(for_practice=True).pk, "framework": competency.framework_id, "target_level": 3,
            "attempts_allowed": 1, "second_marking": "none", "release": "at_once", "part-TOTAL_FORMS": 1,
 "part-INITIAL_FORMS": 1,
 "part-0-order": "free",
 "row-TOTAL_FORMS": 0,
            "row-INITIAL_FORMS": 0,
        },
    )  # fmt: skip
    assert page.status_code == 400
    assert "Practice has none of this" in page.content.decode()
