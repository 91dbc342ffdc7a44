"""Revoking a certificate: one person asks, a second decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from training.certificates import queries, services
from training.certificates.forms import DecisionForm, NumberForm, RevocationForm
from training.certificates.permissions import REVOKERS, revocable_certificates
from training.lib.access import allow, roles


@allow(roles(*REVOKERS))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Ask to revoke a certificate, with the reason."""
    today = timezone.localdate()
    reachable = revocable_certificates(request.user, today=today).with_state(today)
    certificate = get_object_or_404(reachable.select_related("achievement", "holder"), number=number)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_revocation(certificate=certificate, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.RevocationError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Asked. The certificate stays valid until a second person confirms."))
            return redirect("certificates:detail", number)
    return render(request, "certificates/revoke.html", {"certificate": certificate, "form": form, "today": today})


@allow(roles(*REVOKERS))
@require_safe
@never_cache
def revocations(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person, and open a certificate by its number to ask for another."""
    today = timezone.localdate()
    reachable = revocable_certificates(request.user, today=today)
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if reachable.filter(number=number).exists():
            return redirect("certificates:detail", number)
        form.add_error(
            "number", _("No certificate of the staff you oversee has this number. Compare it with the paper.")
        )
    context = {"asked": queries.revocations_asked(reachable), "form": form, "today": today}
    return render(request, "certificates/revocations.html", context)


@allow(roles(*REVOKERS))
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a revocation as the second person."""
    reachable = queries.revocations_asked(revocable_certificates(request.user, today=timezone.localdate()))
    revocation = get_object_or_404(reachable, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether to confirm or to refuse."))
        return redirect("certificates:revocations")
    confirms = form.cleaned_data["decision"] == "confirm"
    act = services.confirm_revocation if confirms else services.refuse_revocation
    try:
        act(revocation=revocation, by=request.user, at=timezone.now())
    except services.RevocationError as error:
        messages.error(request, str(error))
    else:
        said = (
            _("Certificate %(number)s is revoked.") if confirms else _("Refused. Certificate %(number)s stays valid.")
        )
        messages.info(request, said % {"number": revocation.certificate.number})
    return redirect("certificates:revocations")
