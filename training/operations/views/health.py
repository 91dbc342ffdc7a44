"""Health, for whatever watches the server."""

from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.lib.access import ANYONE, allow
from training.operations import queries
from training.operations.permissions import is_administrator

# What a proxy says for whom it asks: then the connection's address is the proxy's own.
SENT_BY_PROXIES = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@allow(ANYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@allow(ANYONE)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the platform can do its work, else 503; each check only to this machine and administrators."""
    checks = queries.readiness(now=timezone.now())
    ready = all(check.ok for check in checks)
    answer: dict[str, object] = {"ready": ready}
    if _is_local(request) or (checks[0].ok and _is_asked_by_administrator(request)):
        answer["checks"] = {check.name: {"ok": check.ok, **check.facts} for check in checks}
    return JsonResponse(answer, status=200 if ready else 503)


def _is_local(request: HttpRequest) -> bool:
    if any(header in request.headers for header in SENT_BY_PROXIES):
        return False
    try:
        return ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except ValueError:
        return False


def _is_asked_by_administrator(request: HttpRequest) -> bool:
    return request.user.is_authenticated and is_administrator(request.user)
