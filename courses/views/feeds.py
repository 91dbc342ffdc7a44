"""The person's own calendar address, and the calendar it leads to."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.models import CalendarFeed
from courses.queries import dates
from courses.services import feeds
from training.lib.access import ANYONE, SIGNED_IN, allow
from training.lib.ics import calendar


@allow(SIGNED_IN)
@require_safe
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """Say whether one has a calendar address, and what stands in the calendar."""
    now = timezone.now()
    found = CalendarFeed.objects.filter(person=request.user).first()
    entries = dates.entries_of(request.user, today=timezone.localdate(now), now=now)
    return render(
        request, "courses/feed.html", {"feed": found, "count": len(entries), "today": timezone.localdate(now)}
    )


@allow(SIGNED_IN)
@require_POST
@never_cache
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make an address and show it, this once."""
    secret = feeds.make_feed(person=request.user, at=timezone.now())
    address = f"{settings.PUBLIC_URL}{reverse('courses:calendar', args=[secret])}"
    found = CalendarFeed.objects.get(person=request.user)
    return render(request, "courses/feed.html", {"feed": found, "address": address, "today": timezone.localdate()})


@allow(SIGNED_IN)
@require_POST
def end_feed(request: HttpRequest) -> HttpResponse:
    """End the address."""
    if feeds.end_feed(person=request.user, at=timezone.now()):
        messages.success(request, _("The address opens nothing any more."))
    return redirect("courses:feed")


@allow(ANYONE)
@require_safe
@never_cache
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the calendar of whoever has this address; nobody signs in here, so it tells nothing but dates."""
    found = dates.feed_of(feeds.digest_of(secret))
    if found is None:
        raise Http404
    now = timezone.now()
    with translation.override(found.person.language):
        entries = dates.entries_of(found.person, today=timezone.localdate(now), now=now)
        host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        content = calendar(entries, name=_("My training"), host=host, at=now)
    headers = {"Content-Disposition": 'inline; filename="training.ics"'}
    return HttpResponse(content, "text/calendar; charset=utf-8", headers=headers)
