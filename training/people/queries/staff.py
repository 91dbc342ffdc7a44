"""Reading staff records for screens and exports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from training.people import permissions
from training.people.models import Access, Department, Leave, Position, Posting, RoleGrant, Section, User
from training.people.models.staff import UserQuerySet

from .further import further_filters

# How the list may be sorted: what stands in the address, and by which columns.
ORDERS = {
    "": ("staff_number",),
    "name": ("search_key", "staff_number"),
    "department": ("department__path", "staff_number"),
    "new": ("-date_joined", "staff_number"),
}


@dataclass(frozen=True)
class StaffFilter:
    """Which of the visible staff to list; `state` is "" for active ones, "away" on leave today, "left" or "all".

    `sort` is a key of `ORDERS`; `further` holds the choices made of `further_filters`, by name.
    """

    words: str = ""
    department: Department | None = None
    state: str = ""
    section: Section | None = None
    position: Position | None = None
    role: str = ""
    since: date | None = None
    without_window: bool = False
    sort: str = ""
    further: Mapping[str, str] = field(default_factory=dict)


def staff_list(viewer: User, wanted: StaffFilter, *, today: date) -> UserQuerySet:
    """Return the staff whom `viewer` oversees and the filter keeps, with department, postings and roles of today."""
    people = permissions.overseen_staff(viewer, today=today).found_by(wanted.words)
    if wanted.state != "all":
        people = people.filter(is_active=wanted.state != "left")
    if wanted.state == "away":
        people = people.filter(pk__in=Leave.objects.on(today).values("person"))
    people = _posted_as(people, wanted, today)
    if wanted.role:
        holders = RoleGrant.objects.in_force(today).filter(role=wanted.role).values("person")
        people = people.filter(pk__in=holders)
    if wanted.since is not None:
        people = people.filter(_new_since(wanted.since))
    for one in further_filters():
        if choice := wanted.further.get(one.name):
            people = one.keep(people, choice, today)
    return with_record(people, today=today).order_by(*ORDERS[wanted.sort])


def _posted_as(people: UserQuerySet, wanted: StaffFilter, today: date) -> UserQuerySet:
    """Keep the people in the department, section, position wanted, and without a window if that is asked for."""
    if wanted.department is not None:
        below = Department.objects.within([wanted.department.path])
        posted = permissions.posted(department__in=below, today=today)
        people = people.filter(Q(department__in=below) | Q(pk__in=posted))
    for name in ("section", "position"):
        if (place := getattr(wanted, name)) is not None:
            people = people.filter(pk__in=permissions.posted(today=today, **{name: place}))
    if wanted.without_window:
        people = people.exclude(pk__in=permissions.posted(window__isnull=False, today=today))
    return people


def _new_since(day: date) -> Q:
    """Return the condition on people whose first posting began on `day` or later."""
    postings = Posting.objects.filter(person=OuterRef("pk"))
    return Exists(postings.filter(starts_on__gte=day)) & ~Exists(postings.filter(starts_on__lt=day))


def with_record(people: UserQuerySet, *, today: date) -> UserQuerySet:
    """Bring what a line about a person shows: department, `postings_then`, and the role grants `grants_then`."""
    grants = RoleGrant.objects.in_force(today).select_related("department", "section").order_by("role", "pk")
    return people.with_posting(today).prefetch_related(Prefetch("role_grants", grants, to_attr="grants_then"))


def posting_history(person: User) -> "QuerySet[Posting]":
    """Return all postings of the person, loans included, the latest first."""
    return person.postings.select_related("position", "department", "section", "window").order_by("-starts_on", "-pk")


def role_history(person: User) -> "QuerySet[RoleGrant]":
    """Return all roles the person held, holds or will hold, the latest first."""
    return person.role_grants.select_related("department", "section").order_by("-starts_on", "-pk")


def who_sees(person: User, *, today: date) -> "QuerySet[Access]":
    """Return through which relations others see the person's record today."""
    return Access.objects.in_force(today).filter(subject=person).select_related("viewer").order_by("why", "pk")
