"""Regrades where papers are made otherwise: adaptive attempts move like any other, practice has nothing to move."""

import pytest
import time_machine
from django.test import Client

from assessments import queries, services
from assessments.models import Attempt
from tests.assessments.test_adaptive import adaptive_exam, current, go_on, reply
from tests.factories.assessments import NOW, answer, started
from tests.factories.marking import marker
from tests.factories.people import CentreFactory, UserFactory
from tests.factories.practice import practice_exam
from tests.factories.regrading import ASKED, WHY, applied, choices, corrected, key_corrected, sat, versions_of, voided
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre() -> None:
    CentreFactory()


def finished_adaptive(pattern: str = "rwrrwrwr") -> Attempt:
    """Return a scored adaptive attempt of eight questions."""
    attempt = started(adaptive_exam(asked=4, shortest=8))
    for letter in pattern:
        reply(attempt, right=letter == "r")
    return services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW)


class TestAdaptive:
    def test_a_corrected_key_works_the_result_out_on_what_was_asked(self) -> None:
        attempt = finished_adaptive()
        wrong = attempt.items.order_by("position")[1]
        regrade = applied(key_corrected(wrong.item_version))  # "b", which was answered, is right now
        again = Attempt.objects.get(pk=attempt.pk)
        assert regrade.counts["papers"] == 1
        assert again.theta > attempt.theta
        answers = queries.marked_answers(queries.with_marks(Attempt.objects.filter(pk=again.pk)).get())
        assert again.theta == queries.outcome_of(again, answers).theta
        assert sum(one.right for one in answers) == 6
        assert again.items.count() == 8, "nothing is asked anew"
        assert AuditEvent.objects.filter(action="assessments.regraded", subject_id=str(attempt.pk)).count() == 1

    def test_a_void_question_leaves_the_others_to_decide(self) -> None:
        attempt = finished_adaptive()
        applied(voided(attempt.items.order_by("position")[1].item_version))
        again = Attempt.objects.get(pk=attempt.pk)
        assert again.theta > attempt.theta
        assert again.standard_error > attempt.standard_error

    def test_a_test_that_runs_goes_on_by_the_corrected_key(self) -> None:
        exam = adaptive_exam(asked=4, shortest=8)
        done, runs = started(exam, seed=3), started(exam, seed=3)
        first = current(done)
        assert first.item_version_id == current(runs).item_version_id
        for letter in "wwwwwwww":
            reply(done, right=letter == "r")
        services.hand_in(person=done.person, attempt_id=done.pk, now=NOW)
        applied(key_corrected(first.item_version))
        answer(runs, current(runs), "b", at=NOW)
        go_on(runs, 1)
        assert current(runs).b > first.b, "right by the corrected key, so a harder one follows"


class TestPractice:
    def test_it_is_refused_and_says_why(self, client: Client) -> None:
        exam = practice_exam()
        version = exam.bank.items.first().versions.get()
        examiner = marker("examiner")
        with pytest.raises(services.NothingToRegrade, match="practice has no result"):
            services.ask_regrade(version=version, reason=WHY, by=examiner, at=ASKED)
        client.force_login(examiner)
        sent = {"what": "void", "reason": WHY, "policy": "nobody_loses"}
        page = client.post(f"/exams/release/regrades/ask/{version.pk}/", sent).content.decode()
        assert "nothing to regrade" in page

    def test_a_new_version_is_what_whoever_practises_is_told(self) -> None:
        exam = practice_exam()
        version = exam.bank.items.first().versions.get()
        new = corrected(version)
        pool = {item.version_id for item in queries.available_items(exam, on=ASKED.date())}
        assert new.pk in pool
        assert version.pk not in pool


class TestCorrectedKeys:
    def test_report_and_item_page_show_the_key_in_force(self, client: Client) -> None:
        exam = choices(3)
        version = versions_of(exam)[0]
        for _person in range(10):
            sat(exam, "baa")
        applied(key_corrected(version))
        one = next(one for one in queries.item_report(exam).items if one.version == version)
        assert one.right_options == ("b",)
        client.force_login(marker("examiner"))
        page = client.get(f"/exams/release/{exam.code}/items/").content.decode()
        assert page.count("b: 100 %") == 1
        assert "right" in page.split("b: 100 %")[1].split("</span>")[0]
        item = client.get(f"/exams/bank/{exam.bank.code}/{version.item.code}/").content.decode()
        assert "marked by a corrected key" in item


class TestMyWork:
    def titles(self, person: object) -> list[str]:
        return [str(one.title) for one in queries.todo(person=person, now=ASKED)]  # type: ignore[arg-type]

    @time_machine.travel(ASKED, tick=False)
    def test_a_second_examiner_is_told_and_nobody_else(self) -> None:
        exam = choices(3)
        own = marker("examiner")
        sat(exam, "baa", person=own)
        asked_by, second = marker("examiner"), marker("examiner")
        regrade = key_corrected(versions_of(exam)[0], by=asked_by)
        said = "Decide on 1 regrade"
        assert said in self.titles(second)
        for person in (asked_by, own, UserFactory(examiner=False)):
            assert said not in self.titles(person)
        applied(regrade, by=second)
        assert said not in self.titles(second)
