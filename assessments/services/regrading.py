"""Asking for a regrade, its preview, and the second person's word. Nothing about a result is written here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assessments.models import AttemptItem, Exam, ItemVersion, Regrade, RegradedResult
from assessments.permissions import Refused
from assessments.queries import (
    WorkingOut,
    counts_of,
    digest_of,
    key_candidates,
    later_regrades,
    papers_of,
    standing_on,
)
from assessments.scoring import marking
from training.lib.texts import in_each_language
from training.operations.models import Job
from training.operations.services import record, start_job
from training.people.models import User

from .invigilation import LONGEST_MESSAGE, NoWords
from .judging import WrongPoints

WORK_OUT, APPLY = "assessments.tasks.work_out_regrade", "assessments.tasks.apply_regrade"
PAPERS_AT_ONCE, ROWS_AT_ONCE = 200, 500
Cause, State = Regrade.Cause, Regrade.State


class Counted(Protocol):
    """What a job's function is given (`training.operations.progress.Progress`)."""

    def start(self, total: int) -> None: ...
    def advance(self, n: int = 1) -> None: ...


class NoPapers(Refused):
    """The question stands on no paper that was handed in."""

    code = "no_papers"
    message = _("No paper with this question was handed in, so there is nothing to regrade.")


class NothingToRegrade(NoPapers):
    """The question is practised, and practice has no result."""

    code = "nothing_to_regrade"
    message = _(
        "This question is practised: practice has no result that could move, so there is nothing to regrade. Correct "
        "it by a new version; whoever practises from its approval on is told what is right by that."
    )


class NoOtherKey(Refused):
    """The version named is not a reviewed one of the same words with another key."""

    code = "no_other_key"
    message = _("Choose an approved version of this question that reads the same and has another key.")


class AskedAlready(Refused):
    """One regrade of a version at a time."""

    code = "asked_already"
    message = _("A regrade of this question waits already. Have it applied or discard it first.")


class NotToDecide(Refused):
    """It was applied, discarded, or is being worked out."""

    code = "not_to_decide"
    message = _("This cannot be decided any more, or not yet. Look at the page again.")


class NeedsAnotherExaminer(Refused):
    """Whoever asked, or whose own result would move, does not approve."""

    code = "needs_another_examiner"
    message = _("A second examiner applies it: not who asked for it, and nobody whose own result it changes.")


class OutOfDate(Refused):
    """Papers changed since the preview."""

    code = "out_of_date"
    message = _("Papers were handed in, released or changed since this preview. Preview it again, then apply it.")


class AnotherIsApplied(Refused):
    """One regrade is applied at a time."""

    code = "another_is_applied"
    message = _("Another regrade is being applied. Wait for its end, then preview this one again.")


class LaterFirst(Refused):
    """Regrades of a question are taken back from the last one on."""

    code = "later_first"
    message = _("A later regrade of the same question stands. Take that one back first.")


class SayWhatOfCertificates(Refused):
    """Results may fall, and nobody said what becomes of certificates."""

    code = "say_what_of_certificates"
    message = _("Say what becomes of the certificates of people who pass no longer.")


@transaction.atomic
def ask_regrade(
    *,
    version: ItemVersion,
    reason: str,
    by: User,
    at: datetime,
    key_from: ItemVersion | None = None,
    exam: Exam | None = None,
    policy: str = Regrade.Policy.NOBODY_LOSES,
    certificates: str = "",
) -> Regrade:
    """Ask that a version be marked by the key of `key_from`, or without one that it count for nobody (in `exam`).

    Its preview is worked out by a job. Raises `NoWords`, `NoOtherKey`, `NoPapers`, `AskedAlready`,
    `SayWhatOfCertificates`.
    """
    if key_from is not None and key_from not in key_candidates(version):
        raise NoOtherKey
    facts = {"cause": Cause.KEY, "key_from": key_from} if key_from else {"cause": Cause.VOID, "exam": exam}
    return _ask(version, facts, reason, policy, certificates, by, at)


@transaction.atomic
def ask_marking(
    *,
    question: AttemptItem,
    points: Mapping[str, object],
    reason: str,
    by: User,
    at: datetime,
    policy: str = Regrade.Policy.NOBODY_LOSES,
    certificates: str = "",
) -> Regrade:
    """Ask that one answer people marked have these points instead.

    Raises `WrongPoints`, `NeedsAnotherExaminer` for one's own answer, and as `ask_regrade`.
    """
    if question.attempt.person_id == by.pk:
        raise NeedsAnotherExaminer
    try:
        if question.item_version.kind not in marking.BY_PEOPLE:
            raise marking.MarkingError("only what people mark has points")
        marking.credit_of_points(question.item_version.key, points)
    except marking.MarkingError as error:
        raise WrongPoints from error
    facts = {"cause": Cause.MARKS, "question": question, "points": dict(points)}
    return _ask(question.item_version, facts, reason, policy, certificates, by, at)


@transaction.atomic
def ask_undo(*, regrade: Regrade, reason: str, by: User, at: datetime, policy: str, certificates: str = "") -> Regrade:
    """Ask that an applied regrade be taken back: marks become what they were, results follow as `policy` says.

    Raises `NotToDecide`, `LaterFirst`, and as `ask_regrade`.
    """
    regrade = Regrade.objects.select_for_update(of=("self",)).select_related("item_version", "exam").get(pk=regrade.pk)
    if not regrade.may_be_undone:
        raise NotToDecide
    if later_regrades(regrade):
        raise LaterFirst
    facts = {"cause": Cause.UNDO, "undoes": regrade, "exam": regrade.exam}
    return _ask(regrade.item_version, facts, reason, policy, certificates, by, at)


def _ask(
    version: ItemVersion, facts: Mapping[str, Any], reason: str, policy: str, certificates: str, by: User, at: datetime
) -> Regrade:
    if not 1 <= len(reason := reason.strip()) <= LONGEST_MESSAGE:
        raise NoWords
    if policy == Regrade.Policy.EVERYTHING_MOVES and certificates not in Regrade.Certificates.values:
        raise SayWhatOfCertificates
    ItemVersion.objects.select_for_update().get(pk=version.pk)
    if Regrade.objects.filter(item_version=version, state__in=(*Regrade.WAITING, State.APPLYING)).exists():
        raise AskedAlready
    regrade = Regrade(item_version=version, policy=policy, certificates=certificates or Regrade.Certificates.KEEP,
                      reason=reason, asked_by=by, asked_at=at, **facts)  # fmt: skip
    if not papers_of(regrade).exists():
        raise NothingToRegrade if version.item.bank.for_practice else NoPapers
    regrade.save()
    after = {"cause": regrade.cause, "policy": policy, "certificates": regrade.certificates}
    record(action="assessments.regrade_asked", by=by, subject=regrade, at=at, after=after, reason=reason)
    _start(regrade, WORK_OUT, by, at)
    return regrade


@transaction.atomic
def preview_again(*, regrade: Regrade, by: User, at: datetime) -> Regrade:
    """Work the preview out anew from the papers as they stand. Raises `NotToDecide`."""
    regrade = _locked(regrade)
    if regrade.state not in Regrade.WAITING or (regrade.state == State.COMPUTING and _is_at_work(regrade)):
        raise NotToDecide
    regrade.state = State.COMPUTING
    _start(regrade, WORK_OUT, by, at)
    return regrade


@transaction.atomic
def discard_regrade(*, regrade: Regrade, by: User, at: datetime) -> Regrade:
    """Leave everything as it is. Raises `NotToDecide` once it was approved."""
    regrade = _locked(regrade)
    if regrade.state not in Regrade.WAITING:
        raise NotToDecide
    regrade.state = State.DISCARDED
    regrade.save(update_fields=["state"])
    record(action="assessments.regrade_discarded", by=by, subject=regrade, at=at)
    return regrade


@transaction.atomic
def approve_regrade(*, regrade: Regrade, by: User, at: datetime, seen: datetime | None = None) -> Regrade:
    """Let a regrade be in force from now on, and have it applied by a job. A second person's word.

    `seen`: when the preview was worked out that they read. Whatever is handed in from now on is marked by it already.
    Raises `NotToDecide`, `NeedsAnotherExaminer`, `AnotherIsApplied`, `LaterFirst`, and `OutOfDate` where a paper has
    changed since the preview.
    """
    list(Regrade.objects.select_for_update().filter(state__in=(State.READY, State.APPLYING)).order_by("pk"))
    regrade = _locked(regrade)
    if not regrade.is_ready:
        raise NotToDecide
    if by.pk == regrade.asked_by_id or regrade.results.filter(attempt__person=by).exists():
        raise NeedsAnotherExaminer
    if Regrade.objects.filter(state=State.APPLYING).exists():
        raise AnotherIsApplied
    if seen not in (None, regrade.worked_out_at) or digest_of(standing_on(regrade)) != regrade.stands_on:
        raise OutOfDate
    if regrade.undoes is not None:
        _take_out_of_force(regrade.undoes, at)
    regrade.state, regrade.decided_by, regrade.decided_at = State.APPLYING, by, at
    after = {"policy": regrade.policy, "certificates": regrade.certificates, **regrade.counts}
    record(action="assessments.regrade_approved", by=by, subject=regrade, at=at, after=after, reason=regrade.reason)
    _start(regrade, APPLY, by, at)
    return regrade


@transaction.atomic
def record_regrade_export(*, regrade: Regrade, rows: int, by: User, at: datetime) -> None:
    """Write down that somebody took out whose results a regrade moves."""
    record(action="assessments.regrade_exported", by=by, subject=regrade, at=at, after={"rows": rows})


@transaction.atomic
def go_on(*, regrade: Regrade, by: User, at: datetime) -> Regrade:
    """Start the job anew that applies a regrade, after it stopped; what it did before stands. Raises `NotToDecide`."""
    regrade = _locked(regrade)
    if regrade.state != State.APPLYING or _is_at_work(regrade):
        raise NotToDecide
    _start(regrade, APPLY, by, at)
    return regrade


def work_out_regrade(*, regrade: Regrade, progress: Counted, at: datetime) -> None:
    """Work the preview out and keep it; nothing once that was done. Killed on the way, it is begun again."""
    if regrade.state != State.COMPUTING:
        return
    papers = standing_on(regrade)
    progress.start(len(papers))
    working, rows = WorkingOut(regrade, today=timezone.localdate(at)), list[RegradedResult]()
    order = list(papers)
    for start in range(0, len(order), PAPERS_AT_ONCE):
        some = order[start : start + PAPERS_AT_ONCE]
        rows += [one.row for one in working.moved({pk: papers[pk] for pk in some})]
        progress.advance(len(some))
    counts = counts_of(rows, papers=len(papers), waiting=working.waiting) | {"left_alone": working.left_alone}
    _keep(regrade, rows, digest_of(papers), counts, at)


@transaction.atomic
def _keep(
    regrade: Regrade, rows: Sequence[RegradedResult], stands_on: str, counts: dict[str, int], at: datetime
) -> None:
    """Write the preview, unless another run of the same job did or it was discarded."""
    kept = _locked(regrade)
    if kept.state != State.COMPUTING:
        return
    kept.results.all().delete()
    RegradedResult.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    kept.state, kept.worked_out_at, kept.stands_on, kept.counts = State.READY, at, stands_on, counts
    kept.save(update_fields=["state", "worked_out_at", "stands_on", "counts"])


def _take_out_of_force(undone: Regrade, at: datetime) -> None:
    undone = _locked(undone)
    if not undone.may_be_undone:
        raise NotToDecide
    if later_regrades(undone):
        raise LaterFirst
    undone.undone_at = at
    undone.save(update_fields=["undone_at"])


def _start(regrade: Regrade, task: str, by: User, at: datetime) -> None:
    label = in_each_language(format_lazy(_("Regrade of {question}"), question=str(regrade.item_version)))
    regrade.job_id = start_job(task=task, arguments={"regrade": regrade.pk}, by=by, at=at, label=label).pk
    regrade.save()


def _locked(regrade: Regrade) -> Regrade:
    found: QuerySet[Regrade] = Regrade.objects.select_for_update(of=("self",))
    return found.select_related("item_version__item", "key_from", "undoes", "asked_by").get(pk=regrade.pk)


def _is_at_work(regrade: Regrade) -> bool:
    running = (Job.State.QUEUED, Job.State.RUNNING)
    return regrade.job_id is not None and Job.objects.filter(pk=regrade.job_id, state__in=running).exists()
