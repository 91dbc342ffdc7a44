"""How long each kind of row is kept: all kinds with what would go tonight, and changing one after seeing that."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.accountability import services
from training.accountability.forms import MonthsForm
from training.accountability.queries import retention as queries
from training.lib.access import allow, roles
from training.people.models import Role

ADMINISTRATORS = roles(Role.ADMINISTRATOR)


@allow(ADMINISTRATORS)
@require_safe
@never_cache
def retention(request: HttpRequest) -> HttpResponse:
    """Show every kind, for how long it is kept, and what would go tonight."""
    now = timezone.now()
    context = {"standings": list(queries.standings(at=now)), "today": timezone.localdate(now)}
    return render(request, "accountability/retention.html", context)


@allow(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_retention(request: HttpRequest, kind: str) -> HttpResponse:
    """Show what would go with other months, and set them."""
    found, now = queries.kind_of(kind), timezone.now()
    if found is None:
        raise Http404
    months = queries.months_of(found)
    sent = request.POST if request.method == "POST" else request.GET if "months" in request.GET else None
    form = MonthsForm(sent, least=found.least, initial={"months": months})
    if form.is_valid():
        months = form.cleaned_data["months"]
        if request.method == "POST":
            try:
                services.set_retention(kind=found, months=months, by=request.user, at=now)
            except services.RetentionError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Set. What has been kept long enough goes tonight."))
                return redirect("accountability:retention")
    context = {
        "form": form,
        "standing": queries.standing(found, months=months, at=now),
        "previewed": form.is_bound and not form.errors,
        "today": timezone.localdate(now),
    }
    return render(request, "accountability/change_retention.html", context)
