"""Adaptive exams: what is asked next hangs on the answers, is chosen on the server, once, and can be told again."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from assessments import queries, rules, services, tasks
from assessments.models import AdaptivePlan, Attempt, AttemptItem, Exam, Item, ItemVersion, Mark
from assessments.scoring.ability import wle
from tests.assessments.sitting.asking import address
from tests.assessments.test_finishing import in_parallel
from tests.conftest import Budget
from tests.factories.assessments import (
    NOW,
    ExamFactory,
    ItemFactory,
    ItemVersionFactory,
    answer,
    blueprint_row,
    started,
)
from tests.factories.calibrations import CalibrationFactory, ItemParametersFactory
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import CentreFactory, UserFactory
from training.competencies.models import Evidence

pytestmark = pytest.mark.django_db


def adaptive_exam(*, competencies: int = 2, items: int = 20, asked: int = 8, **facts: Any) -> Exam:
    """An open adaptive exam over calibrated single choices from -2 to 2 logits, `asked` of each competency at most."""
    told = {"mode": Exam.Mode.ADAPTIVE, "shortest": 8, "target_error": None, **facts}
    exam = ExamFactory(**told)
    calibration = CalibrationFactory(bank=exam.bank, state="accepted", decided_by=UserFactory(), decided_at=NOW)
    people = UserFactory(), UserFactory()
    for _ in range(competencies):
        competency = CompetencyFactory(framework=exam.framework)
        blueprint_row(exam, competency, asked)
        for number in range(items):
            item = ItemFactory(bank=exam.bank, competency=competency, author=people[0], reviewer=people[1])
            ItemParametersFactory(
                calibration=calibration,
                item_version=ItemVersionFactory(item=item),
                b=-2 + 4 * number / max(1, items - 1),
                in_force_from=NOW - timedelta(days=40),
            )
    services.open_exam(exam=exam, by="test", at=NOW - timedelta(days=30))
    return exam


def current(attempt: Attempt) -> AttemptItem:
    return attempt.items.select_related("item_version").order_by("-position").first()


def reply(attempt: Attempt, *, right: bool, minutes: int = 1) -> None:
    """Answer the question that is open and go on."""
    question, now = current(attempt), NOW + timedelta(minutes=minutes)
    answer(attempt, question, "a" if right else "b", at=now)
    go_on(attempt, question.position, minutes)


def go_on(attempt: Attempt, position: int, minutes: int = 1) -> None:
    now = NOW + timedelta(minutes=minutes)
    services.leave_question(person=attempt.person, attempt_id=attempt.pk, position=position, now=now)


def through(attempt: Attempt, pattern: str) -> list[float]:
    """Answer by a pattern of r and w as far as questions come; return the difficulties asked."""
    for letter in pattern:
        if AdaptivePlan.objects.get(attempt=attempt).stop:
            break
        reply(attempt, right=letter == "r")
    return list(attempt.items.order_by("position").values_list("b", flat=True))


class TestChoosing:
    def test_right_answers_lead_to_harder_questions_and_wrong_ones_to_easier(self) -> None:
        exam = adaptive_exam()
        up, down = through(started(exam, seed=1), "rrrrr"), through(started(exam, seed=1), "wwwww")
        assert up[0] == down[0]
        assert sum(up[3:]) > sum(up[:3]) + 1
        assert sum(down[3:]) < sum(down[:3]) - 1

    def test_seed_and_answers_give_the_same_questions_and_orders_again(self) -> None:
        exam = adaptive_exam()
        papers = []
        for _ in range(2):
            attempt = started(exam, seed=11)
            through(attempt, "rwrrwrwr")
            papers.append(list(attempt.items.order_by("position").values_list("item_version", "option_order")))
            Item.objects.filter(bank=exam.bank).update(state=Item.State.LIVE)
        assert papers[0] == papers[1]
        other = started(exam, seed=12)
        through(other, "rwrrwrwr")
        assert list(other.items.order_by("position").values_list("item_version", "option_order")) != papers[0]

    def test_what_it_chooses_from_is_frozen_at_the_start(self) -> None:
        exam = adaptive_exam()
        attempt, twin = started(exam, seed=3), started(exam, seed=3)
        expected = through(twin, "rrwwrr")
        Item.objects.filter(bank=exam.bank).update(state=Item.State.SUSPENDED)
        exam.blueprint.update(count=1)
        Exam.objects.update(shortest=1, target_error=1.0, exposure={})
        assert through(attempt, "rrwwrr") == expected

    def test_the_blueprint_says_how_many_of_each_competency(self) -> None:
        exam = adaptive_exam()
        attempt = started(exam)
        through(attempt, "rw" * 10)
        assert Counter(attempt.items.values_list("competency", flat=True)) == {
            row.competency_id: 8 for row in exam.blueprint
        }
        assert attempt.items.count() == 16
        assert attempt.items.values("item_version").distinct().count() == 16

    def test_only_what_an_accepted_calibration_in_force_has_measured_is_asked(self) -> None:
        exam = adaptive_exam()
        ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=exam.blueprint.first().competency))
        spare = ItemVersion.objects.filter(item__bank=exam.bank).first()
        spare.parameters.update(in_force_until=NOW)
        pool = {item.version_id for item in queries.available_items(exam, on=NOW.date())}
        assert len(pool) == 39
        assert spare.pk not in pool
        attempt = started(exam)
        assert not attempt.items.filter(parameters=None).exists()

    def test_no_question_is_shown_to_more_people_than_the_bank_makes_necessary(self) -> None:
        exam = adaptive_exam(items=40, asked=4, shortest=4)
        limit = rules.exposure_limit({1: 4}, {1: 40})
        assert limit == rules.USUAL_EXPOSURE if hasattr(rules, "USUAL_EXPOSURE") else limit == 0.25
        firsts = Counter(started(exam, seed=seed).items.get().item_version_id for seed in range(40))
        assert max(firsts.values()) <= 22
        assert len(firsts) >= 3


class TestEnding:
    def test_it_ends_when_it_knows_enough_and_not_before_the_shortest(self) -> None:
        exam = adaptive_exam(shortest=6, target_error=0.75)
        attempt = started(exam)
        asked = through(attempt, "rw" * 10)
        plan = attempt.adaptive
        plan.refresh_from_db()
        assert plan.stop == AdaptivePlan.Stop.PRECISE
        assert 6 <= len(asked) < 16

    def test_it_is_handed_in_marked_and_evidence_like_any_other(self) -> None:
        attempt = started(adaptive_exam())
        through(attempt, "rrwr" * 5)
        now = NOW + timedelta(minutes=9)
        done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=now)
        assert done.state == Attempt.State.SCORED
        rows = attempt.items.select_related("mark").order_by("position")
        found = wle(1.0, [-row.b for row in rows], [row.mark.credit for row in rows], b_sd=[row.b_sd for row in rows])
        assert done.theta == pytest.approx(found.theta)
        assert (done.answered, Mark.objects.count()) == (16, 16)
        assert Evidence.objects.filter(person=attempt.person).count() == 2

    def test_ending_early_adds_the_questions_missing_and_they_count_as_wrong(self) -> None:
        exam = adaptive_exam()
        attempt = started(exam)
        through(attempt, "rr")
        done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=3))
        assert attempt.items.count() == 8
        assert Mark.objects.filter(credit=1).count() == 2
        assert done.answered == 2
        assert not done.passed
        attempt.adaptive.refresh_from_db()
        assert attempt.adaptive.stop == AdaptivePlan.Stop.LEFT

    def test_the_clock_hands_it_in_in_the_same_way(self) -> None:
        attempt = started(adaptive_exam())
        through(attempt, "r")
        after = attempt.deadline + services.GRACE + timedelta(seconds=1)
        assert services.finalise_due(now=after).done == [attempt.pk]
        attempt.refresh_from_db()
        assert (attempt.finished_by, attempt.items.count(), attempt.answered) == ("clock", 8, 1)
        assert tasks is not None


class TestOneWay:
    def test_going_on_needs_an_answer(self) -> None:
        attempt = started(adaptive_exam())
        with pytest.raises(services.AnswerFirst):
            go_on(attempt, 1)
        assert attempt.items.count() == 1

    def test_what_was_left_cannot_be_answered_again_nor_the_last_one(self) -> None:
        attempt = started(adaptive_exam(asked=1, shortest=2))
        for position in (1, 2):
            question = current(attempt)
            reply(attempt, right=True)
            with pytest.raises(services.QuestionLeft):
                answer(attempt, question, "b", revision=1)
            with pytest.raises(services.QuestionLeft):
                go_on(attempt, position)
        assert attempt.items.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_twenty_at_once_ask_one_next_question(self) -> None:
        attempt = started(adaptive_exam())
        answer(attempt, current(attempt), "a")
        results = in_parallel(20, lambda: go_on(attempt, 1))
        assert results.count(None) == 1
        assert sum(isinstance(result, services.QuestionLeft) for result in results) == 19
        assert attempt.items.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_twenty_starts_at_once_make_one_plan(self) -> None:
        exam, person = adaptive_exam(), UserFactory()
        services.entitle(person=person, exam=exam, why={"en": "Course"}, by="test", at=NOW, attempts=2)
        results = in_parallel(20, lambda: services.start_attempt(person=person, exam=exam, now=NOW, language="en").pk)
        assert len(set(results)) == 1
        assert AdaptivePlan.objects.count() == AttemptItem.objects.count() == 1

    def test_the_database_holds_one_question_per_place(self) -> None:
        question = current(started(adaptive_exam()))
        question.pk = None
        question.item_version = ItemVersion.objects.exclude(pk=question.item_version_id).first()
        with pytest.raises(IntegrityError), transaction.atomic():
            question.save()


class TestPages:
    @pytest.fixture
    def attempt(self) -> Attempt:
        CentreFactory()
        return started(adaptive_exam())

    @pytest.fixture
    def candidate(self, client: Client, attempt: Attempt) -> Any:
        client.force_login(attempt.person)
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            yield client

    @staticmethod
    def post(client: Client, attempt: Attempt, position: int, choice: str = "1") -> Any:
        facts = {"revision": "0", "choice": choice, "action": "next"} if choice else {"revision": "0", "action": "next"}
        return client.post(address(attempt, f"{position}/"), facts, follow=True)

    def test_one_question_at_a_time_and_none_goes_back(self, candidate: Client, attempt: Attempt) -> None:
        first = candidate.get(address(attempt), follow=True)
        assert first.redirect_chain[-1][0] == address(attempt, "1/")
        assert "of at most 16" in first.content.decode()
        second = self.post(candidate, attempt, 1)
        assert second.redirect_chain[-1][0] == address(attempt, "2/")
        assert "Question 2 of at most 16" in second.content.decode()
        assert candidate.get(address(attempt, "1/"), follow=True).redirect_chain[-1][0] == address(attempt, "2/")
        assert candidate.get(address(attempt, "3/")).status_code == 404
        again = self.post(candidate, attempt, 1)
        assert again.redirect_chain[-1][0] == address(attempt, "2/")
        assert attempt.items.count() == 2

    def test_a_question_without_an_answer_stays_and_says_so(self, candidate: Client, attempt: Attempt) -> None:
        page = self.post(candidate, attempt, 1, choice="")
        assert page.status_code == 400
        assert "Answer this question before you go on." in page.content.decode()

    def test_at_its_end_it_leads_to_handing_in(self, candidate: Client, attempt: Attempt) -> None:
        early = candidate.get(address(attempt, "hand-in/")).content.decode()
        assert "The exam asks at least 7 more questions." in early
        for position in range(1, 17):
            page = self.post(candidate, attempt, position)
        assert page.redirect_chain[-1][0] == address(attempt, "hand-in/")
        assert "The exam has asked all its questions." in page.content.decode()
        done = candidate.post(address(attempt, "hand-in/"), follow=True)
        assert "16 of 16" in done.content.decode()

    def test_no_page_or_paper_of_the_script_tells_what_may_come_or_what_is_estimated(
        self, candidate: Client, attempt: Attempt
    ) -> None:
        through(attempt, "rwr")
        asked = set(attempt.items.values_list("item_version__item__code", flat=True))
        for rest in ("", "4/", "paper/", "clock/", "hand-in/"):
            page = candidate.get(address(attempt, rest), follow=True).content.decode()
            assert "theta" not in page
            codes = ItemVersion.objects.values_list("item__code", "stem__en")
            assert not [code for code, stem in codes if code not in asked and f"{stem}<" in page]

    def test_each_step_costs_the_same(self, candidate: Client, attempt: Attempt, at_most: Budget) -> None:
        for position in range(1, 12):
            with at_most(30, writes=6):
                candidate.post(address(attempt, f"{position}/"), {"revision": "0", "choice": "1", "action": "next"})
        assert attempt.items.count() == 12


class TestMaking:
    def test_what_an_adaptive_test_cannot_follow_is_refused_at_the_opening(self) -> None:
        exam = adaptive_exam()
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        for change in ({"level": 3}, {"kind": "single"}):
            exam.blueprint.update(**{"level": None, "kind": "", **change})
            with pytest.raises((services.NotAdaptive, rules.NotEnoughItems)):
                services.open_exam(exam=exam, by="test", at=NOW)
        exam.blueprint.update(level=None, kind="")
        exam.shortest = 17
        with pytest.raises(services.NotAdaptive):
            services.open_exam(exam=exam, by="test", at=NOW)

    def test_the_database_asks_for_a_length_and_an_error_within_reach(self) -> None:
        for facts in ({"shortest": None}, {"shortest": 5, "target_error": 0.05}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ExamFactory(mode=Exam.Mode.ADAPTIVE, **facts)

    def test_the_panel_says_how_many_are_calibrated_and_what_is_missing(self) -> None:
        exam = adaptive_exam(items=10, asked=8)
        competency = exam.blueprint.first().competency
        for _ in range(3):
            ItemVersionFactory(item=ItemFactory(bank=exam.bank, competency=competency))
        fit = queries.fit_of(exam, queries.blueprint_of(exam), on=NOW.date())
        assert [(line.state.found, line.uncalibrated) for line in fit.lines] == [(10, 3), (10, 0)]
        assert fit.shown_to == 100
        assert exam.exposure == {}

    def test_the_way_papers_are_made_stays_once_somebody_has_a_place(self) -> None:
        exam = adaptive_exam()
        started(exam)
        services.close_exam(exam=exam, by=UserFactory(), at=NOW)
        with pytest.raises(services.InUse):
            services.change_exam(exam=exam, content=None, by=UserFactory(), at=NOW, mode="random")

    def test_it_is_left_out_of_calibrations(self) -> None:
        attempt = started(adaptive_exam())
        through(attempt, "r" * 16)
        services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=3))
        scope = queries.Scope(attempt.exam.bank, NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1), False)
        assert queries.prospect_of(scope).attempts == 0
