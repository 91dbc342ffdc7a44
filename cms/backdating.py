"""Moments in the past for content that is built, not written: the demo's date is its only clock."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from wagtail.log_actions import registry
from wagtail.models import Page, Revision, TaskState, WorkflowState

from courses.models import CourseVersion
from training.matters.models import Bundle, PolicyVersion, ServiceMatter

from .models import CoursePage, PolicyPage


@transaction.atomic
def backdate(item: Any, *, at: datetime, built: datetime | None = None) -> None:
    """Say of what was just built that it was written, approved and published `at`, its record and log included.

    The audit event bears that time from the start (`recorded_as_of`): an event is never changed. What was revised keeps
    the moment of its first version, which is the `built` it was backdated to then.
    """
    row = {"first_published_at": built or at, "last_published_at": at}
    if isinstance(item, Page):
        row["latest_revision_created_at"] = at
    type(item).objects.filter(pk=item.pk).update(**row)
    Revision.objects.for_instance(item).exclude(created_at=built).update(created_at=at)
    WorkflowState.objects.for_instance(item).exclude(created_at=built).update(created_at=at)
    states = TaskState.objects.filter(workflow_state__in=WorkflowState.objects.for_instance(item))
    states.exclude(started_at=built).update(started_at=at, finished_at=at)
    registry.get_logs_for_instance(item).exclude(timestamp=built).update(timestamp=at)
    for version in _versions(item).exclude(published_at=built):
        type(version).objects.filter(pk=version.pk).update(published_at=at)


def _versions(item: Any) -> "models.QuerySet[Any]":
    """Return the records made of the item; a lesson is recorded with its course."""
    if isinstance(item, PolicyPage):
        return PolicyVersion.objects.filter(policy__uid=item.translation_key)
    if isinstance(item, ServiceMatter | Bundle):
        return item.versions.all()
    uid = item.translation_key if isinstance(item, CoursePage) else None
    return CourseVersion.objects.filter(course__uid=uid)
