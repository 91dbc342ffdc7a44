"""Taking back the last change of calendar, leave or roster: kept in the session, once, for a few minutes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from training.lib.access import allow, roles
from training.people import permissions, services
from training.people.models import User, Window

SESSION_KEY = "last_change"
SECONDS = 600
Rows = list[list[Any]]


def offer_undo(request: HttpRequest, kind: str, rows: Rows, *, text: str) -> None:
    """Keep what the change took away; the next page says `text` and offers to put it back."""
    until = timezone.now() + timedelta(seconds=SECONDS)
    request.session[SESSION_KEY] = {
        "kind": kind, "rows": rows, "text": text, "until": until.isoformat(), "shown": False
    }  # fmt: skip


def undo_offered(request: HttpRequest) -> dict[str, Any] | None:
    """Return text and address of the offer for one page; None when there is none or a page has shown it."""
    offer = request.session.get(SESSION_KEY)
    if not offer or offer["shown"]:
        return None
    request.session[SESSION_KEY] = {**offer, "shown": True}
    return {
        "text": offer["text"],
        "url": f"{reverse('people:undo')}?next={request.get_full_path()}",
        "seconds": SECONDS,
    }


@allow(roles(*permissions.KEEPERS))
@require_POST
@never_cache
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what the last change took away, if that was not long ago."""
    offer = request.session.pop(SESSION_KEY, None)
    if offer is None or datetime.fromisoformat(offer["until"]) < timezone.now():
        messages.warning(request, _("That cannot be taken back here any more. Change it by hand."))
    else:
        try:
            PUT_BACK[offer["kind"]](offer["rows"], request.user, timezone.now())
        except services.PeopleError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Put back as it was."))
    after = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    return redirect(after if safe else "people:organisation")


def _put_back_calendar(rows: Rows, by: User, at: datetime) -> None:
    told = [services.CalendarRow(date.fromisoformat(day), is_working, name) for day, is_working, name in rows]
    services.set_calendar(rows=told, by=by, at=at)


def _put_back_leave(rows: Rows, by: User, at: datetime) -> None:
    for person, kind, starts_on, until in rows:
        services.enter_leave(
            person=User.objects.get(pk=person),
            kind=kind,
            starts_on=date.fromisoformat(starts_on),
            until=date.fromisoformat(until),
            by=by,
            at=at,
        )


def _put_back_roster(rows: Rows, by: User, at: datetime) -> None:
    people = User.objects.in_bulk({person for person, *_rest in rows})
    windows = Window.objects.in_bulk({window for _person, window, *_rest in rows if window})
    told = [
        services.ShiftRow(people[person], windows.get(window), date.fromisoformat(day), half)
        for person, window, day, half in rows
    ]
    services.set_roster(rows=told, by=by, at=at)


def roster_rows(rows: list[services.ShiftRow]) -> Rows:
    """Return rows of the roster as a session can keep them."""
    return [[row.person.pk, row.window.pk if row.window else None, str(row.day), row.half] for row in rows]


PUT_BACK = {"calendar": _put_back_calendar, "leave": _put_back_leave, "roster": _put_back_roster}
