"""Reading and exporting the trail are events of it."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from training.accountability.queries.trail import TrailFilter
from training.operations.services import record, record_reading
from training.people.models import User


def record_trail_reading(*, by: User, at: datetime) -> None:
    """Record that `by` reads the trail, once in a quarter of an hour."""
    record_reading(action="accountability.trail_read", by=by, subject=by, at=at)


@transaction.atomic
def record_trail_export(*, by: User, wanted: TrailFilter, events: int, at: datetime) -> None:
    """Record that `by` takes so many events away, by which filter."""
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(wanted).items()}
    after = {"events": events, **{name: value for name, value in said.items() if value}}
    record(action="accountability.trail_exported", by=by, subject=by, at=at, after=after)
