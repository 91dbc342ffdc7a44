"""How people sign in, for screens."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils import timezone

from training.people import permissions, rules
from training.people.models import Department, LoginCode, User
from training.people.models.staff import UserQuerySet


@dataclass(frozen=True)
class SignInFilter:
    """Whose sign-in to list: `state` is "new" (neither password nor code), "code", "password" or "" for all."""

    words: str = ""
    department: Department | None = None
    state: str = ""


def sign_in_list(keeper: User, wanted: SignInFilter, *, at: datetime) -> UserQuerySet:
    """Return the active staff whom `keeper` may let in anew and the filter keeps, with what they sign in by.

    Each comes with `code_until` (when their code runs out; None without one) and `has_password`.
    """
    today = timezone.localdate(at)
    pending = LoginCode.objects.pending().filter(person=OuterRef("pk"))
    people = permissions.resettable_staff(keeper, today=today).active().found_by(wanted.words)
    people = people.annotate(
        code_until=Subquery(pending.values("expires_at")[:1]),
        has_password=ExpressionWrapper(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), BooleanField()),
    )
    if wanted.department is not None:
        people = people.filter(department__in=Department.objects.within([wanted.department.path]))
    states = {
        "new": Q(has_password=False, code_until=None),
        "code": Q(code_until__isnull=False),
        "password": Q(has_password=True),
    }
    people = people.filter(states.get(wanted.state, Q()))
    return people.with_posting(today).order_by("staff_number")


@dataclass(frozen=True)
class OpenSession:
    """A session somebody has open; browser and system are "" when they cannot be told."""

    pk: int
    key: str
    browser: str
    system: str
    address: str
    began_at: datetime
    seen_at: datetime


def open_sessions(person: User, *, at: datetime) -> list[OpenSession]:
    """Return where the person is signed in at that time, the last used first."""
    rows = list(UserSession.objects.filter(user=person).order_by("-last_seen_at"))
    alive = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=at)
    keys = set(alive.values_list("session_key", flat=True))
    return [
        OpenSession(row.pk, row.session_key, *rules.device_of(row.user_agent), row.ip, row.created_at, row.last_seen_at)
        for row in rows
        if row.session_key in keys
    ]


@dataclass(frozen=True)
class Factors:
    """The second factors somebody has; `codes_left` is None without recovery codes."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def factors_of(person: User) -> Factors:
    """Return the second factors the person has set up."""
    found = list(Authenticator.objects.filter(user=person).order_by("pk"))

    def of(kind: str) -> list[Authenticator]:
        return [factor for factor in found if factor.type == kind]

    recovery = of(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=next(iter(of(Authenticator.Type.TOTP)), None),
        passkeys=of(Authenticator.Type.WEBAUTHN),
        codes_left=len(recovery[0].wrap().get_unused_codes()) if recovery else None,
    )
