"""What the tick does with pages, matters and bundles: publish what was planned, take down and forget what is over."""

from datetime import datetime

from .schedule import publish_planned, unpublish_expired
from .services import lesson_files, policy_texts


def publish_due(*, now: datetime) -> None:
    """Publish what was approved for a moment that has come, and unpublish what has expired."""
    publish_planned(now=now)
    unpublish_expired(now=now)


def discard_expired_imports(*, now: datetime) -> None:
    """Forget texts of policies that were begun to be taken in and left alone."""
    policy_texts.discard_expired_imports(now=now)


def forget_unshown_files(*, now: datetime) -> None:
    """Forget files of lessons that no lesson, draft or revision shows."""
    lesson_files.forget_unshown_files(now=now)
