"""Emptying events: what they said is gone, the chain holds, and each redaction says what it emptied."""

from datetime import timedelta

import pytest

from tests.factories.people import DepartmentFactory
from tests.operations.trail import NOW, sealed, update, write
from training.operations.models import AuditEvent
from training.operations.sealing import seal_due
from training.operations.services import redact, redacting
from training.operations.verification import REDACTED, findings

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def emptied(ids: list[int], *, at: object = LATER) -> int:
    events = AuditEvent.objects.filter(pk__in=ids)
    return redact(events=events, by="erasure", subject=DepartmentFactory(), at=at)  # type: ignore[arg-type]


def test_what_was_said_is_gone_and_the_chain_holds() -> None:
    (first, second, kept), _later = sealed(3, 2)
    assert emptied([first.pk, second.pk]) == 2
    seal_due(at=LATER)
    assert list(findings()) == []
    first.refresh_from_db()
    said = (first.actor_name, first.subject_name, first.before, first.after, first.reason, first.salt, first.address)
    assert said == ("", "", None, None, "", "", None)
    assert (first.action, first.redacted_at, len(first.payload_digest)) == ("people.moved", LATER, 64)
    assert AuditEvent.objects.get(pk=kept.pk).reason == "as asked"


def test_events_that_wait_for_their_seal_too() -> None:
    events = write(2)
    emptied([event.pk for event in events])
    seal_due(at=LATER)
    assert list(findings()) == []


def test_batches_and_redactions_of_one_moment_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redacting, "AT_ONCE", 2)
    events = [event.pk for batch in sealed(3, 3) for event in batch]
    assert emptied(events[:5]) == 5
    assert emptied(events) == 1
    seal_due(at=LATER)
    assert list(findings()) == []
    told = AuditEvent.objects.filter(action=REDACTED).order_by("pk")
    assert [one.after["events"] for one in told] == [2, 2, 1, 1]
    assert len({one.happened_at for one in told}) == 4


def test_what_tells_of_a_redaction_is_never_emptied() -> None:
    ((event,),) = sealed(1)
    emptied([event.pk])
    assert emptied(list(AuditEvent.objects.values_list("pk", flat=True))) == 0
    assert list(findings()) == []


def test_a_redaction_that_lies_about_its_events_is_found() -> None:
    ((one, other),) = sealed(2)
    emptied([one.pk])
    told = AuditEvent.objects.get(action=REDACTED)
    update("operations_auditevent", f"redacted_at = '{told.happened_at:%Y-%m-%d %H:%M:%S}'", f"id = {other.pk}")
    assert {finding.event for finding in findings()} >= {one.pk, other.pk}
