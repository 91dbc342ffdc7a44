"""The person's language, the limits of their session, and what they must do first."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import timezone, translation

from training.lib.addresses import client_address

from . import gates, services

SIGNED_IN, SEEN = "signed_in_at", "seen_at"
NOTED_EVERY_SECONDS = 300
"""A session that is in use is noted as such this often: not every request is a write."""


class LanguageMiddleware(LocaleMiddleware):
    """Speak the language the person chose; before login, the one the cookie or the browser asks for.

    The cookie is the device's, and a counter's device has many users: after login it counts for nothing.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]  # as Django's own does


class SessionLimitsMiddleware:
    """End a session that nobody used for too long, or that is as old as a session may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._judge(request, time.time())
        return self.get_response(request)

    def _judge(self, request: HttpRequest, now: float) -> None:
        if SEEN not in request.session:  # not begun at our door: it ends with its row, after the greatest age
            return
        began, seen = request.session[SIGNED_IN], request.session[SEEN]
        if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request, show_message=False)
            return
        if now - seen > NOTED_EVERY_SECONDS:
            request.session[SEEN] = now
            services.session_seen(key=request.session.session_key, address=client_address(request), at=timezone.now())


class GateMiddleware:
    """Lead people who must choose a password (or set up a second factor) there, whatever they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer with the way to the page that comes first, if there is one."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in gates.ALWAYS_OPEN or not request.user.is_authenticated:
            return None
        gate = gates.gate_of(request.user, at=timezone.now())
        return None if not gate or name in gates.OPEN_AT[gate] else redirect(gate)
