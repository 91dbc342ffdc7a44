"""Practising: no place, no clock, no result; banks are for it or for exams."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from assessments import queries, services
from assessments.models import Attempt, Exam, PracticeQuestion, PracticeRun
from assessments.retention import practised
from assessments.services import items
from courses.services import learning
from tests.assessments.practice.practising import check, right, run_of, wrong
from tests.assessments.test_finishing import in_parallel
from tests.factories.assessments import NOW, BankFactory, ExamFactory, ItemFactory, ItemVersionFactory, exam_with_items
from tests.factories.courses import CourseFactory
from tests.factories.people import UserFactory
from tests.factories.practice import practice_exam
from training.competencies.models import Evidence
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db


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
