"""Marking notices as read, and taking that back."""

from datetime import datetime

from django.db.models import QuerySet

from training.notices.models import Notice
from training.people.models import User


def mark_read(*, notices: "QuerySet[Notice]", at: datetime) -> int:
    """Mark the notices as read; those read before keep their time. Return how many changed.

    Not audited: reading one's own notices changes nothing about anybody.
    """
    return Notice.objects.filter(pk__in=notices.filter(read_at=None).order_by().values("pk")).update(read_at=at)


def mark_unread(*, person: User, read_at: datetime) -> int:
    """Undo `mark_read`: what the person marked at exactly that moment is unread again. Return how many changed."""
    return person.notices.filter(read_at=read_at).update(read_at=None)
