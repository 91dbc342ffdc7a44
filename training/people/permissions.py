"""Who may see whom, and who may change whom: asked of this module alone."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from . import rules
from .models import Access, ApiKey, Department, Posting, Role, RoleGrant, Section, User

if TYPE_CHECKING:
    from .models.organisation import DepartmentQuerySet
    from .models.staff import UserQuerySet

# Roles whose holders see the staff of the departments, or the section, they hold the role over.
OVERSEERS = frozenset({Role.HEAD, Role.HR, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR})
# Roles whose holders keep the staff records and the roles of the departments they hold the role over.
KEEPERS = frozenset({Role.HR, Role.ADMINISTRATOR})
# Roles whose holders read the audit trail. HR does not: what HR does is in it.
AUDITORS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


def grants_held(person: User, role_names: Iterable[str]) -> list[RoleGrant]:
    """Return the grants of any of the roles that count today; nobody suspended has one."""
    names = frozenset(role_names)
    return [grant for grant in person.current_grants if person.is_active and grant.role in names]


def departments_held(person: User, role_names: Iterable[str]) -> "DepartmentQuerySet":
    """Return the departments the person holds any of the roles over; all when a grant names no part of the centre."""
    grants = grants_held(person, role_names)
    if any(grant.is_for_centre for grant in grants):
        return Department.objects.all()
    return Department.objects.within([grant.department.path for grant in grants if grant.department is not None])


def sections_held(person: User, role_names: Iterable[str]) -> "QuerySet[Section]":
    """Return the hall sections the person holds any of the roles over; all when a grant names no part of the centre."""
    grants = grants_held(person, role_names)
    if any(grant.is_for_centre for grant in grants):
        return Section.objects.all()
    return Section.objects.filter(pk__in=[grant.section_id for grant in grants if grant.section_id])


def departments_overseen(viewer: User) -> "DepartmentQuerySet":
    """Return the departments whose staff `viewer` sees by role."""
    return departments_held(viewer, OVERSEERS)


def sections_overseen(viewer: User) -> "QuerySet[Section]":
    """Return the hall sections whose staff `viewer` sees by role."""
    return sections_held(viewer, OVERSEERS)


def heads_a_section(viewer: User) -> bool:
    """Tell whether `viewer` sees the staff of some hall section as its head, not as part of the whole centre."""
    grants = grants_held(viewer, OVERSEERS)
    return any(grant.section_id for grant in grants) and not any(grant.is_for_centre for grant in grants)


def departments_kept(keeper: User) -> "DepartmentQuerySet":
    """Return the departments whose staff records `keeper` may change, as HR or administrator."""
    return departments_held(keeper, KEEPERS)


def oversees_centre(viewer: User) -> bool:
    """Tell whether `viewer` sees the staff of the whole centre by role."""
    return any(grant.is_for_centre for grant in grants_held(viewer, OVERSEERS))


def visible_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff whose record `viewer` may see today: oneself, those overseen, those named in Access rows.

    People posted into an overseen department count beside those whose home it is; the head of a hall section sees
    whoever is posted or lent there, from whatever department.
    """
    named = Access.objects.in_force(today).filter(viewer=viewer).values("subject")
    return User.objects.filter(Q(pk=viewer.pk) | held_over(viewer, OVERSEERS, today=today) | Q(pk__in=named))


def overseen_staff(viewer: User, *, today: date) -> "UserQuerySet":
    """Return the staff `viewer` sees by role alone: what a department roll-up counts."""
    return User.objects.filter(held_over(viewer, OVERSEERS, today=today))


def audited_staff(viewer: User, *, today: date) -> "UserQuerySet | None":
    """Return the staff whose events `viewer` may read in the audit trail; None stands for everybody and everything."""
    if any(grant.is_for_centre for grant in grants_held(viewer, AUDITORS)):
        return None
    return User.objects.filter(held_over(viewer, AUDITORS, today=today))


def staff_told_to(key: ApiKey, *, today: date) -> "UserQuerySet":
    """Return the staff about whom another system may ask with this key."""
    if key.department is None:
        return User.objects.all()
    departments = Department.objects.within([key.department.path])
    return User.objects.filter(
        Q(department__in=departments) | Q(pk__in=posted(department__in=departments, today=today))
    )


def held_over(holder: User, role_names: Iterable[str], *, today: date) -> Q:
    """Return the condition on people over whom `holder` holds any of the roles today, by department or by section.

    A role over the whole centre is held over everybody, those without a department too.
    """
    grants = grants_held(holder, role_names)
    if any(grant.is_for_centre for grant in grants):
        return Q(pk__isnull=False)
    departments = departments_held(holder, role_names)
    over = Q(department__in=departments) | Q(pk__in=posted(department__in=departments, today=today))
    sections = [grant.section_id for grant in grants if grant.section_id]
    return over | Q(pk__in=posted(section__in=sections, today=today)) if sections else over


def posted(*, today: date, **where: object) -> "QuerySet[Posting]":
    """Return the ids of people posted today to where the conditions say, as a subquery."""
    return Posting.objects.on(today).filter(**where).values("person")


def standing(viewer: User, person: User, *, today: date) -> frozenset[str]:
    """Return as what `viewer` sees the person: "self", "named" (an Access row), and the roles held over them."""
    found = {grant.role for grant in grants_held(viewer, OVERSEERS) if _is_over(grant, person, today)}
    if viewer.pk == person.pk:
        found.add("self")
    if Access.objects.in_force(today).filter(viewer=viewer, subject=person).exists():
        found.add("named")
    return frozenset(found)


def may_keep(keeper: User, department: Department | None) -> bool:
    """Tell whether `keeper` may change the records of the department's staff; None stands for the whole centre."""
    return any(reaches(grant, department) for grant in grants_held(keeper, KEEPERS))


def may_touch(keeper: User, person: User) -> bool:
    """Tell whether `keeper` may change this person's record: never an administrator's without being one."""
    return may_keep(keeper, person.department) and (
        not is_administrator(person) or Role.ADMINISTRATOR in keeper.role_names
    )


def may_give(keeper: User, role: str, department: Department | None, section: Section | None = None) -> bool:
    """Tell whether `keeper` may give the role over the department or section (neither: the whole centre), or take it.

    Only what they hold over that part themselves counts, and the role must not rank above it. A section lies across
    the departments: its head is appointed by who keeps the whole centre.
    """
    wide = None if section is not None else department
    own = frozenset(grant.role for grant in grants_held(keeper, KEEPERS) if reaches(grant, wide))
    return rules.may_give(own, role)


def may_change_roles(keeper: User, person: User) -> bool:
    """Tell whether `keeper` may change roles of this person at all: nobody changes their own but an administrator."""
    own = keeper.pk == person.pk and Role.ADMINISTRATOR not in keeper.role_names
    return may_touch(keeper, person) and not own


def is_administrator(person: User) -> bool:
    """Tell whether the person holds everything, suspended or not."""
    return person.is_superuser or any(grant.role == Role.ADMINISTRATOR for grant in person.current_grants)


def administrators_among(people: Iterable[int], *, today: date) -> set[int]:
    """Return which of the people hold everything today, suspended or not, in one query for any number."""
    named = list(people)
    held = RoleGrant.objects.in_force(today).filter(role=Role.ADMINISTRATOR).values("person")
    everything = User.objects.filter(Q(is_superuser=True) | Q(pk__in=held)).values_list("pk", flat=True)
    return set(everything) & set(named)


def covers(wide: Department | None, narrow: Department | None) -> bool:
    """Tell whether one department is the other or above it in the tree; None stands for the whole centre."""
    return wide is None or (narrow is not None and narrow.path.startswith(wide.path))


def reaches(grant: RoleGrant, department: Department | None) -> bool:
    """Tell whether a grant is held over the department; one over a section reaches no department."""
    return grant.section_id is None and covers(grant.department, department)


def _is_over(grant: RoleGrant, person: User, today: date) -> bool:
    if grant.is_for_centre or (grant.section_id is None and covers(grant.department, person.department)):
        return True
    where = {"section": grant.section} if grant.section_id else {"department__path__startswith": grant.department.path}
    return person.postings.on(today).filter(**where).exists()


def resettable_staff(keeper: User, *, today: date) -> "UserQuerySet":
    """Return the staff whom `keeper` may let in anew, by a code or without their second factor.

    Whoever holds somebody's code could sign in as them. So nobody does it for people who outrank what they are there
    themselves: HR neither for directors and auditors nor for administrators; and nobody for themselves.
    """
    allowed = Q(pk__in=())
    for role in KEEPERS:
        above = [name for name, rank in rules.RANKS.items() if rank > rules.RANKS[role]]
        outrank = RoleGrant.objects.in_force(today).filter(role__in=above).values("person")
        there = Q(department__in=departments_held(keeper, [role]))
        if any(grant.role == role and grant.is_for_centre for grant in keeper.current_grants):
            there |= Q(department=None)
        may = there & ~Q(pk__in=outrank)
        allowed |= may if Role.ADMINISTRATOR not in above else may & Q(is_superuser=False)
    return User.objects.filter(allowed).exclude(pk=keeper.pk)
