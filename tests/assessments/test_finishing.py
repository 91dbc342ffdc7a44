"""Handing in: once, whole, by the candidate or by the clock; and what follows from the result."""

import threading
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import numpy as np
import pytest
from django.db import connections
from scipy.special import expit, logit

from assessments import services, tasks
from assessments.models import Attempt, AttemptEvidence, Mark
from assessments.scoring.ability import wle
from tests.factories.assessments import NOW, answer, answered, exam_with_items, right_answer, scored, started
from tests.factories.people import UserFactory
from training.competencies.models import Competency, Evidence, Proficiency
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

AFTER_GRACE = services.GRACE + timedelta(seconds=1)


def ability_of(attempt: Attempt, right: list[bool]) -> tuple[float, float]:
    """The estimate by the pure rules, from the parameters frozen in the attempt."""
    b = np.array([item.b for item in attempt.items.order_by("position")])
    found = wle(1.0, -b, np.array(right, dtype=float), b_sd=0.7)
    return found.theta, found.se


def test_the_result_is_the_pure_rules_on_the_frozen_paper() -> None:
    attempt = scored(right=13)
    theta, se = ability_of(attempt, [place < 13 for place in range(20)])
    assert attempt.theta == pytest.approx(theta)
    assert attempt.standard_error == pytest.approx(se)
    assert attempt.answered == 13
    assert attempt.state == Attempt.State.SCORED
    assert attempt.finished_by == Attempt.FinishedBy.CANDIDATE
    assert Mark.objects.filter(attempt_item__attempt=attempt).count() == 20


@pytest.mark.parametrize("right", [0, 6, 10, 14, 20])
def test_theta_against_the_targets_cut_decides_and_the_score_tells_the_same(right: int) -> None:
    attempt = scored(right=right)
    assert attempt.passed == (attempt.theta >= -0.7)
    assert attempt.passed == (attempt.score >= 60)
    assert attempt.passed == (attempt.level >= 3)
    assert 0 <= attempt.score <= 100
    assert 0 < attempt.level_probability <= 1


def test_the_score_is_the_expected_share_on_the_reference_form_with_the_cut_at_60() -> None:
    attempt = scored(right=20)
    form = np.array(attempt.exam.reference_form)
    share, at_cut = expit(attempt.theta - form).mean(), expit(-0.7 - form).mean()
    assert attempt.score == int(60 + 40 * (share - at_cut) / (1 - at_cut))


def test_a_judged_difficulty_widens_the_error() -> None:
    attempt = scored(right=10)
    b = np.array([item.b for item in attempt.items.order_by("position")])
    certain = wle(1.0, -b, [1] * 10 + [0] * 10)
    assert attempt.standard_error > certain.se
    assert attempt.theta == pytest.approx(certain.theta)


def test_partial_credit_is_kept_as_a_mark_and_counts_as_wrong_for_the_level() -> None:
    attempt = started()
    question = attempt.items.select_related("item_version").filter(item_version__kind="multiple").first()
    answer(attempt, question, ["a"])
    attempt = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at)
    assert Mark.objects.get(attempt_item=question).credit == 0.5
    assert attempt.theta == pytest.approx(ability_of(attempt, [False] * 20)[0])


def test_the_latest_answer_counts() -> None:
    attempt = started()
    question = attempt.items.select_related("item_version").filter(item_version__kind="single").first()
    answer(attempt, question, "b")
    answer(attempt, question, right_answer(question), revision=1)
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at)
    assert Mark.objects.get(attempt_item=question).credit == 1


def test_each_competency_with_enough_questions_gets_evidence_and_a_proficiency() -> None:
    attempt = scored(right=20)
    pieces = Evidence.objects.filter(person=attempt.person)
    assert {piece.competency_id for piece in pieces} == {row.competency_id for row in attempt.exam.blueprint.all()}
    for piece in pieces:
        items = attempt.items.filter(competency=piece.competency_id)
        found = wle(1.0, [-item.b for item in items], [1] * 10, b_sd=0.7)
        assert piece.value == pytest.approx(found.theta)
        assert piece.variance == pytest.approx(found.se**2)
        assert piece.kind == Evidence.Kind.EXAM
        assert piece.scale == "hall/1"
        assert piece.observed_on == attempt.started_at.date()
        assert piece.source_path == f"/exams/attempt/{attempt.pk}/result/"
        assert piece.attempt_link.attempt == attempt
        assert piece.attempt_link.items == 10
    assert Proficiency.objects.filter(person=attempt.person).count() == 2


def test_a_competency_asked_too_rarely_counts_for_the_one_above() -> None:
    exam = exam_with_items(competencies=2, items_each=6, asked_each=5)
    first, second = (row.competency for row in exam.blueprint.order_by("pk"))
    Competency.objects.filter(pk=second.pk).update(parent=first.parent)
    scored(started(exam), right=4)
    link = AttemptEvidence.objects.get()
    assert (link.competency, link.items) == (first.parent, 10)


def test_too_few_questions_altogether_are_evidence_for_nothing() -> None:
    scored(started(exam_with_items(competencies=2, items_each=4, asked_each=3)), right=3)
    assert not Evidence.objects.exists()
    assert Attempt.objects.get().state == Attempt.State.SCORED


def test_the_person_is_told_once_and_the_trail_has_one_event() -> None:
    attempt = scored(right=18)
    notice = Notice.objects.get(person=attempt.person, kind="exam.scored")
    assert notice.path == f"/exams/attempt/{attempt.pk}/result/"
    event = AuditEvent.objects.get(action="assessments.finished")
    assert event.person_id == attempt.person_id
    assert event.after["score"] == attempt.score


def test_handing_in_again_changes_nothing() -> None:
    first = scored(right=12)
    second = services.hand_in(person=first.person, attempt_id=first.pk, now=first.finished_at + timedelta(hours=1))
    assert (second.receipt, second.finished_at, second.theta) == (first.receipt, first.finished_at, first.theta)
    assert Notice.objects.filter(kind="exam.scored").count() == 1
    assert Evidence.objects.count() == 2


def test_receipts_differ_and_name_the_attempt() -> None:
    exam = exam_with_items()
    receipts = {scored(started(exam), right=1).receipt for _ in range(3)}
    assert len(receipts) == 3
    assert all(str(attempt.pk) in attempt.receipt for attempt in Attempt.objects.all())


def test_another_persons_attempt_does_not_exist() -> None:
    attempt = started()
    with pytest.raises(Attempt.DoesNotExist):
        services.hand_in(person=UserFactory(), attempt_id=attempt.pk, now=attempt.started_at)
    assert Attempt.objects.get().is_open


def test_after_the_deadline_the_clock_hands_in() -> None:
    attempt = started()
    done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.deadline + timedelta(seconds=2))
    assert done.finished_by == Attempt.FinishedBy.CLOCK


def test_the_clock_finalises_what_is_past_its_grace_and_nothing_else() -> None:
    exam = exam_with_items()
    due, running = answered(started(exam), right=5), started(exam, at=NOW + timedelta(minutes=10))
    assert services.finalise_due(now=due.deadline + services.GRACE).done == []
    round_ = services.finalise_due(now=due.deadline + AFTER_GRACE)
    assert (round_.done, round_.failed) == ([due.pk], [])
    due.refresh_from_db()
    running.refresh_from_db()
    assert (due.state, due.finished_by, due.answered) == (Attempt.State.SCORED, Attempt.FinishedBy.CLOCK, 5)
    assert running.is_open
    assert AuditEvent.objects.get(action="assessments.finished").actor_name == "tick"


def test_evidence_of_an_attempt_the_clock_found_late_is_of_its_own_day() -> None:
    attempt = started()
    services.finalise_due(now=attempt.deadline + timedelta(days=3))
    assert {piece.observed_on for piece in Evidence.objects.all()} == {attempt.deadline.date()}


def test_one_attempt_that_cannot_be_scored_does_not_hold_up_the_others() -> None:
    exam = exam_with_items()
    broken, sound = started(exam), started(exam)
    version = broken.items.first().item_version
    version.pk, version.number, version.kind = None, 99, "broken"
    version.save()
    broken.items.filter(position=1).update(item_version=version)
    now = broken.deadline + AFTER_GRACE
    with pytest.raises(RuntimeError, match=str(broken.pk)):
        tasks.finalise_due(now=now)
    sound.refresh_from_db()
    broken.refresh_from_db()
    assert sound.state == Attempt.State.SCORED
    assert broken.is_open
    assert not Mark.objects.filter(attempt_item__attempt=broken).exists()


def test_a_failing_step_leaves_nothing_behind() -> None:
    attempt = answered(started(), right=3)
    broken = mock.patch("assessments.services.releasing.notify", side_effect=RuntimeError)
    with broken, pytest.raises(RuntimeError):
        services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at)
    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Evidence.objects.exists()
    assert not Mark.objects.exists()


AT_ONCE = 16  # more would be refused a connection by a small PostgreSQL


def in_parallel(times: int, work: Callable[[], object]) -> list[object]:
    """Call `work` so many times from threads that start together; return what each call gave or raised."""
    gate, left, results = threading.Barrier(AT_ONCE), iter(range(times)), []

    def run() -> None:
        gate.wait()
        for _number in left:
            try:
                results.append(work())
            except Exception as error:
                results.append(error)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_fifty_hand_ins_at_once_make_one_result() -> None:
    attempt = answered(started(), right=15)
    now = attempt.started_at + timedelta(minutes=5)
    results = in_parallel(50, lambda: services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=now).receipt)
    assert len(results) == 50
    assert len(set(results)) == 1
    again = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=now + timedelta(hours=1))
    assert {again.receipt} == set(results)
    assert Mark.objects.count() == 20
    assert Evidence.objects.count() == 2
    assert Notice.objects.filter(kind="exam.scored").count() == 1
    assert AuditEvent.objects.filter(action="assessments.finished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_starts_at_once_make_one_attempt() -> None:
    exam, person = exam_with_items(), UserFactory()
    services.entitle(person=person, exam=exam, why={"en": "Course finished"}, by="test", at=NOW, attempts=2)
    results = in_parallel(50, lambda: services.start_attempt(person=person, exam=exam, now=NOW, language="en").pk)
    assert len(results) == 50
    assert len(set(results)) == 1
    assert Attempt.objects.count() == 1
    assert AuditEvent.objects.filter(action="assessments.started").count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_race_of_starts_and_hand_ins_gets_past_the_number_of_attempts() -> None:
    exam, person = exam_with_items(), UserFactory()
    services.entitle(person=person, exam=exam, why={"en": "Course finished"}, by="test", at=NOW, attempts=2)

    def sit() -> str:
        attempt = services.start_attempt(person=person, exam=exam, now=NOW, language="en")
        return services.hand_in(person=person, attempt_id=attempt.pk, now=NOW).receipt

    results = in_parallel(50, sit)
    receipts = {result for result in results if isinstance(result, str)}
    assert len(receipts) == Attempt.objects.count() == 2
    assert {type(result) for result in results} - {str} == {services.NoAttemptsLeft}


@pytest.mark.django_db(transaction=True)
def test_answers_saved_while_handing_in_are_either_counted_or_refused() -> None:
    attempt = started()
    questions = list(attempt.items.select_related("item_version").filter(item_version__kind="single"))

    def give(question: object) -> bool:
        try:
            answer(attempt, question, right_answer(question))
        except services.AlreadyHandedIn:
            return False
        return True

    work = [lambda question=question: give(question) for question in questions]
    work.insert(len(work) // 2, lambda: services.hand_in(
        person=attempt.person, attempt_id=attempt.pk, now=attempt.started_at + timedelta(minutes=2)
    ))  # fmt: skip
    order = iter(work)
    lock = threading.Lock()

    def next_one() -> object:
        with lock:
            task = next(order)
        return task()

    results = in_parallel(len(work), next_one)
    acknowledged = results.count(True)
    attempt.refresh_from_db()
    assert attempt.answered == acknowledged
    assert Mark.objects.filter(credit=1).count() == acknowledged


def test_certainty_and_the_logit_of_a_judgement_agree() -> None:
    """A person at level 3's cut answers an item of level 3 right as often as its author judged."""
    item = started().items.filter(item_version__level=3).first()
    assert expit(-0.7 - item.b) == pytest.approx(0.65)
    assert logit(0.65) == pytest.approx(-0.7 - item.b)
