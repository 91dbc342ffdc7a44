"""Which events of the audit trail somebody may read."""

from datetime import date

from django.db.models import Q, QuerySet

from training.operations.models import AuditEvent
from training.people.models import User
from training.people.permissions import audited_staff


def visible_events(viewer: User, *, today: date) -> "QuerySet[AuditEvent]":
    """Return all events, or those about and by the staff of the departments whose auditor the viewer is."""
    staff = audited_staff(viewer, today=today)
    if staff is None:
        return AuditEvent.objects.all()
    ids = staff.values("pk")
    return AuditEvent.objects.filter(Q(person_id__in=ids) | Q(actor_id__in=ids))
