"""Who somebody is, by staff number and password or one-time code."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.http import HttpRequest
from django.utils import timezone

from . import services
from .models import LoginCode, User

NOBODY = 0


class StaffBackend(ModelBackend):
    """Lets active staff in; takes the same work for a number that nobody has."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return whose number and password (or valid one-time code) these are; None for everybody else."""
        if username is None or password is None:
            return None
        person = User.objects.filter(staff_number__iexact=username).first()
        key = person.pk if person else NOBODY
        code = LoginCode.objects.valid(timezone.now()).filter(person=key).first()
        # Both are asked, whatever the first one says: how long it takes must not tell what somebody has.
        by_password = person.check_password(password) if person else check_password(password, UNUSABLE_PASSWORD_PREFIX)
        by_code = services.code_opens(code, key, password)
        if person is None or not person.is_active:
            return None
        return person if by_password or by_code else None
