"""What the tick does with pages, matters and bundles: publish what was planned, take down what has expired."""

from datetime import datetime

from .schedule import publish_planned, unpublish_expired


def publish_due(*, now: datetime) -> None:
    """Publish what was approved for a moment that has come, and unpublish what has expired."""
    publish_planned(now=now)
    unpublish_expired(now=now)
