"""The inbox: what happened, and the way to it. Looking marks nothing as read; opening a notice is a POST that does."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import SIGNED_IN, allow
from training.notices import queries, services
from training.notices.forms import InboxFilterForm
from training.notices.queries import Line

PER_PAGE = 50
UNDO_SECONDS = 30


@allow(SIGNED_IN)
@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the person's own notices by day, the newest first; the filter stands in the address."""
    form = InboxFilterForm(request.GET)
    wanted = form.wanted()
    page = Paginator(queries.lines(request.user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    shown = queries.page_of_lines(request.user, wanted, page.object_list)
    context = {
        "filter": form,
        "wanted": wanted,
        "page": page,
        "sections": by_nearness(shown, timezone.localdate()),
        "first_line": shown[0] if shown else None,
        "just_read": request.GET.get("read", ""),
        "undo_seconds": UNDO_SECONDS,
    }
    return render(request, "notices/inbox.html", context)


def by_nearness(shown: Sequence[Line], today: date) -> list[tuple[str, list[Line]]]:
    """Return the lines under "Today", "Earlier this week" and "Before this week"."""
    monday = today - timedelta(days=today.weekday())

    def heading(line: Line) -> str:
        if line.day >= today:
            return gettext("Today")
        return gettext("Earlier this week") if line.day >= monday else gettext("Before this week")

    return [(words, list(found)) for words, found in groupby(shown, heading)]


@allow(SIGNED_IN)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads; back to the inbox when it leads nowhere or is to stay there."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    now = timezone.now()
    changed = services.mark_read(notices=request.user.notices.filter(pk=pk), at=now)
    # Paths come from services, yet a redirect trusts no stored text.
    leads_here = notice.path and url_has_allowed_host_and_scheme(notice.path, None)
    if leads_here and "stay" not in request.POST:
        return redirect(notice.path)
    return back_to_inbox(request, now if changed else None)


@allow(SIGNED_IN)
@require_POST
def read_many(request: HttpRequest) -> HttpResponse:
    """Mark everything the filter in the address shows as read."""
    now = timezone.now()
    wanted = InboxFilterForm(request.GET).wanted()
    changed = services.mark_read(notices=queries.filtered(request.user, wanted), at=now)
    return back_to_inbox(request, now if changed else None)


@allow(SIGNED_IN)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Make unread again what the person marked as read at the moment in the address."""
    try:
        read_at = parse_datetime(request.GET.get("read", ""))
    except ValueError:  # looks like a moment, and is none, such as the 30th of February
        read_at = None
    if read_at is not None and timezone.is_aware(read_at):
        services.mark_unread(person=request.user, read_at=read_at)
    return back_to_inbox(request, None)


def back_to_inbox(request: HttpRequest, read_at: datetime | None) -> HttpResponse:
    """Return to the inbox as it was filtered; with the moment of an act that can be undone."""
    form = InboxFilterForm(request.GET)
    form.is_valid()
    query = {name: str(value) for name, value in form.cleaned_data.items() if value}
    # One line's own page is left once it is dealt with as a whole.
    for name in ("kind", "day"):
        query.pop(name, None)
    if read_at is not None:
        query["read"] = read_at.isoformat()
    return redirect(f"{reverse('notices:inbox')}{'?' if query else ''}{urlencode(query)}")
