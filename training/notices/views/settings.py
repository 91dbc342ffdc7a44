"""How one wants to be told: the choices, what the digest would say, and the link in a mail that ends one kind."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.lib.access import ANYONE, SIGNED_IN, allow
from training.notices import queries, services
from training.notices.channels import channel_of, configured
from training.notices.forms import ChoicesForm
from training.notices.models import How
from training.notices.texts import THEMES
from training.notices.unsubscribing import read_token
from training.people.models import User


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep how the person wants each theme by each channel."""
    channels = configured()
    choices = queries.choices_of(request.user, [channel.key for channel in channels])
    form = ChoicesForm(request.POST or None, channels=channels, choices=choices)
    if request.method == "POST" and form.is_valid():
        changed = services.choose(person=request.user, wanted=form.wanted(), at=timezone.now())
        messages.success(request, _("Saved.") if changed else _("Nothing was different."))
        return redirect("notices:settings")
    reached = {one.key: one.reach(User.objects.filter(pk=request.user.pk)).exists() for one in channels}
    context = {"form": form, "channels": [(one, reached[one.key]) for one in channels]}
    return render(request, "notices/settings.html", context)


@allow(SIGNED_IN)
@require_safe
@never_cache
def digest(request: HttpRequest) -> HttpResponse:
    """Show what the digest would say to the person now, by each channel."""
    now = timezone.now()
    shown = [(one, queries.preview_of_digest(request.user, one.key, now=now)) for one in configured()]
    next_at = services.digest_moment(now) + services.WEEK
    return render(request, "notices/digest.html", {"shown": shown, "next_at": next_at})


@allow(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to end one kind of message, and end it: the link is signed, so it needs no login."""
    read = read_token(token)
    if read is None:
        raise Http404
    person_id, theme, channel_key = read
    person, channel = User.objects.active().filter(pk=person_id).first(), channel_of(channel_key)
    if person is None or channel is None or theme not in THEMES:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        services.choose(person=person, wanted={(theme, channel.key): How.NEVER}, at=timezone.now())
    context = {"theme": THEMES[theme], "channel": channel, "is_done": is_done}
    return render(request, "notices/unsubscribe.html", context)
