"""Asking for a calibration, and deciding on it. What it found never changes, and no old result ever moves."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assessments.models import AttemptItem, Bank, Calibration, ItemParameters
from assessments.permissions import Refused
from assessments.queries.samples import Scope, frameworks_of, prospect_of
from assessments.scoring.calibration import FEW_ANSWERS
from training.lib.texts import in_each_language
from training.operations.models import Job
from training.operations.services import record, start_job
from training.people.models import User

ESTIMATE = "assessments.tasks.estimate"


class AtWork(Refused):
    """One calibration of a bank at a time."""

    code = "at_work"
    message = _("A calibration of this bank is being worked out already. Wait for it, or cancel it.")


class TooFewAnswers(Refused):
    """Not even two items have answers enough to be estimated."""

    code = "too_few_answers"
    message = format_lazy(
        _("Fewer than two items were answered {count} times in this period. Choose a longer one, or wait."),
        count=FEW_ANSWERS,
    )


class ModelTooRich(Refused):
    """The answers do not bear the model."""

    code = "model_too_rich"
    message = _("The answers of this period do not bear 2PL yet. Take Rasch, or a longer period.")


class SeveralScales(Refused):
    """Items of two frameworks lie on two scales, which never merge."""

    code = "several_scales"
    message = _(
        "The bank's items belong to no framework or to several, and so to no one scale. They are not calibrated."
    )


class NotDecidable(Refused):
    """The calibration has no result, was decided on already, or nothing of it may be used."""

    code = "not_decidable"
    message = _("This cannot be decided any more, or not yet. Look at the page again.")


class NothingChosen(Refused):
    """Accepting no item is rejecting."""

    code = "nothing_chosen"
    message = _("Tick at least one item, or reject the calibration.")


class AlreadyUsed(Refused):
    """Papers were drawn with these parameters, so that taking them back would leave people with two measures."""

    code = "already_used"
    message = _("People have sat papers with these parameters, so that this is not undone. Start a new calibration.")


@transaction.atomic
def start_calibration(
    *, bank: Bank, model: str, since: date, until: date, first_only: bool, by: User, at: datetime
) -> Calibration:
    """Have the bank's items estimated from the attempts handed in from `since` to `until`.

    Raises `AtWork`, `TooFewAnswers`, `ModelTooRich`, `SeveralScales`.
    """
    Bank.objects.select_for_update().get(pk=bank.pk)
    _give_up_what_ended(bank, at)
    if bank.calibrations.filter(state=Calibration.State.COMPUTING).exists():
        raise AtWork
    if len(frameworks_of(bank)) != 1:
        raise SeveralScales
    prospect = prospect_of(Scope(bank, since, until, first_only))
    if sum(count >= FEW_ANSWERS for count in prospect.counts.values()) < 2:
        raise TooFewAnswers
    if model == Calibration.Model.TWO_PL and prospect.model != Calibration.Model.TWO_PL:
        raise ModelTooRich
    calibration = Calibration.objects.create(
        bank=bank, model=model, since=since, until=until, first_only=first_only, asked_by=by, asked_at=at
    )
    label = in_each_language(format_lazy(_("Calibration of {bank}"), bank=bank))
    job = start_job(task=ESTIMATE, arguments={"calibration": calibration.pk}, by=by, at=at, label=label)
    calibration.job_id = job.pk
    calibration.save(update_fields=["job_id"])
    after = {"model": model, "since": since.isoformat(), "until": until.isoformat(), "first_only": first_only}
    record(action="assessments.calibration_started", by=by, subject=calibration, at=at, after=after)
    return calibration


def _give_up_what_ended(bank: Bank, at: datetime) -> None:
    """A job that was cancelled or given up left its calibration as being worked out: it is not."""
    for calibration in bank.calibrations.filter(state=Calibration.State.COMPUTING):
        job = Job.objects.filter(pk=calibration.job_id).first() if calibration.job_id else None
        if job is None or job.has_ended:
            calibration.state, calibration.finished_at = Calibration.State.FAILED, at
            calibration.failure = (job and job.reason) or {}
            calibration.save(update_fields=["state", "finished_at", "failure"])


@transaction.atomic
def accept_calibration(*, calibration: Calibration, items: Collection[int], by: User, at: datetime) -> Calibration:
    """Let papers made from now on be scored by the parameters of the item versions in `items`.

    Other items stay as they are: on parameters accepted before, else judged. Whatever was accepted before is replaced;
    papers and results that exist keep what they were made with. Raises `NotDecidable`, `NothingChosen`.
    """
    calibration = _decidable(calibration)
    if not calibration.is_sound:
        raise NotDecidable
    chosen = list(calibration.parameters.filter(usable=True, item_version__in=items).values_list("pk", "item_version"))
    if not chosen:
        raise NothingChosen
    before = calibration.bank.calibrations.filter(state=Calibration.State.ACCEPTED)
    replaced = list(before.values_list("pk", flat=True))
    before.update(state=Calibration.State.SUPERSEDED)
    ItemParameters.objects.in_force().filter(item_version__in=[version for _pk, version in chosen]).update(
        in_force_until=at
    )
    calibration.parameters.filter(pk__in=[pk for pk, _version in chosen]).update(in_force_from=at, in_force_until=None)
    _decide(calibration, Calibration.State.ACCEPTED, by, at)
    after = {"items": len(chosen), "of": calibration.parameters.count(), "replaced": replaced}
    record(action="assessments.calibration_accepted", by=by, subject=calibration, at=at, after=after)
    return calibration


@transaction.atomic
def reject_calibration(*, calibration: Calibration, reason: str, by: User, at: datetime) -> Calibration:
    """Leave everything as it is, and say why. Raises `NotDecidable`."""
    calibration = _decidable(calibration)
    _decide(calibration, Calibration.State.REJECTED, by, at, reason)
    record(action="assessments.calibration_rejected", by=by, subject=calibration, at=at, reason=reason)
    return calibration


@transaction.atomic
def reopen_calibration(*, calibration: Calibration, by: User, at: datetime) -> Calibration:
    """Undo the decision: what was in force before an acceptance is in force again.

    Raises `NotDecidable`; `AlreadyUsed` once somebody has a paper with its parameters.
    """
    calibration = _locked(calibration)
    before, decided_at = calibration.state, calibration.decided_at
    if before not in (Calibration.State.ACCEPTED, Calibration.State.REJECTED):
        raise NotDecidable
    if before == Calibration.State.ACCEPTED:
        _take_out_of_force(calibration)
    calibration.state, calibration.reason = Calibration.State.READY, ""
    calibration.decided_by = calibration.decided_at = None
    calibration.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    if before == Calibration.State.ACCEPTED:
        previous = calibration.bank.calibrations.filter(state=Calibration.State.SUPERSEDED, decided_at__lt=decided_at)
        if latest := previous.order_by("-decided_at").first():
            Calibration.objects.filter(pk=latest.pk).update(state=Calibration.State.ACCEPTED)
    record(action="assessments.calibration_reopened", by=by, subject=calibration, at=at, before={"state": before})
    return calibration


def _take_out_of_force(calibration: Calibration) -> None:
    if is_used(calibration):
        raise AlreadyUsed
    mine = calibration.parameters.in_force()
    versions = list(mine.values_list("item_version", flat=True))
    mine.update(in_force_from=None)
    older = ItemParameters.objects.filter(item_version__in=versions, in_force_until=calibration.decided_at)
    older.update(in_force_until=None)


def is_used(calibration: Calibration) -> bool:
    """Tell whether somebody has a paper with parameters of it."""
    return AttemptItem.objects.filter(parameters__calibration=calibration).exists()


def _locked(calibration: Calibration) -> Calibration:
    Bank.objects.select_for_update().get(pk=calibration.bank_id)
    return Calibration.objects.select_for_update(of=("self",)).select_related("bank").get(pk=calibration.pk)


def _decidable(calibration: Calibration) -> Calibration:
    locked = _locked(calibration)
    if not locked.is_ready:
        raise NotDecidable
    return locked


def _decide(calibration: Calibration, state: str, by: User, at: datetime, reason: str = "") -> None:
    calibration.state, calibration.decided_by, calibration.decided_at, calibration.reason = state, by, at, reason
    calibration.save(update_fields=["state", "decided_by", "decided_at", "reason"])
