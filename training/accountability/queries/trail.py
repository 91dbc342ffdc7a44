"""Pages of the audit trail, fetched by key so that a million events cost no more than a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, QuerySet

from training.accountability.permissions import visible_events
from training.lib.addresses import readable_address
from training.operations.models import AuditEvent
from training.people.models import User

PAGE = 50
MOST_PEOPLE = 100
"""How many people a search by name stands for."""
MARK = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class TrailFilter:
    """Which events to show; `person` and `actor` are names or staff numbers, `subject` is "type:id".

    `address` is a network address; what is none has done nothing.
    """

    person: str = ""
    actor: str = ""
    action: str = ""
    subject: str = ""
    address: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where in the trail a page begins: a time, and the id among the events of that time."""

    at: datetime
    event: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).strftime(MARK)}-{self.event}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the place as it stands in an address; None when it is none."""
        mark, _dash, event = text.partition("-")
        try:
            return cls(datetime.strptime(mark, MARK).replace(tzinfo=UTC), int(event[:18]))
        except ValueError:
            return None


@dataclass(frozen=True)
class TrailPage:
    """Events, the latest first, and where the pages before and after begin ("" where there is none)."""

    events: Sequence[AuditEvent]
    newer: str
    older: str


def trail(viewer: User, wanted: TrailFilter, *, today: date) -> "QuerySet[AuditEvent]":
    """Return the events the viewer may read and the filter keeps, the latest first."""
    events = visible_events(viewer, today=today)
    if wanted.person:
        events = events.filter(person_id__in=_ids(wanted.person))
    if wanted.actor:
        events = events.filter(actor_id__in=_ids(wanted.actor))
    if wanted.action:
        events = events.filter(action=wanted.action)
    if wanted.subject:
        kind, _colon, ident = wanted.subject.partition(":")
        events = events.filter(subject_type=kind, subject_id=ident)
    if wanted.address:
        readable = readable_address(wanted.address)
        events = events.filter(address=readable) if readable else events.none()
    if wanted.since:
        events = events.filter(happened_at__gte=wanted.since)
    if wanted.before:
        events = events.filter(happened_at__lt=wanted.before)
    return events.order_by("-happened_at", "-pk")


def trail_page(events: "QuerySet[AuditEvent]", *, older: str = "", newer: str = "") -> TrailPage:
    """Return the page that begins after the place `older`, or ends before the place `newer`; else the first."""
    if place := Place.read(newer):
        later = Q(happened_at__gt=place.at) | Q(happened_at=place.at, pk__gt=place.event)
        found = list(events.filter(later, happened_at__gte=place.at).reverse()[: PAGE + 1])
        rows = found[:PAGE][::-1]
        return TrailPage(rows, _place(rows[0]) if len(found) > PAGE else "", _place(rows[-1]) if rows else "")
    place = Place.read(older)
    if place:
        earlier = Q(happened_at__lt=place.at) | Q(happened_at=place.at, pk__lt=place.event)
        events = events.filter(earlier, happened_at__lte=place.at)
    found = list(events[: PAGE + 1])
    rows = found[:PAGE]
    return TrailPage(rows, _place(rows[0]) if place and rows else "", _place(rows[-1]) if len(found) > PAGE else "")


def _place(event: AuditEvent) -> str:
    return str(Place(event.happened_at, event.pk))


def _ids(words: str) -> list[int]:
    """Return whom the words mean: the one with that number, else all whose name or number holds them.

    As a list and not as a subquery: with few ids the database goes by its index, where it would read a million events.
    """
    exact = User.objects.filter(staff_number__iexact=words.strip()).values_list("pk", flat=True)
    return list(exact) or list(User.objects.found_by(words).values_list("pk", flat=True)[:MOST_PEOPLE])
