"""How long the details of the audit trail are kept, and the records of erasures."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from training.lib.retention import ASSESSMENT_MONTHS, LOG_MONTHS, Kept
from training.operations.models import AuditEvent
from training.operations.retention import BY_LAW
from training.operations.services import redact_some, redactable
from training.people.models import Centre

from .models import Erasure, ImpactAssessment

BY_PIPL = _("Records of how personal data are protected are kept for at least three years (PIPL, article 56).")
PROCESS = "retention"
OVER = (Erasure.State.DONE, Erasure.State.REFUSED)


def kinds() -> Iterator[Kept]:
    """Yield the details of audit events, which are emptied under the chain, and erasures that are over."""
    yield Kept(
        name="audit-details",
        title=_("Details of the audit trail"),
        what=_(
            "Names, addresses, reasons, before and after. Who did what to whom and when stays for ever, by numbers."
        ),
        usual=120,
        least=LOG_MONTHS,
        column="happened_at",
        old=lambda before: redactable(AuditEvent.objects.filter(happened_at__lt=before)),
        forget=empty,
        by_law=BY_LAW,
    )
    yield Kept(
        name="erasures",
        title=_("Records of erasures"),
        what=_("Who asked, who confirmed and why. The audit trail keeps that it happened."),
        usual=120,
        least=ASSESSMENT_MONTHS,
        column="asked_at",
        old=lambda before: Erasure.objects.filter(asked_at__lt=before, state__in=OVER),
        by_law=BY_PIPL,
    )
    yield Kept(
        name="impact-assessments",
        title=_("Impact assessments that have ended"),
        what=_("What was weighed before personal data were processed. Those in force and drafts stay."),
        usual=60,
        least=ASSESSMENT_MONTHS,
        column="ended_on",
        old=lambda before: ImpactAssessment.objects.filter(ended_on__lt=before.date()),
        by_law=BY_PIPL,
    )


def empty(events: "QuerySet[AuditEvent]", at: datetime) -> int:
    """Empty some hundred of these events, with the event that says which."""
    return redact_some(events=events, by=PROCESS, subject=Centre.load(), at=at)
