"""The audit trail as a table, of any length."""

import json
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from training.operations.models import AuditEvent

from .telling import Line, tell

AT_ONCE = 1000


def trail_rows(events: "QuerySet[AuditEvent]") -> Iterator[list[object]]:
    """Yield the headings and a row for each event, fetched and told a thousand at a time."""
    yield [
        pgettext("of an event", "Time"),
        _("What happened"),
        _("Action"),
        _("Who did it"),
        _("Network address"),
        _("Staff number"),
        pgettext("of an event", "Subject"),
        _("Before"),
        _("After"),
        _("Reason"),
        _("Event number"),
    ]
    rows = events.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        yield from map(_row, tell(batch))


def _row(line: Line) -> list[object]:
    event = line.event
    return [
        event.happened_at,
        line.sentence,
        event.action,
        line.actor,
        event.address or "",
        line.person.staff_number if line.person else "",
        event.subject_name,
        _json(event.before),
        _json(event.after),
        event.reason,
        event.pk,
    ]


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
