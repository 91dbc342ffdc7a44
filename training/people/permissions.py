"""Who may see whom, and who may change whom: asked of this module alone."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from . import rules
from .models import Access, ApiKey, Department, Posting, Role, User

if TYPE_CHECKING:
    from .models.organisation import DepartmentQuerySet
    from .models.staff import UserQuerySet

# Roles whose holders see the staff of the departments they hold the role over.
OVERSEERS = frozenset({Role.HEAD, Role.HR, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR})
# Roles whose holders keep the staff records and the roles of the departments they hold the role over.
KEEPERS = frozenset({Role.HR, Role.ADMINISTRATOR})


def departments_held(person: User, role_names: Iterable[str]) -> "DepartmentQuerySet":
    """Return the departments the person holds any of the roles over; all when a grant names no department."""
    names = frozenset(role_names)
    grants = [grant for grant in person.current_grants if person.is_active and grant.role in names]
    if any(grant.department_id is None for grant in grants):
        return Department.objects.all()
    return Department.objects.within([grant.department.path for grant in grants])


def departments_overseen(viewer: User) -> "DepartmentQuerySet":
    """Return the departments whose staff `viewer` sees by role."""
    return departments_held(viewer, OVERSEERS)


def departments_kept(keeper: User) -> "DepartmentQuerySet":
    """Return the departments whose staff records `keeper` may change, as HR or administrator."""
    return departments_held(keeper, KEEPERS)


def visible_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff whose record `viewer` may see today: oneself, those overseen, those named in Access rows.

    People posted into an overseen department count beside those whose home it is.
    """
    named = Access.objects.in_force(today).filter(viewer=viewer).values("subject")
    return User.objects.filter(Q(pk=viewer.pk) | _overseen(viewer, today) | Q(pk__in=named))


def overseen_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff `viewer` sees by role alone: what a department roll-up counts."""
    return User.objects.filter(_overseen(viewer, today))


def staff_told_to(key: ApiKey, *, today: date) -> "UserQuerySet":
    """Return the staff about whom another system may ask with this key."""
    if key.department is None:
        return User.objects.all()
    return User.objects.filter(_of(Department.objects.within([key.department.path]), today))


def _overseen(viewer: User, today: date) -> Q:
    return _of(departments_overseen(viewer), today)


def _of(departments: "DepartmentQuerySet", today: date) -> Q:
    posted = Posting.objects.on(today).filter(department__in=departments).values("person")
    return Q(department__in=departments) | Q(pk__in=posted)


def may_keep(keeper: User, department: Department | None) -> bool:
    """Tell whether `keeper` may change the records of the department's staff; None stands for the whole centre."""
    grants = [grant for grant in keeper.current_grants if keeper.is_active and grant.role in KEEPERS]
    return any(covers(grant.department, department) for grant in grants)


def may_touch(keeper: User, person: User) -> bool:
    """Tell whether `keeper` may change this person's record: never an administrator's without being one."""
    return may_keep(keeper, person.department) and (
        not is_administrator(person) or Role.ADMINISTRATOR in keeper.role_names
    )


def may_give(keeper: User, role: str, department: Department | None) -> bool:
    """Tell whether `keeper` may give the role over the department (None: the whole centre), or take it back.

    Only what they hold over that department themselves counts, and the role must not rank above it.
    """
    grants = [grant for grant in keeper.current_grants if keeper.is_active and grant.role in KEEPERS]
    return rules.may_give(frozenset(grant.role for grant in grants if covers(grant.department, department)), role)


def is_administrator(person: User) -> bool:
    """Tell whether the person holds everything, suspended or not."""
    return person.is_superuser or any(grant.role == Role.ADMINISTRATOR for grant in person.current_grants)


def covers(wide: Department | None, narrow: Department | None) -> bool:
    """Tell whether one department is the other or above it in the tree; None stands for the whole centre."""
    return wide is None or (narrow is not None and narrow.path.startswith(wide.path))
