"""What this app keeps about a person, and what the audit trail tells of them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.lib.personal import Part
from training.operations.models import AuditEvent
from training.people.models import User

from .models import Erasure, PersonalCopy
from .queries.telling import tell

ACTS = (
    "accountability.Erasure.asked_by",
    "accountability.Erasure.decided_by",
    "accountability.PersonalCopy.asked_by",
)
AT_ONCE = 500


def parts(person: User) -> Iterator[Part]:
    """Yield the events about and by them, and the copies and erasures that were asked for."""
    yield Part(
        "audit-trail",
        _("Audit trail"),
        _lines(person),
        {
            "event.happened_at": pgettext("of an event", "Time"),
            "sentence": _("What happened"),
            "actor": _("Who did it"),
            "event.address": _("Network address"),
            "event.before": _("Before"),
            "event.after": _("After"),
            "event.reason": _("Reason"),
        },
        (),
        confidential=frozenset({"event.address", "event.before", "event.after", "event.reason"}),
    )
    yield Part(
        "copies",
        _("Copies of personal data"),
        PersonalCopy.objects.filter(person=person).select_related("asked_by").order_by("asked_at"),
        {"asked_at": _("Asked on"), "asked_by": _("Asked by"), "ready_at": _("Made on")},
        ("accountability.PersonalCopy.person",),
    )
    yield Part(
        "erasures",
        _("Erasures asked for"),
        Erasure.objects.filter(person=person).select_related("asked_by", "decided_by"),
        {"asked_at": _("Asked on"), "asked_by": _("Asked by"), "reason": _("Reason"), "state": _("State")},
        ("accountability.Erasure.person",),
    )


def _lines(person: User) -> Iterator[Any]:
    events = AuditEvent.objects.filter(Q(person_id=person.pk) | Q(actor_id=person.pk)).order_by("happened_at", "pk")
    rows = events.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        for event in batch:
            if event.actor_id != person.pk:
                event.address = None  # where others act from is theirs
        yield from tell(batch)
