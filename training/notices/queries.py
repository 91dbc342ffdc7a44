"""Reading the inbox."""

from django.db.models import F, QuerySet

from training.people.models import User

from .models import Notice


def inbox(person: User) -> "QuerySet[Notice]":
    """Return the person's notices, unread ones first, then the newest."""
    return person.notices.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")


def unread_count(person: User) -> int:
    """Return how many notices the person has not read."""
    return person.notices.filter(read_at=None).count()
