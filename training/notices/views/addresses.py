"""One's own e-mail address: typing it, opening the link that was mailed there, taking it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from training.lib.access import SIGNED_IN, allow
from training.notices import queries, services
from training.notices.channels import channel_of
from training.notices.forms import AddressForm


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Show the address on record and the one that waits to be confirmed; a POST has a link mailed to what is typed."""
    now, person = timezone.now(), request.user
    initial = "" if person.email_confirmed_at else person.email  # what HR entered, to be confirmed
    form = AddressForm(request.POST or None, initial={"address": initial})
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_to_confirm(person=person, address=form.cleaned_data["address"], at=now)
        except services.AddressError as error:
            form.add_error("address", str(error))
        else:
            return redirect("notices:address")
    context = {
        "form": form,
        "is_mailed": channel_of(services.MAIL) is not None,
        "waiting": queries.waiting_link(person, at=now),
        "hours": services.LINK_WORKS.total_seconds() // 3600,
    }
    return render(request, "notices/address.html", context)


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the address of the link is one's own, and keep it. Looking confirms nothing: programs look, too."""
    now, person = timezone.now(), request.user
    try:
        if request.method == "POST":
            kept = services.confirm(person=person, token=token, at=now)
            messages.success(request, _("%(address)s is confirmed.") % {"address": kept})
            return redirect("notices:settings")
        asked = services.working_link(person=person, token=token, at=now)
    except services.AddressError as error:
        return render(request, "notices/confirm_address.html", {"problem": str(error)}, status=404)
    return render(request, "notices/confirm_address.html", {"address": asked.address})


@allow(SIGNED_IN)
@require_POST
@never_cache
def give_up_link(request: HttpRequest) -> HttpResponse:
    """Let a link that waits work no more."""
    services.give_up_link(person=request.user, at=timezone.now())
    messages.success(request, _("The link works no more."))
    return redirect("notices:address")


@allow(SIGNED_IN)
@require_POST
@never_cache
def remove_address(request: HttpRequest) -> HttpResponse:
    """Take away one's address."""
    services.forget_address(person=request.user, at=timezone.now())
    messages.success(request, _("Your address is removed: no mail reaches you."))
    return redirect("notices:address")
