"""What the tick does for people."""

from datetime import datetime

from django.utils import timezone

from . import services


def discard_expired_uploads(*, now: datetime) -> None:
    """Forget staff lists that nobody confirmed."""
    services.discard_expired_uploads(now=now)


def mirror_roles(*, now: datetime) -> None:
    """Let roles that begin or end today count in Django's groups too."""
    services.mirror_roles(today=timezone.localtime(now).date())
