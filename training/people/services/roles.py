"""Giving roles and taking them back; some of them stand in Django's groups too."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from training.operations.services import Actor, record
from training.people import permissions
from training.people.models import Department, Role, RoleGrant, Section, User

from .checks import require_may_touch
from .errors import NotAllowedError, PeopleError

# Wagtail's permissions and workflow need groups, of the same names as the roles.
MIRRORED = (Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR)


@transaction.atomic
def grant_role(
    *,
    person: User,
    role: str,
    department: Department | None,
    starts_on: date,
    until: date | None,
    by: Actor,
    at: datetime,
    section: Section | None = None,
) -> RoleGrant:
    """Give the role over the department and all below it, or over a section; neither: the whole centre.

    Both days are included. A grant without an end that holds by then is returned as it is. Raises `NotAllowedError`
    when `by` is a person who may not give that role there or may not change that person, `PeopleError` when the days
    are the wrong way round, and for a section that is to have another than a head or stands beside a department.
    """
    require_may_give(by, person, role, department, section)
    require_reach(role, department, section)
    if until is not None and until < starts_on:
        raise PeopleError(_("The role ends before it begins. Give a later last day."))
    over = {"department": department, "section": section}
    grant = RoleGrant.objects.filter(person=person, role=role, until=None, **over).first()
    if grant and grant.starts_on <= starts_on:
        return grant
    grant = grant or RoleGrant(person=person, role=role, **over)
    grant.starts_on, grant.until = starts_on, until
    grant.save()
    mirror_roles(today=timezone.localtime(at).date(), people=[person.pk])
    forget_roles(person)
    record(action="people.role_granted", by=by, subject=grant, person=person, at=at, after=grant_facts(grant))
    return grant


@transaction.atomic
def end_role(
    *,
    person: User,
    role: str,
    department: Department | None,
    on: date,
    by: Actor,
    at: datetime,
    section: Section | None = None,
) -> int:
    """Take the role over exactly that part back: `on` is the first day without it. Return how many grants ended.

    Raises `NotAllowedError` as `grant_role` does.
    """
    require_may_give(by, person, role, department, section)
    last_day = on - timedelta(days=1)
    running = Q(until=None) | Q(until__gt=last_day)
    grants = person.role_grants.filter(running, role=role, department=department, section=section)
    return end_grants(person, grants, last_day=last_day, by=by, at=at)


@transaction.atomic
def end_grant(*, grant: RoleGrant, on: date, by: Actor, at: datetime) -> None:
    """Take one grant back: `on` is the first day without it. Raises `NotAllowedError` as `grant_role` does.

    `PeopleError` when it is over by then anyway.
    """
    require_may_give(by, grant.person, grant.role, grant.department, grant.section)
    last_day = on - timedelta(days=1)
    if grant.until is not None and grant.until <= last_day:
        raise PeopleError(_("The role is over by then. There is nothing to end."))
    end_grants(grant.person, [grant], last_day=last_day, by=by, at=at)


def end_grants(person: User, grants: Iterable[RoleGrant], *, last_day: date, by: Actor, at: datetime) -> int:
    """End the grants of one person on `last_day`, each with its audit event; who may has been asked."""
    ended = 0
    for grant in grants:
        before = grant_facts(grant)
        grant.until = last_day
        grant.save(update_fields=["until"])
        record(
            action="people.role_ended",
            by=by,
            subject=grant,
            person=person,
            at=at,
            before=before,
            after=grant_facts(grant),
        )
        ended += 1
    mirror_roles(today=timezone.localtime(at).date(), people=[person.pk])
    forget_roles(person)
    return ended


@transaction.atomic
def mirror_roles(*, today: date, people: Iterable[int] | None = None) -> None:
    """Make groups and superusers say what the grants in force today say, for the people given or for everybody."""
    chosen = Q() if people is None else Q(person__in=list(people))
    wanted = set(RoleGrant.objects.in_force(today).filter(chosen, role__in=MIRRORED).values_list("person_id", "role"))
    groups = {role: Group.objects.get_or_create(name=role.value)[0].pk for role in MIRRORED}
    membership = User.groups.through
    members = Q(group__in=groups.values()) & (Q() if people is None else Q(user__in=list(people)))
    held = {(row.user_id, row.group_id): row.pk for row in membership.objects.filter(members)}
    due = {(person, groups[Role(role)]) for person, role in wanted}
    membership.objects.filter(pk__in=[pk for pair, pk in held.items() if pair not in due]).delete()
    membership.objects.bulk_create(membership(user_id=person, group_id=group) for person, group in due - held.keys())
    administrators = {person for person, role in wanted if role == Role.ADMINISTRATOR}
    concerned = User.objects.all() if people is None else User.objects.filter(pk__in=list(people))
    concerned.filter(is_superuser=True).exclude(pk__in=administrators).update(is_superuser=False)
    concerned.filter(is_superuser=False, pk__in=administrators).update(is_superuser=True)


def require_reach(role: str, department: Department | None, section: Section | None) -> None:
    """Raise `PeopleError` when the role cannot be held over that part of the centre."""
    if section is not None and department is not None:
        raise PeopleError(_("Choose a department or a section, not both."))
    if section is not None and role != Role.HEAD:
        raise PeopleError(_("Only a head is over a section. Give other roles over a department."))


def require_may_give(
    by: Actor, person: User, role: str, department: Department | None, section: Section | None = None
) -> None:
    """Raise `NotAllowedError` unless `by` may give or take back this role of this person."""
    if not isinstance(by, User):
        return
    if not permissions.may_give(by, role, department, section):
        raise NotAllowedError(
            _("You may not give the role “%(role)s” there: ask somebody who holds it or a higher one.")
            % {"role": Role(role).label}
        )
    require_may_touch(by, person)
    if by.pk == person.pk and Role.ADMINISTRATOR not in by.role_names:
        raise NotAllowedError(_("Nobody changes their own roles: ask another HR officer."))


def forget_roles(person: User) -> None:
    """Drop what the object remembers of its roles, so that the next question asks the database."""
    for name in ("current_grants", "role_names"):
        person.__dict__.pop(name, None)
    person.is_superuser = User.objects.values_list("is_superuser", flat=True).get(pk=person.pk)


def grant_facts(grant: RoleGrant) -> dict[str, Any]:
    """Return what the audit trail keeps of a grant."""
    return {
        "role": grant.role,
        "department": grant.department_id,
        "section": grant.section_id,
        "starts_on": grant.starts_on.isoformat(),
        "until": grant.until.isoformat() if grant.until else None,
    }
