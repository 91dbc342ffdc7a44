"""How django-allauth makes and finds accounts here."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.lib.addresses import client_address

from . import doors, services
from .middleware import SEEN, SIGNED_IN
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the staff list; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "Staff number and password do not match, or the account is closed. Check both, or ask HR for a new code."
        ),
        "incorrect_password": _("That is not your password."),
        "rate_limited": _("Too many attempts. Wait five minutes and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who signs in, or None; raises `ValidationError` when there were too many failures."""
        limits = doors.login_limits(request, credentials.get("username", ""))
        now = timezone.now()
        if services.is_exhausted(limits, at=now):
            raise self.validation_error("too_many_login_attempts")
        user = super().authenticate(request, **credentials)
        if user is None:
            services.count_failure(limits, at=now)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: allauth's own count would make a hall wait that signs in at once."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted, so nothing is taken back."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Begin the session's life, note where it is, and let the device know the person."""
        response = super().post_login(request, user, **kwargs)
        if not request.session.session_key:
            request.session.save()
        services.session_begun(
            person=user,
            key=request.session.session_key or "",
            address=client_address(request),
            device=request.headers.get("user-agent", ""),
            at=timezone.now(),
        )
        request.session[SIGNED_IN] = request.session[SEEN] = time.time()
        doors.remember_device(request, response, user)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *words: Any, **more: Any) -> None:
        """Mail nothing: who changed how they sign in stands in the audit trail."""
