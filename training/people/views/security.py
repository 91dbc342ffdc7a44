"""Sign-in and security: one's own password, second factors and sessions, and what HR does about others'."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from training.lib.access import SIGNED_IN, allow, roles
from training.people import gates, permissions, queries, services
from training.people.models import User

KEEPERS = roles(*permissions.KEEPERS)


@allow(SIGNED_IN)
@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Show how one signs in and where one is signed in."""
    now = timezone.now()
    context = {
        "factors": queries.factors_of(request.user),
        "sessions": queries.open_sessions(request.user, at=now),
        "current": request.session.session_key,
        "must_add": gates.must_add_factor(request.user),
        "today": timezone.localdate(now),
    }
    return render(request, "people/security.html", context)


@allow(SIGNED_IN)
@require_POST
@never_cache
def end_own_sessions(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    chosen = request.POST.get("session", "")
    only = [int(chosen)] if chosen.isdecimal() else None
    ended = services.end_sessions(
        person=request.user,
        by=request.user,
        at=timezone.now(),
        except_key=request.session.session_key,
        only=only,
    )
    say_ended(request, ended)
    return redirect("people:security")


@allow(KEEPERS)
@require_safe
@never_cache
def person_sign_in(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show how somebody signs in, to those who may let them in anew."""
    now = timezone.now()
    person = resettable(request, staff_number)
    context = {
        "person": person,
        "by_code": gates.came_by_code(person),
        "factors": queries.factors_of(person),
        "sessions": queries.open_sessions(person, at=now),
        "today": timezone.localdate(now),
    }
    return render(request, "people/person_sign_in.html", context)


@allow(KEEPERS)
@require_POST
@never_cache
def end_their_sessions(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Sign somebody out everywhere."""
    person = resettable(request, staff_number)
    say_ended(request, services.end_sessions(person=person, by=request.user, at=timezone.now()))
    return redirect("people:person_sign_in", staff_number)


@allow(KEEPERS)
@require_POST
@never_cache
def remove_their_factors(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Take the second factors from somebody who lost theirs."""
    person = resettable(request, staff_number)
    try:
        reason = request.POST.get("reason", "")[:500]
        services.remove_factors(person=person, reason=reason, by=request.user, at=timezone.now())
    except services.PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The second factors are removed."))
    return redirect("people:person_sign_in", staff_number)


def changes_factors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view of allauth change one's second factors, on record and kept by no cache."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def recorded(request: HttpRequest, *words: Any, **more: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return view(request, *words, **more)
        with services.factors_recorded(person=request.user, at=timezone.now()):
            return view(request, *words, **more)

    return recorded


def resettable(request: HttpRequest, staff_number: str) -> User:
    """Return the person when whoever asks may let them in anew; raise Http404 otherwise."""
    people = permissions.resettable_staff(request.user, today=timezone.localdate())
    return get_object_or_404(people, staff_number=staff_number)


def say_ended(request: HttpRequest, ended: int) -> None:
    """Tell how many sessions ended."""
    text = ngettext("%(n)d session ended.", "%(n)d sessions ended.", ended) % {"n": ended}
    messages.success(request, text)
