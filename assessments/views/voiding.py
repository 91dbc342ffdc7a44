"""Declaring an attempt void."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import permissions, services
from assessments.models import Attempt
from training.lib.access import allow, roles


@allow(roles(*permissions.RELEASERS))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason and for what becomes of a certificate, then declare the attempt void."""
    others = Attempt.objects.exclude(person=request.user).exclude(state=Attempt.State.OPEN)
    attempt = get_object_or_404(others.select_related("exam", "person", "certificate"), pk=pk)
    back, error = ("assessments:release", attempt.exam.code), ""
    if attempt.state == Attempt.State.VOID:
        messages.info(request, _("This attempt is void already."))
        return redirect(*back)
    reason, certificate = request.POST.get("text", ""), request.POST.get("certificate", "")
    if request.method == "POST":
        now = timezone.now()
        try:
            services.void_attempt(attempt=attempt, reason=reason, certificate=certificate, by=request.user, at=now)
        except services.Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("The attempt is void; the person was told."))
            return redirect(*back)
    context = {"attempt": attempt, "reason": reason, "certificate": certificate, "error": error}
    return render(request, "assessments/void.html", context, status=400 if error else 200)
