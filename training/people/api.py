"""How another system shows that it may ask: a key in the Authorization header."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from . import services
from .models import ApiKey


class KeyAuth(HttpBearer):
    """Admit a key in force; the operation finds it in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return services.key_of(token, at=timezone.now())
