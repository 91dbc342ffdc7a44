"""The ways into the centre's own sign-in, for the login page."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def sso_links(next_address: str = "") -> list[tuple[str, str]]:
    """Return address and name of each configured way in; they lead back to `next_address`."""
    asked = f"?{urlencode({'next': next_address})}" if next_address else ""
    apps = [(provider, app) for provider, facts in settings.SOCIALACCOUNT_PROVIDERS.items() for app in facts["APPS"]]
    return [
        (reverse(f"{provider}_login", args=[in_address(provider, app)]) + asked, app["name"]) for provider, app in apps
    ]


def in_address(provider: str, app: dict[str, Any]) -> str:
    """Return what stands for the app in its address, which allauth calls differently for each kind."""
    return app["client_id"] if provider == "saml" else app["provider_id"]
