"""What is hashed of the audit trail, in which order. Everything here can be worked out again by other programs.

Values are hashed as JSON in ASCII, keys sorted, without white space, by SHA-256. An event's digest covers what an
erasure leaves and the digest of what it takes away, so that the chain holds over a payload that is gone.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

KEPT = ("id", "happened_at", "action", "actor_id", "person_id", "subject_type", "subject_id")
PAYLOAD = ("actor_name", "subject_name", "before", "after", "reason", "address")
"""The last, the network address, is hashed only where there is one: events sealed before it was kept have none."""
ID_BYTES = 8
LEAF_BYTES = ID_BYTES + 32
GENESIS = "0" * 64
"""What the first seal names as the seal before it."""


def canonical(value: Any) -> bytes:
    """Return the one spelling of a JSON value; times count as their moment in UTC."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_moment).encode()


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no canonical form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def payload_digest(event: Mapping[str, Any]) -> str:
    """Return the digest that takes the payload's place: the stored one of a redacted event, else salt and payload."""
    if event["redacted_at"] is not None:
        return str(event["payload_digest"])
    told = [event[name] for name in PAYLOAD]
    if event["address"] is None:
        told.pop()
    return hashlib.sha256(canonical([event["salt"], *told])).hexdigest()


def event_digest(event: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical([*(event[name] for name in KEPT), payload_digest(event)])).digest()


def is_emptied(event: Mapping[str, Any]) -> bool:
    """Tell whether nothing is left of the payload, as an erasure leaves it."""
    return not any(event[name] for name in (*PAYLOAD, "salt"))


def leaves(events: Iterable[Mapping[str, Any]]) -> bytes:
    """Return id and digest of each event, one after another."""
    return b"".join(event["id"].to_bytes(ID_BYTES) + event_digest(event) for event in events)


def leaf_pairs(kept: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield id and digest of each leaf; what is left over at the end is no leaf."""
    for start in range(0, len(kept) - LEAF_BYTES + 1, LEAF_BYTES):
        yield int.from_bytes(kept[start : start + ID_BYTES]), kept[start + ID_BYTES : start + LEAF_BYTES]


def seal_digest(seal: Mapping[str, Any]) -> str:
    """Return the digest of a seal from its other fields, the digest of the seal before among them."""
    facts = [seal[name] for name in ("number", "first_event", "last_event", "count", "previous", "sealed_at")]
    return hashlib.sha256(canonical([*facts, hashlib.sha256(seal["leaves"]).hexdigest()])).hexdigest()


def ids_digest(ids: Iterable[int]) -> str:
    """Return the digest of a set of ids, by which a redaction says which events it emptied."""
    return hashlib.sha256(canonical(sorted(ids))).hexdigest()
