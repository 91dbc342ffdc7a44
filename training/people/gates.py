"""What somebody who has signed in must do before anything else opens."""

from datetime import datetime, timedelta

from django.conf import settings

from .models import LoginCode, User
from .second_factors import has_second_factor

PASSWORD_PAGE = "people:password"  # noqa: S105  # the name of a page
SECURITY_PAGE = "people:security"
# What stays open at every gate: the way out, how the gate itself is read, and an exam under way. Who sits one came
# through every gate to start it, and a rule that begins meanwhile must not cost an answer, nor its question each save.
ALWAYS_OPEN = frozenset({"account_logout", "people:language", "theme", "operations:healthz"}) | frozenset(
    f"assessments:{name}" for name in ("answer", "flag", "seen", "clock", "left")
)
# What each gate leaves open besides.
OPEN_AT = {
    PASSWORD_PAGE: frozenset({PASSWORD_PAGE}),
    SECURITY_PAGE: frozenset(
        {
            SECURITY_PAGE,
            PASSWORD_PAGE,
            "account_reauthenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
        }
    ),
}


def gate_of(person: User, *, at: datetime) -> str:
    """Return the name of the page the person must pass first; "" when everything is open."""
    if must_choose_password(person, at=at):
        return PASSWORD_PAGE
    return SECURITY_PAGE if must_add_factor(person) else ""


def came_by_code(person: User) -> bool:
    """Tell whether the person has no password yet but a one-time code."""
    return not person.has_usable_password() and LoginCode.objects.pending().filter(person=person).exists()


def must_choose_password(person: User, *, at: datetime) -> bool:
    """Tell whether the person came by a code, or their password is older than the centre lets it grow."""
    return came_by_code(person) or is_password_too_old(person, at=at)


def is_password_too_old(person: User, *, at: datetime) -> bool:
    """Tell whether the centre has passwords changed from time to time, and this one's time is over."""
    if not settings.PASSWORD_MAX_AGE_DAYS or not person.has_usable_password():
        return False
    chosen_at = person.password_chosen_at or person.date_joined
    return chosen_at + timedelta(days=settings.PASSWORD_MAX_AGE_DAYS) <= at


def must_add_factor(person: User) -> bool:
    """Tell whether the person holds a role that asks for a second factor, and has none."""
    asked = settings.SECOND_FACTOR_ROLES  # where no role is asked, nobody's roles are read for it at each request
    return bool(asked) and not person.role_names.isdisjoint(asked) and not has_second_factor(person)
