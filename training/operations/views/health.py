"""Health, for whatever watches the server."""

from django.http import HttpRequest, HttpResponse

from training.lib.access import ANYONE, allow


@allow(ANYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
