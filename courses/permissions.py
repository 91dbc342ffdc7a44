"""Who asks training of whom, and who sees what is asked."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from training.people import permissions
from training.people.models import Role, User

from .models import Assignment, TrainingRequirement

if TYPE_CHECKING:
    from training.people.models.organisation import DepartmentQuerySet
    from training.people.models.staff import UserQuerySet

# Roles whose holders ask training of the people of the departments they hold the role over, and waive it.
ASSIGNERS = frozenset({Role.HEAD, Role.HR})
# Roles whose holders see who has done what is asked.
WATCHERS = ASSIGNERS | {Role.DIRECTOR}


def departments_asked(by: User) -> "DepartmentQuerySet":
    """Return the departments of whose people `by` may ask training."""
    return permissions.departments_held(by, ASSIGNERS)


def departments_held(viewer: User) -> "DepartmentQuerySet":
    """Return the departments whose required training `viewer` sees."""
    return permissions.departments_held(viewer, WATCHERS)


def may_ask_everybody(by: User) -> bool:
    """Tell whether `by` may ask training of the whole centre."""
    return any(grant.is_for_centre for grant in permissions.grants_held(by, ASSIGNERS))


def watched_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff whose required training `viewer` sees by role."""
    return User.objects.filter(permissions.held_over(viewer, WATCHERS, today=today))


def asked_staff(by: User, *, today: date) -> "UserQuerySet":
    """Return the staff of whom `by` may ask training, and whom they may let off."""
    return User.objects.filter(permissions.held_over(by, ASSIGNERS, today=today))


def rules_seen(viewer: User) -> "QuerySet[Assignment]":
    """Return the rules that ask something of a department `viewer` watches: its own, and those from above it."""
    grants = permissions.grants_held(viewer, WATCHERS)
    if any(grant.is_for_centre for grant in grants):
        return Assignment.objects.all()
    seen = Q(department=None) | Q(department__in=permissions.departments_held(viewer, WATCHERS))
    for grant in grants:
        if grant.department is not None:
            seen |= Q(department__path__in=_above(grant.department.path, grant.department.steplen))
    return Assignment.objects.filter(seen)


def rules_kept(by: User) -> "QuerySet[Assignment]":
    """Return the rules `by` may end: those over a department they may ask training of."""
    if may_ask_everybody(by):
        return Assignment.objects.all()
    return Assignment.objects.filter(department__in=departments_asked(by))


def lines_seen(viewer: User, *, today: date) -> "QuerySet[TrainingRequirement]":
    """Return what is, or was, asked of the people `viewer` watches."""
    return TrainingRequirement.objects.filter(person__in=watched_staff(viewer, today=today))


def _above(path: str, step: int) -> list[str]:
    return [path[:end] for end in range(step, len(path), step)]
