"""Which events of the audit trail somebody may read, and who keeps the register of impact assessments."""

from datetime import date

from django.db.models import Q, QuerySet

from training.operations.models import AuditEvent
from training.people.models import User
from training.people.permissions import AUDITORS, KEEPERS, audited_staff, grants_held

# The register names no staff: whoever keeps records of any part of the centre reads it, and so do auditors.
REGISTER_READERS = KEEPERS | AUDITORS


def keeps_register(person: User) -> bool:
    """Tell whether the person writes impact assessments: HR or an administrator of the whole centre."""
    return any(grant.is_for_centre for grant in grants_held(person, KEEPERS))


def visible_events(viewer: User, *, today: date) -> "QuerySet[AuditEvent]":
    """Return all events, or those about and by the staff of the departments whose auditor the viewer is."""
    staff = audited_staff(viewer, today=today)
    if staff is None:
        return AuditEvent.objects.all()
    ids = staff.values("pk")
    return AuditEvent.objects.filter(Q(person_id__in=ids) | Q(actor_id__in=ids))
