"""Pages of the frame itself: the style guide, the choice of theme, and the pages that say what went wrong."""

import sys
from collections.abc import Collection

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from training.lib.access import ANYONE, SIGNED_IN, allow
from training.navigation import TEXT_SIZE_COOKIE, TEXT_SIZES, THEME_COOKIE, THEMES
from training.styleguide import examples

A_YEAR = 365 * 24 * 60 * 60
SECONDS_UNTIL_AGAIN = 10


@allow(SIGNED_IN)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show each component once, in every state."""
    return render(request, "styleguide.html", examples())


@allow(ANYONE)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme the person chose on this device, and return to the page they came from."""
    return _chosen(request, THEME_COOKIE, request.POST.get("theme", ""), THEMES)


@allow(ANYONE)
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep how large the person reads lessons on this device, and return to the page they came from."""
    return _chosen(request, TEXT_SIZE_COOKIE, request.POST.get("size", ""), TEXT_SIZES)


def _chosen(request: HttpRequest, cookie: str, choice: str, known: Collection[str]) -> HttpResponse:
    """Let the device keep a choice, or forget the one it kept."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if choice in known:
        response.set_cookie(cookie, choice, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address or form cannot be read."""
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is not for this person, and who can change that."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, or none this person may know of."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say in both languages that the fault is ours; needs neither database nor session.

    503 where the database does not answer: it may in a moment, and whoever asked a machine's way asks again.
    """
    if isinstance(sys.exception(), InterfaceError | OperationalError):
        again = {"Retry-After": str(SECONDS_UNTIL_AGAIN)}
        return HttpResponse(render_to_string("errors/503.html"), status=503, headers=again)
    return HttpResponse(render_to_string("errors/500.html"), status=500)
