"""Keeping who took which list away."""

from datetime import datetime

from django.db import transaction

from training.operations.services import record
from training.people.models import User
from training.people.models.staff import UserQuerySet
from training.people.queries import StaffFilter


@transaction.atomic
def record_export(*, people: UserQuerySet, wanted: StaffFilter, by: User, at: datetime) -> None:
    """Record that `by` exports the people whom the filter keeps."""
    after = {
        "words": wanted.words,
        "department": wanted.department.code if wanted.department else "",
        "state": wanted.state,
        "people": people.count(),
    }
    record(action="people.staff_exported", by=by, subject=by, at=at, after=after)
