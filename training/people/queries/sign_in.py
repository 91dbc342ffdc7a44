"""How people sign in, for screens."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils import timezone

from training.people import permissions
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
