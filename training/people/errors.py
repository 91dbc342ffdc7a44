"""The page a stale form shows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was open too long; the reason is for logs, not for people."""
    return render(request, "errors/csrf.html", status=403)
