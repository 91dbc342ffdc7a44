"""Keeping who took which list away."""

from datetime import datetime

from django.db import transaction

from training.operations.services import record
from training.people.models import User
from training.people.models.staff import UserQuerySet
from training.people.queries import StaffFilter


@transaction.atomic
def record_export(*, people: UserQuerySet, wanted: StaffFilter, file_format: str, by: User, at: datetime) -> None:
    """Record that `by` exports the people whom the filter keeps."""
    after = {
        "format": file_format,
        "words": wanted.words,
        "department": wanted.department.code if wanted.department else "",
        "state": wanted.state,
        **{name: value for name, value in narrowed(wanted).items() if value},
        "people": people.count(),
    }
    record(action="people.staff_exported", by=by, subject=by, at=at, after=after)


def narrowed(wanted: StaffFilter) -> dict[str, str]:
    """Return what else the filter says, in the words of the address; "" for what it leaves open."""
    return {
        "section": wanted.section.code if wanted.section else "",
        "position": wanted.position.code if wanted.position else "",
        "role": wanted.role,
        "since": wanted.since.isoformat() if wanted.since else "",
        "window": "none" if wanted.without_window else "",
        **wanted.further,
    }
