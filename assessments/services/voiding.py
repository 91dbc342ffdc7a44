"""Declaring an attempt void: nothing it gave counts any more, and nothing of it is lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from assessments.models import Attempt
from assessments.permissions import Refused
from training.certificates.models import Certificate, Revocation
from training.certificates.services import AlreadyAskedFor, NotInForce, ask_revocation
from training.notices.services import notify
from training.operations.services import record
from training.people.models import User

from .invigilation import LONGEST_MESSAGE, NoWords
from .outcome import end_evidence
from .releasing import result

KEEP, REVOKE = "keep", "revoke"


class StillRunning(Refused):
    """The attempt has not been handed in."""

    code = "still_running"
    message = gettext_lazy("This attempt is running. It can be declared void when it is handed in.")


class OwnAttempt(Refused):
    """Somebody decides about their own attempt."""

    code = "own_attempt"
    message = gettext_lazy("This is your own attempt. Another examiner decides about it.")


class SayWhatOfCertificate(Refused):
    """The attempt earned a certificate, and nobody said what becomes of it."""

    code = "say_what_of_certificate"
    message = gettext_lazy("This attempt earned a certificate. Say what becomes of it.")


@transaction.atomic
def void_attempt(*, attempt: Attempt, reason: str, certificate: str = "", by: User, at: datetime) -> Attempt:
    """Declare an attempt void, for a reason the person is told; declared before, it stays as it is.

    Its evidence is voided and the place can be used again; result and marks stay in the row. `certificate` says what
    becomes of one it earned: "keep", or "revoke", which asks for a revocation that a second person confirms. Raises
    StillRunning, OwnAttempt, NoWords, SayWhatOfCertificate.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "person").get(pk=attempt.pk)
    if attempt.state == Attempt.State.VOID:
        return attempt
    if attempt.is_open:
        raise StillRunning
    if attempt.person_id == by.pk:
        raise OwnAttempt
    if not 1 <= len(reason := reason.strip()) <= LONGEST_MESSAGE:
        raise NoWords
    if attempt.certificate is not None:
        _settle_certificate(attempt.certificate, certificate, reason, by, at)
    links = attempt.evidence_links.filter(ended_at=None).select_related("evidence__competency", "evidence__person")
    end_evidence(links, reason=reason, by=by, at=at)
    before = {"state": attempt.state, **result(attempt)}
    attempt.state = Attempt.State.VOID
    attempt.save(update_fields=["state"])
    facts = {"exam": attempt.exam.title, "reason": reason}
    notify(person=attempt.person, kind="exam.voided", facts=facts, path="", at=at)
    after = {"state": attempt.state, "certificate": certificate if attempt.certificate_id else ""}
    record(action="assessments.voided", by=by, subject=attempt, at=at, person=attempt.person, before=before,
           after=after, reason=reason)  # fmt: skip
    return attempt


def _settle_certificate(certificate: Certificate, what: str, reason: str, by: User, at: datetime) -> None:
    if what == REVOKE:
        category = Revocation.Category.RESULT_VOIDED
        try:
            ask_revocation(certificate=certificate, category=category, reason=reason, by=by, at=at)
        except (AlreadyAskedFor, NotInForce):
            return  # somebody else has seen to it
    elif what != KEEP:
        raise SayWhatOfCertificate
