"""Reading staff records for screens and exports."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from training.people import permissions
from training.people.models import Department, Posting, RoleGrant, User
from training.people.models.staff import UserQuerySet


@dataclass(frozen=True)
class StaffFilter:
    """Which of the visible staff to list; `state` is "" for active ones, "left" or "all"."""

    words: str = ""
    department: Department | None = None
    state: str = ""


def staff_list(viewer: User, wanted: StaffFilter, *, today: date) -> UserQuerySet:
    """Return the staff whom `viewer` oversees and the filter keeps, with department, posting and roles of today."""
    people = permissions.overseen_staff(viewer, today=today).found_by(wanted.words)
    if wanted.state != "all":
        people = people.filter(is_active=wanted.state != "left")
    if wanted.department is not None:
        below = Department.objects.within([wanted.department.path])
        posted = Posting.objects.on(today).filter(department__in=below).values("person")
        people = people.filter(Q(department__in=below) | Q(pk__in=posted))
    return with_record(people, today=today).order_by("staff_number")


def with_record(people: UserQuerySet, *, today: date) -> UserQuerySet:
    """Bring what a line about a person shows: department, `postings_then`, and the role grants `grants_then`."""
    grants = RoleGrant.objects.in_force(today).select_related("department").order_by("role", "pk")
    return people.with_posting(today).prefetch_related(Prefetch("role_grants", grants, to_attr="grants_then"))


def posting_history(person: User) -> "QuerySet[Posting]":
    """Return all postings of the person, the latest first."""
    return person.postings.select_related("position", "department", "section", "window").order_by("-starts_on")
