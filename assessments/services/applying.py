"""Applying an approved regrade: some papers at a time, each once, with everything that follows from its result."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import HumanMark, Mark, MarkingTask, Regrade, RegradedResult
from assessments.queries import MovedPaper, WorkingOut, papers_of, standing_on
from assessments.scoring import marking
from training.certificates.models import Certificate, Revocation
from training.certificates.services import AlreadyAskedFor, NotInForce, ask_revocation
from training.notices.services import notify
from training.operations.services import record

from .outcome import end_evidence, issue_certificate, record_pieces, result_path, set_outcome
from .regrading import Counted
from .releasing import Choose

AT_ONCE = 50
# Whoever handed in so shortly before the approval may have been marked by the old key while it was given.
ON_THE_WAY = timedelta(minutes=2)
State, Change = RegradedResult.State, RegradedResult.Change


def apply_regrade(*, regrade: Regrade, progress: Counted, at: datetime, choose: Choose = secrets.choice) -> None:
    """Apply what is left of an approved regrade. Killed at any line and called again, each paper is moved once."""
    if regrade.state != Regrade.State.APPLYING:
        return
    left = list(regrade.results.filter(state=State.PLANNED).order_by("attempt_id").values_list("attempt", flat=True))
    progress.start(len(left))
    working = WorkingOut(regrade, today=timezone.localdate(at))
    for start in range(0, len(left), AT_ONCE):
        some = left[start : start + AT_ONCE]
        _apply_some(working, some, at, choose)
        progress.advance(len(some))
    _finish(regrade, at)


@transaction.atomic
def _apply_some(working: WorkingOut, attempts: list[int], at: datetime, choose: Choose) -> None:
    regrade = working.regrade
    rows = {
        row.attempt_id: row
        for row in RegradedResult.objects.select_for_update()
        .filter(regrade=regrade, attempt__in=attempts, state=State.PLANNED)
        .order_by("attempt_id")
    }
    moved = {one.attempt.pk: one for one in working.moved({pk: row.stands_on for pk, row in rows.items()}, lock=True)}
    now = standing_on(regrade, among=list(rows))
    for pk, row in rows.items():
        if pk in moved and now.get(pk) == row.stands_on:
            _write(regrade, moved[pk], at, choose)
            row.state, row.applied_at = State.APPLIED, at
        else:
            row.state = State.SKIPPED
        row.save(update_fields=["state", "applied_at"])


def _write(regrade: Regrade, one: MovedPaper, at: datetime, choose: Choose) -> None:
    assert regrade.decided_by is not None
    attempt, row, by = one.attempt, one.row, regrade.decided_by
    credit, void, kept = row.mark_after
    Mark.objects.filter(attempt_item=one.question).update(credit=credit, void=void, kept=kept)
    if row.change != Change.KEPT:
        _mark_by_people(regrade, one, at)
    if one.outcome is not None:
        set_outcome(attempt, one.outcome)
        end_evidence(one.ended, reason=regrade.reason, by=by, at=at)
        record_pieces(attempt, one.pieces, by=by, at=at)
        if row.certificate == "issue":
            attempt.certificate = issue_certificate(attempt, by=by, at=at, choose=choose)
        elif row.certificate == Regrade.Certificates.REVOKE and attempt.certificate is not None:
            _ask_revocation(attempt.certificate, regrade, at)
        attempt.save()
    after = {**row.shown, "regrade": regrade.pk, "policy": regrade.policy, "kept": row.change == Change.KEPT}
    record(action="assessments.regraded", by=by, subject=attempt, at=at, person=attempt.person, before=row.before,
           after=after, reason=regrade.reason)  # fmt: skip
    if row.is_seen and row.change != Change.KEPT:
        _tell(one, at)


def _tell(one: MovedPaper, at: datetime) -> None:
    before, after = one.row.before["score"], one.row.after["score"]
    facts = {"exam": one.attempt.exam.title, "before": before, "score": after, "reason": one.row.regrade.reason}
    notify(person=one.attempt.person, kind="exam.regraded", facts=facts, path=result_path(one.attempt), at=at)


def _ask_revocation(certificate: Certificate, regrade: Regrade, at: datetime) -> None:
    """Ask in the name of who asked for the regrade, so that whoever approved it may confirm."""
    category, why = Revocation.Category.RESULT_VOIDED, regrade.reason
    try:
        ask_revocation(certificate=certificate, category=category, reason=why, by=regrade.asked_by, at=at)
    except (AlreadyAskedFor, NotInForce):
        return  # somebody else has seen to it


def _mark_by_people(regrade: Regrade, one: MovedPaper, at: datetime) -> None:
    """Put the corrected points in the place of those markers gave, or those back."""
    if regrade.cause == Regrade.Cause.MARKS:
        task = MarkingTask.objects.get(attempt_item=one.question)
        task.marks.filter(withdrawn_at=None).update(withdrawn_at=at)
        credit = marking.credit_of_points(one.question.item_version.key, regrade.points)
        HumanMark.objects.create(task=task, turn=1, marker=regrade.asked_by, points=regrade.points, credit=credit,
                                 given_at=at)  # fmt: skip
    elif regrade.undoes is not None and regrade.undoes.cause == Regrade.Cause.MARKS:
        task = MarkingTask.objects.get(attempt_item=one.question)
        moved_at = regrade.undoes.results.get(attempt=one.attempt).applied_at
        replaced = list(task.marks.filter(withdrawn_at=moved_at).values_list("pk", flat=True))
        if not replaced:
            return  # the person kept the result, and the marks with it
        task.marks.filter(withdrawn_at=None).update(withdrawn_at=at)
        task.marks.filter(pk__in=replaced).update(withdrawn_at=None)


@transaction.atomic
def _finish(regrade: Regrade, at: datetime) -> None:
    found = Regrade.objects.select_for_update(of=("self",)).select_related("decided_by", "item_version__item")
    kept = found.get(pk=regrade.pk)
    if kept.state != Regrade.State.APPLYING or kept.results.filter(state=State.PLANNED).exists():
        return
    assert kept.decided_by is not None
    kept.state, kept.applied_at = Regrade.State.APPLIED, at
    kept.counts = kept.counts | _left_out(kept)
    kept.save(update_fields=["state", "applied_at", "counts"])
    record(action="assessments.regrade_applied", by=kept.decided_by, subject=kept, at=at, after=kept.counts)


def _left_out(regrade: Regrade) -> Mapping[str, int]:
    """Count the papers that changed between preview and application, and those on their way at the approval."""
    assert regrade.decided_at is not None
    late = papers_of(regrade).filter(attempt__finished_at__gte=regrade.decided_at - ON_THE_WAY)
    late = late.exclude(attempt__in=regrade.results.values("attempt"))
    papers = standing_on(regrade, among=list(late.values_list("attempt", flat=True)))
    moved = WorkingOut(regrade, today=timezone.localdate(regrade.decided_at)).moved(papers)
    return {"skipped": regrade.results.filter(state=State.SKIPPED).count() + len(moved)}
