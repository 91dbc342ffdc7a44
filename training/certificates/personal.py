"""What this app keeps about a person."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from training.lib.personal import Part
from training.people.models import User

from .models import Certificate, Revocation

ACTS = ("certificates.Revocation.asked_by", "certificates.Revocation.decided_by")


def parts(person: User) -> Iterator[Part]:
    """Yield certificates with their PDF, and what was decided about taking them back."""
    yield Part(
        "certificates",
        _("Certificates"),
        person.certificates.select_related("achievement").order_by("issued_on", "pk"),
        {
            "number": _("Number"),
            "code": _("Code"),
            "achievement": _("Achievement"),
            "holder_name": _("Name as printed"),
            "holder_latin_name": _("Name in Latin letters"),
            "earned_by": _("Earned by"),
            "issued_on": _("Issued on"),
            "expires_on": _("Last day"),
            "facts": _("As printed"),
        },
        ("certificates.Certificate.holder",),
        files=pdf_of,
    )
    yield Part(
        "revocations",
        _("Revocations"),
        Revocation.objects.filter(certificate__holder=person).select_related("certificate", "asked_by", "decided_by"),
        {
            "certificate": _("Certificate"),
            "category": _("Category"),
            "reason": _("Reason"),
            "state": _("State"),
            "asked_by": _("Asked by"),
            "decided_by": _("Decided by"),
            "decided_at": _("Decided on"),
        },
        (),
    )


def pdf_of(certificate: Certificate) -> tuple[str, Any] | None:
    """Return name and file of the PDF; None while none has been drawn."""
    return (f"{certificate.number}.pdf", certificate.pdf) if certificate.pdf else None
