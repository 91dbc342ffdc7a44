"""The register of impact assessments: written, put in force, written anew, ended; never changed once in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from training.accountability.models import ImpactAssessment
from training.accountability.permissions import keeps_register
from training.operations.services import record
from training.people.models import User

State = ImpactAssessment.State
TEXTS = ("title", "processed", "purpose", "risks", "measures", "assessed_by")
FACTS = (*TEXTS, "cause", "assessed_on", "review_on")


class AssessmentError(Exception):
    """What is not done with an assessment, and why, in words for whoever tried."""


@transaction.atomic
def write_assessment(*, facts: Mapping[str, Any], by: User, at: datetime) -> ImpactAssessment:
    """Begin an assessment as a draft; `facts` are those of `FACTS`. Raises `AssessmentError`."""
    _check_keeper(by)
    assessment = ImpactAssessment.objects.create(**facts)
    record(action="accountability.assessment_written", by=by, subject=assessment, at=at, after=told(assessment))
    return assessment


@transaction.atomic
def change_assessment(*, assessment: ImpactAssessment, facts: Mapping[str, Any], by: User, at: datetime) -> None:
    """Change a draft. Raises `AssessmentError` once it is in force."""
    locked = _locked(assessment, by, State.DRAFT)
    before = told(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    after = told(locked)
    changed = [name for name in FACTS if before[name] != after[name]]
    if not changed:
        return
    locked.save(update_fields=changed)
    record(
        action="accountability.assessment_changed",
        by=by,
        subject=locked,
        at=at,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


@transaction.atomic
def put_in_force(*, assessment: ImpactAssessment, by: User, at: datetime) -> None:
    """Let a draft hold from today; the one it was written anew from ends. Raises `AssessmentError`."""
    locked = _locked(assessment, by, State.DRAFT)
    followed = locked.follows
    if followed is not None and followed.state == State.IN_FORCE:
        _end(followed, by=by, at=at)
    locked.state, locked.in_force_from = State.IN_FORCE, timezone.localdate(at)
    locked.save(update_fields=["state", "in_force_from"])
    record(action="accountability.assessment_in_force", by=by, subject=locked, at=at, after=told(locked))


@transaction.atomic
def write_anew(*, assessment: ImpactAssessment, by: User, at: datetime) -> ImpactAssessment:
    """Begin a draft with the same words, which ends this one when it is put in force. Raises `AssessmentError`.

    Where there is such a draft already, that is the one.
    """
    locked = _locked(assessment, by, State.IN_FORCE)
    draft = locked.followed_by.filter(state=State.DRAFT).first()
    if draft is not None:
        return draft
    facts = {name: getattr(locked, name) for name in FACTS}
    facts |= {"assessed_on": timezone.localdate(at), "review_on": None}
    return write_assessment(facts={**facts, "follows": locked}, by=by, at=at)


@transaction.atomic
def end_assessment(*, assessment: ImpactAssessment, by: User, at: datetime) -> None:
    """End an assessment whose processing has stopped, or a draft that nobody goes on with. Raises `AssessmentError`."""
    _end(_locked(assessment, by, State.DRAFT, State.IN_FORCE), by=by, at=at)


@transaction.atomic
def record_register_export(*, by: User, number: int, at: datetime) -> None:
    """Record that `by` takes the register away."""
    record(action="accountability.assessments_exported", by=by, subject=by, at=at, after={"rows": number})


def told(assessment: ImpactAssessment) -> dict[str, Any]:
    """Return what the audit trail tells of it."""
    facts = {name: getattr(assessment, name) for name in FACTS}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


def _end(assessment: ImpactAssessment, *, by: User, at: datetime) -> None:
    assessment.state, assessment.ended_on = State.ENDED, timezone.localdate(at)
    assessment.save(update_fields=["state", "ended_on"])
    record(action="accountability.assessment_ended", by=by, subject=assessment, at=at)


def _locked(assessment: ImpactAssessment, by: User, *states: str) -> ImpactAssessment:
    _check_keeper(by)
    locked = ImpactAssessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.state not in states:
        raise AssessmentError(
            _("It has come to another state meanwhile, so nothing was changed. What is in force is written anew.")
        )
    return locked


def _check_keeper(by: User) -> None:
    if not keeps_register(by):
        raise AssessmentError(_("HR and administrators of the whole centre keep the register."))
