"""Reads the audit trail against its seals and names whatever does not agree."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q

from . import chain
from .models import AuditEvent, AuditHead, AuditSeal
from .sealing import FIELDS

REDACTED = "operations.audit_redacted"
"""The event of a redaction: its `after` holds `events` (how many) and `digest` (of their ids)."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed; `event` or `seal` name the row."""

    what: str
    seal: int | None = None
    event: int | None = None

    def __str__(self) -> str:
        about = f"event {self.event}" if self.event is not None else f"seal {self.seal}"
        under = f" (seal {self.seal})" if self.event is not None and self.seal is not None else ""
        return f"{about}{under}: {self.what}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class _Link:
    """Where the chain has come to."""

    number: int = 0
    digest: str = chain.GENESIS
    last_event: int = 0


def findings() -> Iterator[Finding]:
    """Yield every altered, missing or inserted event and seal; reads the trail once, seal by seal."""
    link = _Link()
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=20):
        leaves = dict(chain.leaf_pairs(bytes(seal.leaves)))
        # by the leaves, not by what the seal says of them: that may be what was altered
        last_event = max(leaves, default=link.last_event)
        yield from _faults_of_seal(seal, link)
        yield from _faults_of_events(seal, leaves, link)
        link = _Link(seal.number, seal.digest, last_event)
    yield from _faults_of_end(link)
    yield from _faults_of_redactions()


def is_in_chain(digest: str) -> bool:
    """Tell whether a digest that was kept elsewhere is still that of a seal."""
    return AuditSeal.objects.filter(digest=digest).exists()


def head() -> AuditHead | None:
    """Return the newest seal's number and digest, to be kept where the database's keeper cannot reach."""
    return AuditHead.objects.filter(pk=1).first()


def unsealed() -> int:
    """Return how many events wait for their seal."""
    newest = AuditSeal.objects.order_by("-number").values_list("last_event", flat=True).first() or 0
    return AuditEvent.objects.filter(pk__gt=newest).count()


def _faults_of_seal(seal: AuditSeal, link: _Link) -> Iterator[Finding]:
    yield from (Finding("the seal is missing", seal=number) for number in range(link.number + 1, seal.number))
    facts = {**vars(seal), "leaves": bytes(seal.leaves)}
    if chain.seal_digest(facts) != seal.digest or seal.count * chain.LEAF_BYTES != len(seal.leaves):
        yield Finding("the seal was altered", seal=seal.number)
    if seal.number == link.number + 1 and seal.previous != link.digest:
        yield Finding("the seal does not continue the one before", seal=seal.number)


def _faults_of_events(seal: AuditSeal, leaves: dict[int, bytes], link: _Link) -> Iterator[Finding]:
    if not leaves:
        return
    # where a seal is missing, the events between are told by that
    after = link.last_event if seal.number == link.number + 1 else min(leaves) - 1
    between = Q(pk__gt=min(after, min(leaves) - 1), pk__lte=max(leaves))
    for event in AuditEvent.objects.filter(between).order_by("pk").values(*FIELDS).iterator(chunk_size=1000):
        digest = leaves.pop(event["id"], None)
        if digest is None:
            yield Finding("the event was inserted later", seal=seal.number, event=event["id"])
        elif digest != chain.event_digest(event):
            yield Finding("the event was altered", seal=seal.number, event=event["id"])
        elif event["redacted_at"] is not None and not chain.is_emptied(event):
            yield Finding("something was written into the redacted event", seal=seal.number, event=event["id"])
    yield from (Finding("the event is missing", seal=seal.number, event=missing) for missing in leaves)


def _faults_of_end(link: _Link) -> Iterator[Finding]:
    newest = head()
    number, digest = (newest.number, newest.digest) if newest else (0, "")
    yield from (Finding("the seal is missing", seal=missing) for missing in range(link.number + 1, number + 1))
    if number < link.number or (number == link.number and number and digest != link.digest):
        yield Finding("the note of the newest seal does not agree with it", seal=link.number)


def _faults_of_redactions() -> Iterator[Finding]:
    """Whoever empties events must have said which: else an erasure would be the way to hide something."""
    said = {
        (event["happened_at"], event["after"]["digest"])
        for event in AuditEvent.objects.filter(action=REDACTED).values("happened_at", "after")
        if event["after"]
    }
    emptied = AuditEvent.objects.filter(redacted_at__isnull=False).values_list("redacted_at", "pk")
    by_moment: dict[Any, list[int]] = {}
    for moment, event_id in emptied.order_by("redacted_at", "pk").iterator(chunk_size=1000):
        by_moment.setdefault(moment, []).append(event_id)
    for moment, ids in by_moment.items():
        if (moment, chain.ids_digest(ids)) not in said:
            yield from (Finding("the event was redacted without an erasure", event=event_id) for event_id in ids)
