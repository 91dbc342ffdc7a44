"""Marking by people: who may, blind and once; second and third marks; what waits, and what follows from release."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments import queries, services, tasks
from assessments.models import Attempt, Entitlement, HumanMark, Mark, MarkingTask
from assessments.queries import exam_list, todo
from tests.assessments.test_finishing import in_parallel
from tests.factories.assessments import NOW, ExamSessionFactory, started
from tests.factories.marking import GOOD, LATER, MIDDLING, POOR, all_marked, handed_in, marker, open_exam, tasks_of
from tests.factories.people import AccessFactory, DepartmentFactory, RoleGrantFactory, UserFactory
from training.certificates.models import Certificate
from training.competencies.models import Evidence
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


def refs(person: object) -> set[str]:
    return set(queries.waiting_for(person, at=LATER).values_list("ref", flat=True))


def test_open_answers_wait_for_people_and_the_rest_is_marked_at_once() -> None:
    attempt = handed_in()
    assert attempt.state == Attempt.State.MARKING
    assert (attempt.answered, bool(attempt.receipt)) == (4, True)
    assert Mark.objects.filter(attempt_item__attempt=attempt, credit=1).count() == 2
    assert len(tasks_of(attempt)) == 2
    assert (attempt.score, attempt.theta, attempt.passed, attempt.certificate) == (None, None, None, None)
    assert Notice.objects.get(person=attempt.person).kind == "exam.handed_in"
    assert "score" not in AuditEvent.objects.get(action="assessments.finished").after


def test_an_open_question_left_blank_needs_nobody() -> None:
    attempt = started(open_exam())
    done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))
    assert done.state == Attempt.State.SCORED
    assert Mark.objects.filter(attempt_item__attempt=attempt, credit=0).count() == 4


def test_one_marker_is_enough_where_the_exam_asks_for_one() -> None:
    attempt = handed_in()
    first, second = tasks_of(attempt)
    judge = marker()
    services.mark_answer(marker=judge, ref=first.ref, points=GOOD, comment=" Clear. ", at=LATER)
    assert Mark.objects.get(attempt_item=first.attempt_item).credit == 1
    assert HumanMark.objects.get(task=first).comment == "Clear."
    event = AuditEvent.objects.get(action="assessments.marked")
    assert (event.person_id, event.subject_name) == (None, first.ref)  # the trail names the answer, not its writer
    services.mark_answer(marker=judge, ref=second.ref, points=MIDDLING, at=LATER)
    assert Mark.objects.get(attempt_item=second.attempt_item).credit == pytest.approx(0.6)
    assert services.settle_marking(now=LATER + timedelta(minutes=9)) == ([], [])
    tasks.release_due(now=LATER + timedelta(minutes=11))
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.SCORED
    assert attempt.released_at == LATER + timedelta(minutes=11)
    before = attempt.theta
    tasks.release_due(now=LATER + timedelta(minutes=12))
    attempt.refresh_from_db()
    assert attempt.theta == before
    assert Notice.objects.filter(kind="exam.scored").count() == 1
    assert AuditEvent.objects.filter(action="assessments.released").count() == 1


def test_the_result_is_that_of_the_same_marks_given_at_once() -> None:
    """The bar of an open answer decides whether it counts, as for every other kind."""
    attempt = all_marked(handed_in())
    services.release_by_rule(now=LATER + timedelta(hours=1))
    attempt.refresh_from_db()
    other = handed_in(attempt.exam)
    for task in tasks_of(other):
        services.mark_answer(marker=marker(), ref=task.ref, points=MIDDLING, at=LATER)
    tasks.release_due(now=LATER + timedelta(hours=1))
    other.refresh_from_db()
    assert other.theta == pytest.approx(attempt.theta)  # 3 of 5 points reach the bar of 0.6


@pytest.mark.parametrize(
    ("second", "wanted", "credit"),
    [(GOOD, 2, 1.0), ({"law": 2, "tone": 2}, 2, 0.9), (POOR, 3, None), ({"law": 1, "tone": 2}, 3, None)],
)
def test_two_markers_agree_or_a_third_is_asked(second: dict, wanted: int, credit: float | None) -> None:
    task = tasks_of(handed_in(open_exam(second_marking="always")))[0]
    services.mark_answer(marker=marker(), ref=task.ref, points=GOOD, at=LATER)
    assert not Mark.objects.filter(attempt_item=task.attempt_item).exists()
    services.mark_answer(marker=marker(), ref=task.ref, points=second, at=LATER)
    task.refresh_from_db()
    assert task.wanted == wanted
    assert Mark.objects.filter(attempt_item=task.attempt_item).exists() == (credit is not None)
    if credit is not None:
        assert Mark.objects.get(attempt_item=task.attempt_item).credit == pytest.approx(credit)


def test_the_third_decides() -> None:
    task = tasks_of(handed_in(open_exam(second_marking="always")))[0]
    for points in (GOOD, POOR, MIDDLING):
        services.mark_answer(marker=marker(), ref=task.ref, points=points, at=LATER)
    assert Mark.objects.get(attempt_item=task.attempt_item).credit == pytest.approx(0.6)
    with pytest.raises(services.NotYours):
        services.mark_answer(marker=marker(), ref=task.ref, points=GOOD, at=LATER)
    assert [mark.turn for mark in task.marks.all()] == [1, 2, 3]


@pytest.mark.parametrize(("points", "wanted"), [(MIDDLING, 2), (GOOD, 1), (POOR, 1)])
def test_near_the_bar_a_second_marker_is_asked(points: dict, wanted: int) -> None:
    task = tasks_of(handed_in(open_exam(second_marking="borderline")))[0]
    services.mark_answer(marker=marker(), ref=task.ref, points=points, at=LATER)
    task.refresh_from_db()
    assert task.wanted == wanted


def test_nobody_marks_an_answer_twice() -> None:
    task, judge = tasks_of(handed_in(open_exam(second_marking="always")))[0], marker()
    services.mark_answer(marker=judge, ref=task.ref, points=GOOD, at=LATER)
    services.mark_answer(marker=judge, ref=task.ref, points=GOOD, at=LATER)  # the same sent twice
    assert task.ref not in refs(judge)
    with pytest.raises(services.NotYours):
        services.mark_answer(marker=judge, ref=task.ref, points=POOR, at=LATER)
    assert HumanMark.objects.count() == 1


def test_own_answers_and_those_of_people_near_are_not_there() -> None:
    """Neither one's own, nor the mentee's, nor the teacher's, nor those of whom one leads."""
    judge = marker()
    mentee, teacher, led, other = (UserFactory() for _ in range(4))
    today = LATER.date()
    AccessFactory(viewer=judge, subject=mentee, starts_on=today)
    AccessFactory(viewer=teacher, subject=judge, starts_on=today)
    department = DepartmentFactory()
    led.department = department
    led.save()
    RoleGrantFactory(person=judge, role="head", department=department)
    exam = open_exam()
    attempts = {person: handed_in(exam, person) for person in (judge, mentee, teacher, led, other)}
    judge = type(judge).objects.get(pk=judge.pk)
    assert refs(judge) == {task.ref for task in tasks_of(attempts[other])}
    for person in (judge, mentee, teacher, led):
        with pytest.raises(MarkingTask.DoesNotExist):
            services.mark_answer(marker=judge, ref=tasks_of(attempts[person])[0].ref, points=GOOD, at=LATER)


def test_a_marker_of_a_department_has_its_answers_alone() -> None:
    inside, outside = handed_in(), handed_in()
    judge = UserFactory()
    RoleGrantFactory(person=judge, role="marker", department=inside.person.department)
    assert refs(judge) == {task.ref for task in tasks_of(inside)}
    assert not refs(UserFactory())
    assert inside.person.department != outside.person.department


def test_points_beyond_the_guide_and_long_comments_are_refused() -> None:
    task, judge = tasks_of(handed_in())[0], marker()
    for points in ({"law": 4, "tone": 2}, {"law": 3}, {"law": 3, "tone": 2, "x": 1}, {"law": "3", "tone": 2}):
        with pytest.raises(services.WrongPoints):
            services.mark_answer(marker=judge, ref=task.ref, points=points, at=LATER)
    with pytest.raises(services.CommentTooLong):
        services.mark_answer(marker=judge, ref=task.ref, points=GOOD, comment="长" * 2001, at=LATER)
    assert not HumanMark.objects.exists()


def test_what_is_taken_is_in_one_hand_for_a_while() -> None:
    attempt = handed_in(open_exam("true_false", "open"))
    version = tasks_of(attempt)[0].attempt_item.item_version
    first, second = marker(), marker()
    task = services.take_next(marker=first, version=version, at=LATER)
    assert services.take_next(marker=first, version=version, at=LATER) == task
    with pytest.raises(services.NothingLeft):
        services.take_next(marker=second, version=version, at=LATER)
    with pytest.raises(services.NotYours):
        services.mark_answer(marker=second, ref=task.ref, points=GOOD, at=LATER)
    later = LATER + timedelta(minutes=21)
    assert services.take_next(marker=second, version=version, at=later) == task
    services.put_back(marker=second, ref=task.ref)
    assert services.take(marker=first, ref=task.ref, at=later) == task


def test_a_mark_is_taken_back_until_the_next_step_or_ten_minutes() -> None:
    attempt = handed_in(open_exam(second_marking="always"))
    task, other = tasks_of(attempt)
    first, second = marker(), marker()
    services.mark_answer(marker=first, ref=task.ref, points=GOOD, at=LATER)
    services.take_back(marker=first, ref=task.ref, at=LATER + timedelta(minutes=1))
    assert HumanMark.objects.get().withdrawn_at  # kept, and counts no more
    assert AuditEvent.objects.filter(action="assessments.mark_taken_back").count() == 1
    services.mark_answer(marker=first, ref=task.ref, points=POOR, at=LATER + timedelta(minutes=2))
    services.mark_answer(marker=second, ref=task.ref, points=POOR, at=LATER + timedelta(minutes=3))
    with pytest.raises(services.TooLate):
        services.take_back(marker=first, ref=task.ref, at=LATER + timedelta(minutes=4))
    services.take_back(marker=second, ref=task.ref, at=LATER + timedelta(minutes=4))
    assert not Mark.objects.filter(attempt_item=task.attempt_item).exists()
    services.mark_answer(marker=first, ref=other.ref, points=GOOD, at=LATER)
    with pytest.raises(services.TooLate):
        services.take_back(marker=first, ref=other.ref, at=LATER + timedelta(minutes=10))


def test_a_card_waits_for_its_observer_who_knows_whose_it_is() -> None:
    attempt = handed_in(open_exam("true_false", "scenario"))
    task = tasks_of(attempt)[0]
    assert attempt.state == Attempt.State.MARKING
    assert task.ref not in refs(marker())
    with pytest.raises(MarkingTask.DoesNotExist):
        services.mark_card(observer=attempt.person, ref=task.ref, points={"calm": 2}, at=LATER)
    services.mark_card(observer=marker("teacher"), ref=task.ref, points={"calm": 2}, at=LATER)
    assert Mark.objects.get(attempt_item=task.attempt_item).credit == pytest.approx(2 / 3)
    assert AuditEvent.objects.get(action="assessments.observed").person_id == attempt.person_id


def test_nothing_of_a_result_is_stored_before_its_release() -> None:
    attempt = all_marked(handed_in(open_exam(release="person")))
    assert attempt.state == Attempt.State.MARKED
    tasks.release_due(now=LATER + timedelta(days=30))
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.MARKED
    assert not Evidence.objects.exists()
    assert not Certificate.objects.exists()
    for leak in ({"score": 70}, {"passed": True}, {"theta": 0.1}, {"released_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk).update(**leak)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(state="scored", score=70, theta=0.1)


def test_an_examiner_releases_what_is_marked_once_and_never_their_own() -> None:
    exam, examiner = open_exam(release="person"), marker("examiner")
    ready, own, waiting = handed_in(exam), handed_in(exam, examiner), handed_in(exam)
    for attempt in (ready, own):
        all_marked(attempt)
    chosen = [ready.pk, own.pk, waiting.pk]
    assert services.release(exam=exam, attempts=chosen, by=examiner, at=LATER) == 1
    assert services.release(exam=exam, attempts=chosen, by=examiner, at=LATER) == 0
    ready.refresh_from_db()
    assert (ready.state, ready.released_by, ready.released_at) == (Attempt.State.SCORED, examiner, LATER)
    event = AuditEvent.objects.get(action="assessments.released")
    assert (event.person_id, event.after["score"]) == (ready.person_id, ready.score)
    assert Notice.objects.filter(kind="exam.scored").count() == 1
    states = [Attempt.objects.get(pk=one.pk).state for one in (own, waiting)]
    assert states == [Attempt.State.MARKED, Attempt.State.MARKING]


def test_a_rule_releases_when_the_session_closes() -> None:
    exam = open_exam("true_false", "multiple", release="session")
    session = ExamSessionFactory(exam=exam)
    attempt = started(exam)
    Attempt.objects.filter(pk=attempt.pk).update(session=session)
    done = services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=5))
    assert done.state == Attempt.State.MARKED
    tasks.release_due(now=session.closes_at - timedelta(minutes=1))
    assert Attempt.objects.get().state == Attempt.State.MARKED
    tasks.release_due(now=session.closes_at)
    assert Attempt.objects.get().state == Attempt.State.SCORED


def test_one_that_cannot_be_released_does_not_hold_up_the_others() -> None:
    exam = open_exam()
    broken, sound = all_marked(handed_in(exam)), all_marked(handed_in(exam))
    Mark.objects.filter(attempt_item__attempt=broken).delete()
    with pytest.raises(RuntimeError, match=str(broken.pk)):
        tasks.release_due(now=LATER + timedelta(hours=1))
    states = [Attempt.objects.get(pk=one.pk).state for one in (broken, sound)]
    assert states == [Attempt.State.MARKED, Attempt.State.SCORED]


def test_who_waits_for_a_result_does_not_sit_again() -> None:
    attempt = handed_in()
    Entitlement.objects.update(attempts=3)
    with pytest.raises(services.WaitsForResult):
        services.start_attempt(person=attempt.person, exam=attempt.exam, now=LATER, language="en")
    shown = exam_list(attempt.person, now=LATER)
    assert (shown.waiting, shown.open, shown.done) == ([attempt], [], [])
    assert todo(person=attempt.person, now=LATER) == []


@pytest.mark.django_db(transaction=True)
def test_many_marks_and_releases_at_once_make_one_result() -> None:
    attempt = handed_in(open_exam("true_false", "open"))
    ref = tasks_of(attempt)[0].ref
    judges = [marker() for _ in range(16)]
    queue = iter(judges)
    in_parallel(16, lambda: services.mark_answer(marker=next(queue), ref=ref, points=GOOD, at=LATER))
    assert HumanMark.objects.count() == 1
    assert Mark.objects.filter(attempt_item__task__ref=ref).count() == 1
    in_parallel(16, lambda: tasks.release_due(now=LATER + timedelta(hours=1)))
    assert Attempt.objects.get().state == Attempt.State.SCORED
    assert Notice.objects.filter(kind="exam.scored").count() == 1


@pytest.mark.django_db(transaction=True)
def test_markers_who_take_at_once_take_different_answers() -> None:
    exam = open_exam("open", "open")
    for _ in range(3):
        handed_in(exam)
    version = MarkingTask.objects.first().attempt_item.item_version
    queue = iter([marker() for _ in range(16)])
    taken = in_parallel(3, lambda: services.take_next(marker=next(queue), version=version, at=LATER).pk)
    assert len(set(taken)) == 3
