"""From the frozen facts to the paper, and the paper to the store."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from training.certificates.documents import CertificateFacts, Pair, Signatory, certificate_pdf
from training.certificates.models import Certificate
from training.lib.texts import Texts

from .errors import NameForgotten


def facts_on_paper(certificate: Certificate) -> CertificateFacts:
    """Return what the paper says, from what was frozen when it was issued; the public host comes from the settings."""
    facts = certificate.facts
    return CertificateFacts(
        heading=_pair(facts["heading"]),
        holder_name=certificate.holder_name,
        holder_latin_name=certificate.holder_latin_name,
        wording=_pair(facts["wording"]),
        emphasis=_pair(facts["emphasis"]),
        number=certificate.number,
        code=certificate.code,
        verify_url=verify_url(certificate.code),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        issuer=_pair(facts["issuer"]),
        source_line=_pair(facts["basis"]),
        signatories=tuple(_signatory(one) for one in facts["signatories"]),
    )


def verify_url(code: str = "") -> str:
    """Return the public address where a code is checked, as the QR carries it, or any code: never that of a request."""
    path = reverse("certificates:verify_code", args=[code]) if code else reverse("certificates:verify")
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def render(certificate_id: int) -> Certificate:
    """Return the certificate with its PDF and the SHA-256 of it stored; a stored one stays as it is.

    Drawing takes a second or two, so no row is locked meanwhile; of two that draw at once the first to end is kept.
    Raises `Certificate.DoesNotExist`, `NameForgotten`, and `training.lib.pdf.PdfError` when it cannot be drawn.
    """
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.is_nameless:
        raise NameForgotten
    if certificate.pdf:
        return certificate
    drawn = certificate_pdf(facts_on_paper(certificate))
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
        if certificate.is_nameless:
            raise NameForgotten
        if not certificate.pdf:
            certificate.pdf_sha256 = hashlib.sha256(drawn).hexdigest()
            certificate.pdf.save(f"{certificate.number}.pdf", ContentFile(drawn), save=False)
            certificate.save(update_fields=["pdf", "pdf_sha256"])
    return certificate


def _pair(texts: Texts) -> Pair:
    return Pair(zh=texts.get("zh-hans", ""), en=texts.get("en", ""))


def _signatory(frozen: dict[str, Any]) -> Signatory:
    return Signatory(name=_pair(frozen["name"]), title=_pair(frozen["title"]))
