"""Regrades: results by hand, everything else bit for bit, by two people's word."""

from datetime import timedelta

import pytest

from assessments import services
from assessments.models import Attempt, Exam, ItemVersion, Mark, Regrade
from tests.assessments.regrading.papers import MOVES, Change, changes, now, rows_of, theta
from tests.factories.assessments import NOW, answer, blueprint_row, started
from tests.factories.marking import marker
from tests.factories.regrading import (
    APPLIED,
    APPROVED,
    ASKED,
    WHY,
    Counting,
    applied,
    choices,
    key_corrected,
    previewed,
    sat,
    versions_of,
    voided,
)
from training.competencies.models import Evidence, Proficiency
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db


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
