"""Taking a certificate back: one person asks with a reason, another decides."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from training.certificates.models import Certificate, Revocation
from training.notices.services import notify
from training.operations.services import record
from training.people.models import User

from .errors import AlreadyAskedFor, AlreadyDecided, NeedsSecondPerson, NotInForce


@transaction.atomic
def ask_revocation(*, certificate: Certificate, category: str, reason: str, by: User, at: datetime) -> Revocation:
    """Ask to revoke a certificate; until a second person confirms, it stays what it is.

    Raises `NotInForce` when it is revoked already, `AlreadyAskedFor` when that waits for somebody's decision.
    """
    # Whoever asks at the same time waits here.
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    live = locked.revocations.exclude(state=Revocation.State.REFUSED).first()
    if live is not None:
        raise NotInForce if live.state == Revocation.State.CONFIRMED else AlreadyAskedFor
    asked = Revocation.objects.create(certificate=locked, category=category, reason=reason, asked_by=by, asked_at=at)
    _record("certificates.revocation_asked", asked, by=by, at=at)
    return asked


@transaction.atomic
def confirm_revocation(*, revocation: Revocation, by: User, at: datetime) -> Revocation:
    """Revoke the certificate, from this moment on, and tell its holder.

    Raises `NeedsSecondPerson` for who asked and for the holder, `AlreadyDecided` when somebody was first.
    """
    decided = _decide(revocation, Revocation.State.CONFIRMED, by, at)
    _record("certificates.revoked", decided, by=by, at=at)
    certificate = decided.certificate
    if certificate.holder is not None:
        notify(
            person=certificate.holder,
            kind="certificate.revoked",
            facts={"certificate": certificate.achievement.name, "number": certificate.number},
            path=reverse("certificates:detail", args=[certificate.number]),
            at=at,
        )
    return decided


@transaction.atomic
def refuse_revocation(*, revocation: Revocation, by: User, at: datetime) -> Revocation:
    """Leave the certificate as it is. Raises as `confirm_revocation` does."""
    decided = _decide(revocation, Revocation.State.REFUSED, by, at)
    _record("certificates.revocation_refused", decided, by=by, at=at)
    return decided


def _decide(revocation: Revocation, state: Revocation.State, by: User, at: datetime) -> Revocation:
    locked = Revocation.objects.select_for_update(of=("self",)).select_related("certificate__holder")
    found = locked.get(pk=revocation.pk)
    if by.pk in (found.asked_by_id, found.certificate.holder_id):
        raise NeedsSecondPerson
    if found.state != Revocation.State.ASKED:
        raise AlreadyDecided
    found.state, found.decided_by, found.decided_at = state, by, at
    found.save(update_fields=["state", "decided_by", "decided_at"])
    return found


def _record(action: str, revocation: Revocation, *, by: User, at: datetime) -> None:
    certificate = revocation.certificate
    record(
        action=action,
        by=by,
        subject=certificate,
        person=certificate.holder,
        at=at,
        after={"category": revocation.category},
        reason=revocation.reason,
    )
