"""Publications planned for later. Wagtail's own command stops at the first that fails; here the others go on."""

import logging
from datetime import datetime
from typing import Any

from django.apps import apps
from wagtail.models import DraftStateMixin, Revision, TaskState

from training.people.models import User

logger = logging.getLogger(__name__)


def publish_planned(*, now: datetime) -> list[Revision]:
    """Publish the approved revisions whose moment has come and return them; one that fails is tried again next time."""
    published = []
    for revision in Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at"):
        try:
            revision.publish(
                user=_approver(revision), log_action="wagtail.publish.scheduled", skip_permission_checks=True
            )
        except Exception:  # whatever it is: its page stays as it was, the rest of the plan must not wait for it
            logger.exception("planned publication failed: revision %s", revision.pk)
        else:
            published.append(revision)
    return published


def unpublish_expired(*, now: datetime) -> None:
    """Take down what is live beyond its expiry."""
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin):
            _unpublish_expired_of(model, now)


def _unpublish_expired_of(model: type[Any], now: datetime) -> None:
    for item in model.objects.filter(live=True, expire_at__lt=now):
        specific = getattr(item, "specific", item)
        specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _approver(revision: Revision) -> User | None:
    """Return who approved the revision last; None for one that nobody did."""
    state = (
        TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
        .select_related("finished_by")
        .order_by("-finished_at")
        .first()
    )
    return state.finished_by if state else None
