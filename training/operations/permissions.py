"""Whose jobs somebody may see, stop and try again."""

from typing import TYPE_CHECKING, Any

from .models import Job

if TYPE_CHECKING:
    from django.db.models import QuerySet

# By name: roles stand a floor above.
ADMINISTRATOR = "administrator"


def is_administrator(viewer: Any) -> bool:
    return ADMINISTRATOR in viewer.role_names


def visible_jobs(viewer: Any) -> "QuerySet[Job]":
    """Return the jobs `viewer` may open, cancel, try again and take the result of: one's own, an administrator all."""
    return Job.objects.all() if is_administrator(viewer) else own_jobs(viewer)


def own_jobs(viewer: Any) -> "QuerySet[Job]":
    """Return the jobs that `viewer` started."""
    return Job.objects.filter(started_by_id=viewer.pk)
