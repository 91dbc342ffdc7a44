"""The sessions at which a lesson can be learned in a classroom, as a learner is told of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from courses import permissions
from courses.models import Attendance, TrainingSession
from training.people.models import User

MOST = 5
"""So many of a lesson are told: the next ones."""


@dataclass(frozen=True)
class Coming:
    """A session to come: whether the person is invited, and whether seats are left for others."""

    session: TrainingSession
    is_invited: bool
    is_full: bool

    @property
    def is_open(self) -> bool:
        """Whether the person can join."""
        return self.is_invited or not self.is_full


def joinable(units: Collection[int], person: User, *, now: datetime) -> dict[int, list[Coming]]:
    """Return, by unit, the next sessions that count as it, those that invite the person among them (two queries).

    Whoever learns a course is told when and where its lessons are held, invited or not; who else comes, nobody is told.
    """
    mine = TrainingSession.objects.filter(permissions.invited_to(person, today=timezone.localdate(now)))
    there = Count("attendances", filter=Q(attendances__state__in=Attendance.THERE))
    rows = TrainingSession.objects.filter(unit__in=units, cancelled_at=None, closed_at=None, ends_at__gte=now)
    rows = rows.annotate(is_invited=Exists(mine.filter(pk=OuterRef("pk"))), there=there)
    found: dict[int, list[Coming]] = defaultdict(list)
    for row in rows.order_by("starts_at", "pk"):
        is_full = row.capacity is not None and row.there >= row.capacity
        if len(found[row.unit_id]) < MOST:
            found[row.unit_id].append(Coming(row, row.is_invited, is_full))
    return dict(found)
