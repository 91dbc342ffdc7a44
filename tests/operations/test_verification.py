"""Whoever changes the trail in the database is found out, and the row is named."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.operations.trail import EVENTS, NOW, SEALS, CountedQueries, delete, sealed, update, write
from training.operations import chain
from training.operations.models import AuditEvent, AuditHead, AuditSeal
from training.operations.sealing import FIELDS, seal_due
from training.operations.verification import findings

pytestmark = pytest.mark.django_db


def found() -> set[tuple[int | None, int | None, str]]:
    return {(finding.seal, finding.event, finding.what) for finding in findings()}


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'otherwise'",
        "actor_name = 'somebody else'",
        "actor_id = 12",
        "person_id = 12",
        "action = 'people.left'",
        "happened_at = '2026-11-25 09:00:00+00:00'",
        "subject_type = 'people.window'",
        "subject_id = '12'",
        "subject_name = 'Nobody'",
        "before = '{\"number\": 1}'",
        "after = '{\"number\": 1}'",
        "after = NULL",
        "salt = '00'",
        "address = '192.0.2.8'",
        "address = NULL",
    ],
)
def test_a_changed_field_is_found(change: str) -> None:
    (_before, changed, _after), _later = sealed(3, 2)
    update(EVENTS, change, f"id = {changed.pk}")
    assert found() == {(1, changed.pk, "the event was altered")}


def test_a_deleted_event_is_found() -> None:
    (_first, gone, _third), _later = sealed(3, 2)
    delete(EVENTS, f"id = {gone.pk}")
    assert found() == {(1, gone.pk, "the event is missing")}


def test_the_last_events_of_a_seal_are_missed() -> None:
    _first, (kept, *gone) = sealed(2, 3)
    delete(EVENTS, f"id > {kept.pk}")
    assert found() == {(2, event.pk, "the event is missing") for event in gone}


def test_an_event_put_between_is_found() -> None:
    (before, gap, _after), _later = sealed(3, 2)
    sealed_without(gap)
    before.pk = gap.pk
    before.save(force_insert=True)
    assert {(event, what) for _seal, event, what in found()} == {(gap.pk, "the event was inserted later")}


def sealed_without(event: AuditEvent) -> None:
    """As if the id had never been given, which happens where a transaction was taken back."""
    delete(SEALS)
    delete(EVENTS, f"id = {event.pk}")
    AuditHead.objects.all().delete()
    seal_due(at=NOW)
    assert found() == set()


def test_two_events_swapped_are_found() -> None:
    ((one, two),) = sealed(2)
    spare = two.pk + 1000
    for old, new in ((one.pk, spare), (two.pk, one.pk), (spare, two.pk)):
        update(EVENTS, f"id = {new}", f"id = {old}")
    assert found() == {(1, pk, "the event was altered") for pk in (one.pk, two.pk)}


@pytest.mark.parametrize("change", ["count = 7", "last_event = 7", "previous = 'x'", "digest = 'x'", "first_event = 0"])
def test_a_changed_seal_is_found(change: str) -> None:
    sealed(2, 2, 2)
    update(SEALS, change, "number = 2")
    assert (2, None, "the seal was altered") in found()
    assert {what for _seal, event, what in found() if event is not None} == set()


def test_a_seal_moved_in_time_is_found() -> None:
    sealed(1, 1)
    update(SEALS, "sealed_at = '2026-11-25 08:00:01+00:00'", "number = 1")
    assert found() == {(1, None, "the seal was altered")}


def test_a_seal_written_anew_breaks_the_chain() -> None:
    """Whoever changes an event and makes its seal fit is found at the next seal."""
    (changed,), _later = sealed(1, 1)
    update(EVENTS, "reason = 'otherwise'", f"id = {changed.pk}")
    second = AuditSeal.objects.get(number=2)
    delete(SEALS)
    AuditHead.objects.all().delete()
    seal_due(at=NOW)
    forged = AuditSeal.objects.get()
    forged.count, forged.last_event = 1, changed.pk
    rewrite(forged)
    second.save(force_insert=True)
    AuditHead.objects.update(number=2, digest=second.digest)
    assert found() == {(2, None, "the seal does not continue the one before")}


def rewrite(seal: AuditSeal) -> None:
    seal.leaves = bytes(seal.leaves)[: chain.LEAF_BYTES]
    seal.digest = chain.seal_digest(vars(seal))
    delete(SEALS)
    seal.save(force_insert=True)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_missing_seal_is_found(number: int) -> None:
    sealed(2, 2, 2)
    delete(SEALS, f"number = {number}")
    assert found() == {(number, None, "the seal is missing")}


def test_a_missing_seal_is_found_after_sealing_went_on() -> None:
    sealed(2, 2)
    delete(SEALS, "number = 2")
    write(1)
    assert seal_due(at=NOW + timedelta(hours=1)) == 3
    assert found() == {(2, None, "the seal is missing")}


def test_the_note_of_the_newest_seal_must_agree() -> None:
    sealed(1, 1)
    AuditHead.objects.update(digest="x")
    assert found() == {(2, None, "the note of the newest seal does not agree with it")}
    AuditHead.objects.all().delete()
    assert found() == {(2, None, "the note of the newest seal does not agree with it")}


def test_an_event_emptied_without_an_erasure_is_found() -> None:
    ((hidden, _other),) = sealed(2)
    digest = chain.payload_digest(AuditEvent.objects.values(*FIELDS).get(pk=hidden.pk))
    AuditEvent.objects.filter(pk=hidden.pk).update(
        actor_name="",
        subject_name="",
        before=None,
        after=None,
        reason="",
        address=None,
        salt="",
        payload_digest=digest,
        redacted_at=NOW,
    )
    assert found() == {(None, hidden.pk, "the event was redacted without an erasure")}


class TestCommand:
    def run(self, *words: str) -> str:
        out = StringIO()
        call_command("verify_audit", *words, stdout=out)
        return out.getvalue()

    def test_says_that_all_is_well(self) -> None:
        sealed(3)
        write(2)
        assert "verifies" in self.run()
        assert json.loads(self.run("--json")) == {"findings": [], "seals": 1, "unsealed": 2}

    def test_fails_and_names_the_row(self) -> None:
        ((event, _other),) = sealed(2)
        update(EVENTS, "reason = 'otherwise'", f"id = {event.pk}")
        out = StringIO()
        with pytest.raises(CommandError, match="1 findings"):
            call_command("verify_audit", stdout=out)
        assert out.getvalue() == f"event {event.pk} (seal 1): the event was altered\n"

    def test_the_head_kept_elsewhere_finds_a_chain_written_anew(self) -> None:
        with pytest.raises(CommandError, match="Nothing is sealed"):
            self.run("--head")
        ((event,),) = sealed(1)
        number, _colon, digest = self.run("--head").strip().partition(": ")
        assert (number, len(digest)) == ("1", 64)
        self.run("--expect", digest)
        delete(SEALS)
        AuditHead.objects.all().delete()
        update(EVENTS, "reason = 'otherwise'", f"id = {event.pk}")
        seal_due(at=NOW)
        self.run()
        with pytest.raises(CommandError):
            self.run("--expect", digest)


def test_as_many_queries_for_a_seal_of_one_as_of_many() -> None:
    sealed(1)
    with CountedQueries() as few:
        list(findings())
    write(40)
    seal_due(at=NOW + timedelta(hours=1))
    with CountedQueries() as more:
        list(findings())
    assert more.number == few.number + 1
