"""Regrades: results by hand, everything else bit for bit, each paper moved once, by two people's word.

Choices of one difficulty b: for r right of n Warm's estimate is b + ln((r + 0.5) / (n - r + 0.5)), and level 3 begins
at -0.7. So seven of ten pass and six do not; eight of twelve pass, seven of twelve and of eleven do not.
"""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.forms.models import model_to_dict

from assessments import services
from assessments.models import Attempt, AttemptItem, Exam, ItemVersion, Mark, Regrade, RegradedResult
from assessments.queries import WorkingOut, rulings_on, standing_on
from assessments.services import applying
from tests.conftest import Budget
from tests.factories.assessments import NOW, answer, blueprint_row, exam_with_items, scored, started
from tests.factories.certificates import AchievementFactory, issued
from tests.factories.marking import GOOD, LATER, POOR, all_marked, handed_in, marker, open_exam, tasks_of
from tests.factories.media import show
from tests.factories.people import CentreFactory
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
MOVES = {"policy": Regrade.Policy.EVERYTHING_MOVES, "certificates": "keep"}
Change = RegradedResult.Change


@pytest.fixture(autouse=True)
def _centre() -> None:
    CentreFactory()


def theta(right: int, of: int) -> float:
    return -0.7 - math.log(0.65 / 0.35) + math.log((right + 0.5) / (of - right + 0.5))


def rows_of(attempt: Attempt) -> dict[str, Any]:
    """Everything that is kept of a paper and what it gave, as it stands in the database."""
    evidence = Evidence.objects.filter(attempt_link__attempt=attempt).order_by("pk")
    return {
        "attempt": model_to_dict(Attempt.objects.get(pk=attempt.pk)),
        "items": list(attempt.items.values()),
        "marks": list(Mark.objects.filter(attempt_item__attempt=attempt).order_by("pk").values()),
        "evidence": [model_to_dict(one) for one in evidence],
        "proficiency": list(Proficiency.objects.filter(person=attempt.person).values("mean", "variance", "level")),
    }


def changes(regrade: Regrade) -> dict[int, str]:
    return dict(regrade.results.values_list("attempt", "change"))


def now(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)


def released(exam: Exam) -> Attempt:
    """Return an attempt that people marked well, with its result."""
    attempt = all_marked(handed_in(exam))
    services.release_by_rule(now=ASKED)
    return now(attempt)


def test_a_corrected_key_moves_whom_it_concerns_and_nobody_else() -> None:
    exam = choices()
    first = versions_of(exam)[0]
    up, down = sat(exam, "baaaaaabbb"), sat(exam, "aaaaaaabbb")  # the key of the first was a, is b
    same, blank = sat(exam, "caaaaaaabb"), sat(exam, "-aaaaaaaab")
    still = [rows_of(one) for one in (same, blank)]
    assert [one.passed for one in (up, down)] == [False, True]
    regrade = key_corrected(first, **MOVES)
    assert changes(regrade) == {up.pk: Change.PASSES, down.pk: Change.FAILS}
    found = {name: regrade.counts[name] for name in ("papers", "changed", "passes", "fails", "evidence", "waiting")}
    assert found == {"papers": 4, "changed": 2, "passes": 1, "fails": 1, "evidence": 2, "waiting": 0}
    assert now(up).passed is False  # a preview writes nothing
    assert applied(regrade).state == Regrade.State.APPLIED
    assert now(up).theta == pytest.approx(theta(7, 10))
    assert now(down).theta == pytest.approx(theta(6, 10))
    assert (now(up).passed, now(down).passed) == (True, False)
    assert [rows_of(one) for one in (same, blank)] == still
    assert first.key == ["a"]
    assert ItemVersion.objects.get(pk=first.pk).key == ["a"]


def test_evidence_is_voided_with_the_reason_and_replaced() -> None:
    exam = choices()
    attempt = sat(exam, "baaaaaabbb")
    old = Evidence.objects.get()
    applied(key_corrected(versions_of(exam)[0]))
    new = Evidence.objects.get(voided_at=None)
    old.refresh_from_db()
    assert (old.voided_at, old.void_reason) == (APPLIED, WHY)
    assert (new.value, new.observed_on) == (now(attempt).theta, old.observed_on)
    assert list(attempt.evidence_links.order_by("pk").values_list("evidence", "ended_at")) == [
        (old.pk, APPLIED),
        (new.pk, None),
    ]
    assert Proficiency.objects.get().evidence_count == 1


def test_nobody_loses_unless_it_is_said() -> None:
    exam = choices()
    version = versions_of(exam)[0]
    up, down = sat(exam, "baaaaaabbb"), sat(exam, "aaaaaaabbb")
    before = rows_of(down)
    regrade = key_corrected(version)
    assert changes(regrade) == {up.pk: Change.PASSES, down.pk: Change.KEPT}
    applied(regrade)
    after = rows_of(down)
    assert {name: after[name] for name in ("attempt", "evidence", "proficiency")} == {
        name: before[name] for name in ("attempt", "evidence", "proficiency")
    }
    mark = Mark.objects.get(attempt_item__attempt=down, attempt_item__item_version=version)
    assert (mark.credit, mark.kept, mark.counted) == (0, 1, 1)  # figures of the question follow the key
    again = voided(versions_of(exam)[1])
    assert again.results.get(attempt=down).before["theta"] == down.theta  # what was kept counts in the next regrade too


def test_a_void_question_counts_for_nobody() -> None:
    exam = choices(12)
    right, wrong = sat(exam, "aaaaaaaabbbb"), sat(exam, "baaaaaaabbbb")
    assert [one.theta for one in (right, wrong)] == pytest.approx([theta(8, 12), theta(7, 12)])
    regrade = voided(versions_of(exam)[0], **MOVES)
    assert changes(regrade) == {right.pk: Change.FAILS, wrong.pk: Change.HIGHER}
    applied(regrade)
    assert [now(one).theta for one in (right, wrong)] == pytest.approx([theta(7, 11), theta(7, 11)])
    assert Evidence.objects.filter(voided_at=None).count() == 2
    assert list(wrong.evidence_links.filter(ended_at=None).values_list("items", flat=True)) == [11]


def test_one_exam_alone_may_leave_a_question_out() -> None:
    one = choices()
    other = Exam.objects.create(
        code="other", title={"en": "Other"}, bank=one.bank, framework=one.framework, target_level=3, minutes=30
    )
    blueprint_row(other, one.blueprint.get().competency, 10)
    services.open_exam(exam=other, by="test", at=NOW - timedelta(days=1))
    here, there = sat(one, "baaaaaabbb"), sat(other, "baaaaaabbb")
    before = rows_of(there)
    applied(voided(versions_of(one)[0], exam=one))
    assert rows_of(there) == before
    assert now(here).theta == pytest.approx(theta(6, 9), abs=1e-9)
    late = sat(other, "baaaaaabbb")
    assert late.theta == there.theta


def test_a_paper_keeps_its_last_question() -> None:
    exam = choices(1)
    sat(exam, "b")
    regrade = voided(versions_of(exam)[0])
    assert (regrade.counts["left_alone"], regrade.results.count()) == (1, 0)
    applied(regrade)
    assert sat(exam, "b").theta is not None


def test_what_is_handed_in_from_the_approval_on_is_marked_by_the_corrected_key() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    open_one = started(exam)
    regrade = key_corrected(versions_of(exam)[0])
    for question, letter in zip(open_one.items.order_by("item_version"), "baaaaaabbb", strict=True):
        answer(open_one, question, letter)
    services.approve_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    done = services.hand_in(person=open_one.person, attempt_id=open_one.pk, now=NOW + timedelta(minutes=9))
    assert done.theta == pytest.approx(theta(7, 10))
    services.apply_regrade(regrade=Regrade.objects.get(), progress=Counting(), at=APPLIED)
    assert now(done).theta == done.theta
    assert Regrade.objects.get().counts["skipped"] == 0


def test_papers_without_a_result_are_marked_anew_and_told_nothing() -> None:
    exam = choices(release="person")
    attempt = sat(exam, "baaaaaabbb")
    regrade = key_corrected(versions_of(exam)[0])
    assert changes(regrade) == {attempt.pk: Change.WAITING}
    assert (regrade.counts["waiting"], regrade.counts["results"], regrade.results.get().before) == (1, 0, {})
    applied(regrade)
    assert (now(attempt).state, now(attempt).score) == (Attempt.State.MARKED, None)
    assert not Notice.objects.filter(kind="exam.regraded").exists()
    assert AuditEvent.objects.filter(action="assessments.regraded", person_id=attempt.person_id).count() == 1
    services.release(exam=exam, attempts=[attempt.pk], by=marker("examiner"), at=APPLIED)
    assert now(attempt).theta == pytest.approx(theta(7, 10))


def test_each_person_has_one_event_and_one_notice() -> None:
    exam = choices()
    up, kept = sat(exam, "baaaaaabbb"), sat(exam, "aaaaaaabbb")
    examiner, second = marker("examiner"), marker("examiner")
    applied(key_corrected(versions_of(exam)[0], by=examiner), by=second)
    events = AuditEvent.objects.filter(action="assessments.regraded").order_by("subject_id")
    assert [(one.person_id, one.actor_id, one.reason) for one in events] == [
        (up.person_id, second.pk, WHY),
        (kept.person_id, second.pk, WHY),
    ]
    assert [(one.before["passed"], one.after["passed"], one.after["kept"]) for one in events] == [
        (False, True, False),
        (True, True, True),
    ]
    notice = Notice.objects.get(kind="exam.regraded")
    assert (notice.person, notice.path) == (up.person, f"/exams/attempt/{up.pk}/result/")
    assert notice.facts["reason"] == WHY
    for action in ("assessments.regrade_asked", "assessments.regrade_approved", "assessments.regrade_applied"):
        assert AuditEvent.objects.filter(action=action).count() == 1
    assert AuditEvent.objects.get(action="assessments.regrade_approved").after["policy"] == "nobody_loses"


def test_whoever_asks_does_not_approve_nor_whose_result_moves() -> None:
    exam, examiner = choices(), marker("examiner")
    moved = sat(exam, "baaaaaabbb", person=marker("examiner"))
    regrade = key_corrected(versions_of(exam)[0], by=examiner)
    for person in (examiner, moved.person):
        with pytest.raises(services.NeedsAnotherExaminer):
            services.approve_regrade(regrade=regrade, by=person, at=APPROVED)
    assert Regrade.objects.get().state == Regrade.State.READY


def test_a_preview_that_papers_have_left_behind_is_refused() -> None:
    exam = choices()
    sat(exam, "baaaaaabbb")
    late = started(exam)
    regrade = key_corrected(versions_of(exam)[0])
    sat(exam, "baaaaaabbb", attempt=late)
    with pytest.raises(services.OutOfDate):
        services.approve_regrade(regrade=regrade, by=marker("examiner"), at=APPROVED)
    services.preview_again(regrade=regrade, by=marker("examiner"), at=APPROVED)
    regrade = previewed(Regrade.objects.get())
    assert regrade.counts["papers"] == 2
    assert applied(regrade).results.filter(state="applied").count() == 2


def test_two_regrades_at_once() -> None:
    exam = choices()
    sat(exam, "bbaaaaabbb")
    one, two = versions_of(exam)[:2]
    first, second = key_corrected(one), key_corrected(two)
    with pytest.raises(services.AskedAlready):
        services.ask_regrade(version=one, reason=WHY, by=marker("examiner"), at=ASKED)
    services.approve_regrade(regrade=first, by=marker("examiner"), at=APPROVED)
    with pytest.raises(services.AnotherIsApplied):
        services.approve_regrade(regrade=second, by=marker("examiner"), at=APPROVED)
    services.apply_regrade(regrade=Regrade.objects.get(pk=first.pk), progress=Counting(), at=APPLIED)
    with pytest.raises(services.OutOfDate):  # the first one moved the same result
        services.approve_regrade(regrade=second, by=marker("examiner"), at=APPLIED)
    with pytest.raises(services.NotToDecide):
        services.approve_regrade(regrade=first, by=marker("examiner"), at=APPLIED)


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
