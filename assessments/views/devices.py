"""Which browser somebody answers in. One browser at a time: another goes on only by taking over."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

A_WEEK = 7 * 24 * 60 * 60


def device_of(request: HttpRequest) -> str:
    """Return the name this browser was given, "" for none yet; it is no key to anything."""
    return request.COOKIES.get(settings.EXAM_DEVICE_COOKIE_NAME, "")[:40]


def new_device() -> str:
    return secrets.token_urlsafe(20)


def remember(response: HttpResponse, device: str) -> HttpResponse:
    """Give the browser its name. Signing in again does not change it, so that an ended session takes nothing over."""
    response.set_cookie(
        settings.EXAM_DEVICE_COOKIE_NAME,
        device,
        max_age=A_WEEK,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
