"""The channels of this installation, for the administrator: what works, what waits, what went wrong."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import allow, roles
from training.notices import queries, services
from training.notices.channels import channel_of
from training.people.models import Role, User

ADMINISTRATORS = roles(Role.ADMINISTRATOR)


@allow(ADMINISTRATORS)
@require_safe
@never_cache
def channels(request: HttpRequest) -> HttpResponse:
    """Show the state of every channel."""
    context = {
        "states": queries.channel_states(),
        "next_digest_at": services.digest_moment(timezone.now()) + services.WEEK,
    }
    return render(request, "notices/channels.html", context)


@allow(ADMINISTRATORS)
@require_POST
def test(request: HttpRequest, channel: str) -> HttpResponse:
    """Queue a test message to oneself; it goes the way of all others, so that what arrives proves that it works."""
    chosen = channel_of(channel)
    if chosen is None:
        raise Http404
    if not chosen.reach(User.objects.filter(pk=request.user.pk)).exists():
        messages.error(request, _("This channel does not reach you: you have no confirmed e-mail address."))
        return redirect("notices:channels")
    services.send_test(channel=chosen.key, person=request.user, at=timezone.now())
    messages.success(request, _("The test message is on its way. Load this page again in a minute to see how it went."))
    return redirect("notices:channels")
