"""Practising on its pages: an explanation after each answer, and no key before it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from assessments import queries, services
from assessments.models import Item, ItemVersion, PracticeQuestion, PracticeRun
from assessments.scoring import marking
from tests.assessments.practice.practising import SECRET, address, check, right, run_of, wrong
from tests.conftest import Budget
from tests.factories.assessments import NOW, BankFactory, exam_with_items, options
from tests.factories.competencies import CompetencyFactory
from tests.factories.courses import CourseFactory
from tests.factories.matters import clause_draft, policy_draft
from tests.factories.media import show
from tests.factories.people import UserFactory
from tests.factories.practice import practice_exam
from training.matters.models import ClauseVersion
from training.matters.services import publish_policy
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


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
