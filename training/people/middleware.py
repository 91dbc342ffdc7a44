"""The person's language."""

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """Speak the language the person chose; before login, the one the cookie or the browser asks for.

    The cookie is the device's, and a counter's device has many users: after login it counts for nothing.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]  # as Django's own does
