"""Saying how many class hours a year are asked of a group, and taking that back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import HoursTarget
from training.operations.services import record
from training.people.models import Department, Position, User


class TargetRefused(Exception):
    """An expected refusal, in a sentence for the user."""


@transaction.atomic
def set_target(
    *,
    department: Department | None,
    position: Position | None,
    kind: str,
    first_year: int,
    hours: int,
    by: User,
    at: datetime,
) -> HoursTarget:
    """Ask a number of class hours of a group from a year on; another number for the same year takes its place.

    Raises `TargetRefused` for a year that is past: what was asked then stays as it was.
    """
    _refuse_past(first_year, at)
    group: dict[str, Any] = {"department": department, "position": position, "kind": kind, "first_year": first_year}
    before = HoursTarget.objects.filter(**group).values_list("hours", flat=True).first()
    row, _created = HoursTarget.objects.update_or_create(**group, defaults={"hours": hours, "set_by": by, "set_at": at})
    record(
        action="courses.hours_target_set",
        by=by,
        subject=row,
        at=at,
        before=None if before is None else {"hours": before},
        after={"hours": hours, "kind": kind, "first_year": first_year},
    )
    return row


@transaction.atomic
def remove_target(*, target: HoursTarget, by: User, at: datetime) -> None:
    """Take a target back, so that what was asked before it counts again. Raises `TargetRefused` for a past year's."""
    _refuse_past(target.first_year, at)
    before = {"hours": target.hours, "kind": target.kind, "first_year": target.first_year}
    record(action="courses.hours_target_removed", by=by, subject=target, at=at, before=before)
    target.delete()


def _refuse_past(year: int, at: datetime) -> None:
    if year < timezone.localdate(at).year:
        raise TargetRefused(_("That year is past; its targets stay. Set another from this year on."))
