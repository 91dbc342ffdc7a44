"""How many class hours are asked of whom: the narrowest target that fits each person, by kind."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from courses import permissions
from courses.models import HoursTarget
from training.people.models import Posting, User
from training.people.models.staff import UserQuerySet


def with_targets(people: UserQuerySet, year: int, *, day: date) -> UserQuerySet:
    """Bring `target_all` and a target for each kind; whose position and department of `day` count (one query more).

    A target for a position comes before one for departments alone, a narrow department before a wide one. Where none
    fits, the centre's general target counts, and none for a single kind.
    """
    rows = list(HoursTarget.objects.filter(first_year__lte=year).select_related("department").order_by("first_year"))
    latest = {(row.kind, row.department_id, row.position_id): row for row in rows}.values()
    if any(row.position_id for row in latest):
        own = Posting.objects.on(day).own().filter(person=OuterRef("pk")).order_by("-starts_on", "-pk")
        people = people.annotate(position_then=Subquery(own.values("position")[:1]))
    narrow_first = sorted(latest, key=_narrowness, reverse=True)
    return people.annotate(
        target_all=_asked(narrow_first, "", settings.LEARNING_HOURS_TARGET),
        **{f"target_{kind}": _asked(narrow_first, kind, 0) for kind in HoursTarget.Kind},
    )


def targets_of(person: User) -> dict[str, int]:
    """Return what `with_targets` has brought, by kind; "" is what is asked in all."""
    kinds: dict[str, int] = {str(kind): getattr(person, f"target_{kind}") for kind in HoursTarget.Kind}
    return {"": person.target_all, **kinds}  # type: ignore[attr-defined]  # annotated


def targets_list(viewer: User) -> "QuerySet[HoursTarget]":
    """Return the targets that concern the departments `viewer` watches, by group."""
    rows = HoursTarget.objects.select_related("department", "position", "set_by")
    seen = Q(department=None) | Q(department__in=permissions.departments_held(viewer))
    return rows.filter(seen).order_by("department__path", "position__code", "kind", "-first_year")


def _asked(rows: list[HoursTarget], kind: str, otherwise: int) -> Any:
    whens = list(_whens(rows, kind))
    return Case(*whens, default=Value(otherwise), output_field=IntegerField()) if whens else Value(otherwise)


def _whens(rows: list[HoursTarget], kind: str) -> Iterator[When]:
    for row in rows:
        if row.kind != kind:
            continue
        fits = Q(pk__isnull=False)
        if row.department is not None:
            fits &= Q(department__path__startswith=row.department.path)
        if row.position_id:
            fits &= Q(position_then=row.position_id)
        yield When(fits, then=Value(row.hours))


def _narrowness(row: HoursTarget) -> tuple[bool, int]:
    return bool(row.position_id), len(row.department.path) if row.department else 0
