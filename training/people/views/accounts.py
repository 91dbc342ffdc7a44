"""What is closed."""

from typing import NoReturn

from django.http import Http404, HttpRequest

from training.lib.access import ANYONE, allow


@allow(ANYONE)
def closed(request: HttpRequest, rest: str = "") -> NoReturn:
    """Answer that there is nothing: nobody signs up, and HR resets passwords."""
    raise Http404
