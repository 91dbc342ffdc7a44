"""An empty installation leads everybody to its set-up assistant."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cms import services

logger = logging.getLogger(__name__)

# What works before there is anybody: the assistant, the choice of language and theme, and what watches the server.
OPEN_PATHS = ("/setup/", "/people/language/", "/theme/", "/healthz", "/readyz")


class FirstRunMiddleware:
    """Lead every address to the set-up assistant until somebody is here.

    Costs one query for those who have not signed in, and none for the others: whoever has signed in is somebody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.has_told_code = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.FIRST_RUN or request.path_info.startswith(OPEN_PATHS):
            return self.get_response(request)
        if request.user.is_authenticated or not services.is_empty():
            return self.get_response(request)
        self._tell_code()
        return redirect(reverse("cms:setup"))

    def _tell_code(self) -> None:
        """Write the set-up code to the log, once for each process: who reads the server's log may set it up."""
        if services.needs_code() and not self.has_told_code:
            self.has_told_code = True
            logger.warning("This installation is empty. Its set-up code is %s", services.setup_code())
