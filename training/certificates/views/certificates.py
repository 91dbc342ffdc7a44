"""Certificates as their holders and those who oversee them see them."""

import logging

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.certificates import queries, services
from training.certificates.models import Certificate, State
from training.certificates.permissions import REVOKERS, revocable_certificates, visible_certificates
from training.lib.access import SIGNED_IN, allow
from training.lib.pdf import PdfError

logger = logging.getLogger(__name__)


@allow(SIGNED_IN)
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """List one's own certificates: those in force first, what expires soonest at the top."""
    today = timezone.localdate()
    certificates = list(queries.certificates_of(request.user, today=today))
    context = {
        "in_force": [one for one in certificates if one.state == State.VALID],
        "over": [one for one in certificates if one.state != State.VALID],
        "today": today,
        "may_revoke": bool(REVOKERS & request.user.role_names),
    }
    return render(request, "certificates/mine.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one certificate to its holder and to those who may see the holder."""
    today = timezone.localdate()
    shown = visible_certificates(request.user, today=today).with_state(today)
    certificate = get_object_or_404(
        shown.select_related("achievement", "holder", "supersedes", "superseded_by"), number=number
    )
    revocation = queries.revocation_of(certificate)
    may_revoke = (
        revocation is None
        and certificate.state != State.REVOKED
        and revocable_certificates(request.user, today=today).filter(pk=certificate.pk).exists()
    )
    context = {
        "certificate": certificate,
        "paper": services.facts_on_paper(certificate),
        "revocation": revocation,
        "may_revoke": may_revoke,
        "today": today,
    }
    return render(request, "certificates/detail.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def pdf(request: HttpRequest, number: str) -> FileResponse | HttpResponseRedirect:
    """Send the PDF; one that the worker has not made yet is made and stored now, so that all get the same bytes."""
    today = timezone.localdate()
    certificate = get_object_or_404(visible_certificates(request.user, today=today), number=number)
    try:
        stored = services.render(certificate.pk)
    except services.NameForgotten:
        messages.info(request, _("There is no PDF any more: the holder was made anonymous."))
        return redirect("certificates:detail", number)
    except PdfError:
        logger.exception("certificate %s cannot be drawn", number)
        messages.error(
            request, _("The PDF cannot be made at present. Tell the administrator the certificate's number.")
        )
        return redirect("certificates:detail", number)
    return _as_download(stored)


def _as_download(certificate: Certificate) -> FileResponse:
    return FileResponse(
        certificate.pdf.open("rb"),
        as_attachment=True,
        filename=f"{certificate.number}.pdf",
        content_type="application/pdf",
        headers={"X-Content-Type-Options": "nosniff"},
    )
