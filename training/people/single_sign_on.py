"""Signing in through the centre's own sign-in (OpenID Connect or SAML): it says who somebody is, and no more.

The staff number it tells is looked for among the staff, at every sign-in anew. Nothing is linked or created here, so
whoever has left or is not on record does not get in, whatever the other side thinks.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error

from .models import User

LONGEST_REASON = 300

logger = logging.getLogger(__name__)


class SsoAdapter(DefaultSocialAccountAdapter):
    """Matches people by staff number; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sign in whoever has the staff number, or refuse; always raises `ImmediateHttpResponse`."""
        person = person_of(sociallogin.account.extra_data)
        if person is None:
            raise ImmediateHttpResponse(refusal(request))
        if request.user.is_authenticated and request.user != person:
            logout(request)
        record_authentication(request, person, "socialaccount", provider=sociallogin.account.provider)
        redirect_url = sociallogin.get_redirect_url(request)
        raise ImmediateHttpResponse(
            perform_login(request, person, email_verification="none", redirect_url=redirect_url)
        )

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:
        """Answer with our page, and tell the log what went wrong."""
        why = facts.get("exception") or (facts.get("extra_context") or {}).get("saml_last_error_reason")
        logger.warning("single sign-on failed: %s", str(why)[:LONGEST_REASON])
        raise ImmediateHttpResponse(refusal(request, failed=True))


def person_of(told: dict[str, Any]) -> User | None:
    """Return the active member of staff whose number the other side tells; None when there is none."""
    claims = told.get("userinfo") or told.get("id_token") or told
    value = claims.get(settings.SSO_STAFF_NUMBER)
    values = value if isinstance(value, list) else [value]
    if len(values) != 1 or not isinstance(values[0], str) or not values[0].strip():
        return None
    return User.objects.active().filter(staff_number__iexact=values[0].strip()).first()


def refusal(request: HttpRequest, *, failed: bool = False) -> HttpResponse:
    """Say that it did not work; for a number nobody has and for a closed account the same."""
    return render(request, "account/sso_refused.html", {"failed": failed}, status=403)


def refuses_nonsense(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let allauth's view answer what cannot be read at all as it answers what is not valid."""

    @wraps(view)
    def careful(request: HttpRequest, *words: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *words, **more)
        except (LxmlError, OneLogin_Saml2_Error, ValueError) as error:
            logger.warning("single sign-on failed: %s", str(error)[:LONGEST_REASON])
            return refusal(request, failed=True)

    return careful
