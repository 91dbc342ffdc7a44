"""Applying regrades and taking them back: each paper moved once, certificates, what people marked."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from assessments import services
from assessments.models import AttemptItem, ItemVersion, Mark, Regrade
from assessments.queries import WorkingOut, rulings_on, standing_on
from assessments.services import applying
from tests.assessments.regrading.papers import MOVES, Change, changes, now, released, rows_of, theta
from tests.conftest import Budget
from tests.factories.assessments import NOW, exam_with_items, scored, started
from tests.factories.certificates import AchievementFactory, issued
from tests.factories.marking import GOOD, LATER, POOR, handed_in, marker, open_exam, tasks_of
from tests.factories.media import show
from tests.factories.regrading import (
    APPLIED,
    APPROVED,
    ASKED,
    WHY,
    Counting,
    applied,
    choices,
    corrected,
    key_corrected,
    previewed,
    sat,
    versions_of,
    voided,
)
from training.certificates.models import Certificate, Revocation
from training.competencies.models import Evidence, Proficiency
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_killed_on_the_way_it_goes_on_and_moves_each_paper_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 2)
    exam = choices()
    attempts = [sat(exam, "baaaaaabbb") for _number in range(5)]
    regrade = key_corrected(versions_of(exam)[0])
    services.approve_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    regrade = Regrade.objects.get()
    with pytest.raises(RuntimeError, match="killed"):
        services.apply_regrade(regrade=regrade, progress=Counting(fails_at=4), at=APPLIED)
    assert regrade.results.filter(state="applied").count() == 4
    for _again in range(2):
        services.apply_regrade(regrade=Regrade.objects.get(), progress=Counting(), at=APPLIED)
    assert {now(one).theta for one in attempts} == {now(attempts[0]).theta}
    assert AuditEvent.objects.filter(action="assessments.regraded").count() == 5
    assert Notice.objects.filter(kind="exam.regraded").count() == 5
    assert Evidence.objects.filter(voided_at=None).count() == 5
    assert AuditEvent.objects.filter(action="assessments.regrade_applied").count() == 1


def test_what_changes_between_approval_and_application_is_left_and_told() -> None:
    exam = choices()
    gone, moved = sat(exam, "baaaaaabbb"), sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    services.approve_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    services.void_attempt(attempt=gone, reason="A phone", by=marker("examiner"), at=APPROVED)
    services.apply_regrade(regrade=Regrade.objects.get(), progress=Counting(), at=APPLIED)
    assert dict(regrade.results.values_list("attempt", "state")) == {gone.pk: "skipped", moved.pk: "applied"}
    assert Regrade.objects.get().counts["skipped"] == 1
    assert now(gone).passed is False


def test_a_regrade_is_taken_back_to_the_last_digit() -> None:
    exam = choices()
    up, down = sat(exam, "baaaaaabbb"), sat(exam, "aaaaaaabbb")
    version = versions_of(exam)[0]
    results = [model_to_dict(now(one)) for one in (up, down)]
    marks = list(Mark.objects.order_by("pk").values())
    values = list(Evidence.objects.order_by("person").values_list("person", "value", "variance"))
    late, last = started(exam), started(exam)
    regrade = applied(key_corrected(version, **MOVES))
    sat(exam, "aaaaaaabbb", attempt=late)  # marked by the corrected key
    late = now(late)
    assert late.theta == pytest.approx(theta(6, 10))
    undo = services.ask_undo(regrade=regrade, reason="The key was right.", by=marker("examiner"), at=ASKED, **MOVES)
    undo = previewed(undo)
    assert changes(undo) == {up.pk: Change.FAILS, down.pk: Change.PASSES, late.pk: Change.PASSES}
    applied(undo)
    assert [model_to_dict(now(one)) for one in (up, down)] == results
    assert list(Mark.objects.exclude(attempt_item__attempt=late).order_by("pk").values()) == marks
    standing = Evidence.objects.filter(voided_at=None).exclude(person=late.person)
    assert list(standing.order_by("person").values_list("person", "value", "variance")) == values
    assert rulings_on([version.pk]).keys == {}
    assert sat(exam, "aaaaaaabbb", attempt=last).theta == pytest.approx(theta(7, 10))
    with pytest.raises(services.NotToDecide):
        services.ask_undo(
            regrade=Regrade.objects.get(pk=regrade.pk), reason=WHY, by=marker("examiner"), at=ASKED, **MOVES
        )


def test_the_last_regrade_of_a_question_is_taken_back_first() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    version = versions_of(exam)[0]
    first = applied(key_corrected(version))
    second = voided(version)
    services.approve_regrade(regrade=second, by=marker("examiner"), at=APPROVED + timedelta(hours=1))
    services.apply_regrade(regrade=Regrade.objects.get(pk=second.pk), progress=Counting(), at=APPLIED)
    with pytest.raises(services.LaterFirst):
        services.ask_undo(regrade=first, reason=WHY, by=marker("examiner"), at=ASKED, **MOVES)


@pytest.mark.parametrize(("what", "asked"), [("keep", 0), ("revoke", 1)])
def test_who_passes_no_longer_keeps_the_certificate_or_its_revocation_is_asked_for(what: str, asked: int) -> None:
    exam, examiner = choices(achievement=AchievementFactory()), marker("examiner")
    down = sat(exam, "aaaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0], by=examiner, policy=MOVES["policy"], certificates=what)
    assert regrade.counts["lost"] == 1
    applied(regrade)
    assert Revocation.objects.filter(certificate=down.certificate, asked_by=examiner).count() == asked
    assert now(down).certificate == down.certificate
    with pytest.raises(services.SayWhatOfCertificates):
        services.ask_regrade(version=versions_of(exam)[1], reason=WHY, by=examiner, at=ASKED, policy=MOVES["policy"])


def test_who_passes_now_gets_the_certificate_unless_they_hold_it() -> None:
    achievement = AchievementFactory()
    exam = choices(achievement=achievement)
    new, has = sat(exam, "baaaaaabbb"), sat(exam, "baaaaaabbb")
    held = issued(achievement=achievement, holder=has.person)
    regrade = key_corrected(versions_of(exam)[0])
    assert regrade.counts["issue"] == 1
    applied(regrade)
    certificate = now(new).certificate
    assert certificate is not None
    assert certificate.facts["given"]["score"] == now(new).score
    assert list(Certificate.objects.filter(holder=has.person)) == [held]


def test_what_people_marked_wrongly_is_marked_anew() -> None:
    exam = open_exam()
    attempt = released(exam)
    task = tasks_of(attempt)[0]
    first_marker = task.marks.get()
    examiner = marker("examiner")
    asked = {"question": task.attempt_item, "reason": WHY, "by": examiner, "at": ASKED}
    with pytest.raises(services.WrongPoints):
        services.ask_marking(**asked, points={"law": 9, "tone": 2})
    regrade = previewed(services.ask_marking(**asked, points=POOR, **MOVES))
    applied(regrade)
    standing = task.marks.get(withdrawn_at=None)
    assert (standing.marker, standing.points, task.attempt_item.mark.credit) == (examiner, POOR, 0.2)
    assert now(attempt).theta < attempt.theta
    undo = services.ask_undo(regrade=Regrade.objects.get(), reason=WHY, by=examiner, at=ASKED, **MOVES)
    applied(previewed(undo))
    assert (task.marks.get(withdrawn_at=None), now(attempt).theta) == (first_marker, attempt.theta)


def test_a_worse_mark_is_not_given_where_nobody_loses() -> None:
    attempt = released(open_exam())
    task = tasks_of(attempt)[0]
    asked = {"question": task.attempt_item, "reason": WHY, "by": marker("examiner"), "at": ASKED}
    applied(previewed(services.ask_marking(**asked, points=POOR)))
    assert task.marks.get(withdrawn_at=None).points == GOOD
    assert now(attempt).theta == attempt.theta


def test_a_question_void_before_its_marking_counts_for_nobody() -> None:
    exam = open_exam()
    attempt, other = handed_in(exam), released(exam)
    task = tasks_of(attempt)[0]
    version = task.attempt_item.item_version
    applied(voided(version, **MOVES))
    assert now(other).theta < other.theta
    for one in tasks_of(attempt):
        services.mark_answer(marker=marker(), ref=one.ref, points=GOOD, at=LATER)
    assert task.attempt_item.mark.void
    assert not tasks_of(attempt)[1].attempt_item.mark.void


def test_what_was_typed_by_somebody_made_anonymous_is_not_marked_as_blank() -> None:
    exam = choices()
    attempt = sat(exam, "baaaaaabbb")
    sat(exam, "baaaaaabbb")
    attempt.person.erased_at = NOW
    attempt.person.save()
    assert attempt.pk not in changes(key_corrected(versions_of(exam)[0]))


def test_only_a_reviewed_version_of_the_same_words_says_the_key() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    version = versions_of(exam)[0]
    asked = {"version": version, "reason": WHY, "by": marker("examiner"), "at": ASKED}
    reworded, unreviewed = corrected(version), corrected(version)
    ItemVersion.objects.filter(pk=reworded.pk).update(stem={"en": "Another question"})
    ItemVersion.objects.filter(pk=unreviewed.pk).update(approved_at=None, approved_by=None)
    pictured = corrected(version)
    show(pictured)
    for other in (reworded, unreviewed, pictured, versions_of(exam)[1], corrected(version, ("a",))):
        with pytest.raises(services.NoOtherKey):
            services.ask_regrade(**asked, key_from=ItemVersion.objects.get(pk=other.pk))
    with pytest.raises(services.NoWords):
        services.ask_regrade(**asked | {"reason": " "}, key_from=corrected(version))
    with pytest.raises(services.NoPapers):
        services.ask_regrade(**asked | {"version": corrected(version)})


def test_discarded_it_changes_nothing() -> None:
    exam = choices()
    attempt = sat(exam, "baaaaaabbb")
    before = rows_of(attempt)
    regrade = key_corrected(versions_of(exam)[0])
    services.discard_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    with pytest.raises(services.NotToDecide):
        services.approve_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    assert rows_of(attempt) == before
    assert AuditEvent.objects.filter(action="assessments.regrade_discarded").count() == 1


def test_a_level_of_a_competency_that_changes_is_told_before() -> None:
    exam = exam_with_items(competencies=1, asked_each=12)
    attempt = scored(started(exam), right=6)
    question = attempt.items.order_by("position")[6]
    regrade = voided(question.item_version)
    row = regrade.results.get()
    before = Proficiency.objects.get().level_on(ASKED.date())
    applied(regrade)
    after = Proficiency.objects.get().level_on(APPLIED.date())
    assert row.levels == ([[question.competency_id, before, after]] if before != after else [])
    assert row.evidence == [question.competency_id]


def test_a_preview_asks_the_same_number_of_questions_for_one_and_for_many(at_most: Budget) -> None:
    exam = choices(achievement=AchievementFactory())
    for _number in range(4):
        sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    papers = standing_on(regrade)
    for some in (dict(list(papers.items())[:1]), papers):
        working = WorkingOut(regrade, today=ASKED.date())
        with at_most(13):
            assert len(working.moved(some)) == len(some)
    assert AttemptItem.objects.count() == 40
