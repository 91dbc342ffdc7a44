"""What the tick seals, and that it loses nothing."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, transaction

from tests.factories.people import DepartmentFactory
from tests.operations.trail import NOW, CountedQueries, sealed, write
from training.operations import chain, sealing
from training.operations.models import AuditEvent, AuditHead, AuditSeal
from training.operations.sealing import seal_due
from training.operations.verification import findings, unsealed
from training.people.models import Department

pytestmark = pytest.mark.django_db


def test_a_seal_holds_each_event_and_the_seal_before() -> None:
    first, second = sealed(3, 2)
    one, two = AuditSeal.objects.order_by("number")
    assert (one.number, one.first_event, one.last_event, one.count) == (1, first[0].pk, first[-1].pk, 3)
    assert (one.previous, two.previous) == (chain.GENESIS, one.digest)
    assert [pk for pk, _digest in chain.leaf_pairs(bytes(two.leaves))] == [event.pk for event in second]
    head = AuditHead.objects.get()
    assert (head.number, head.digest) == (2, two.digest)
    assert list(findings()) == []


def test_nothing_to_seal_makes_no_seal() -> None:
    assert seal_due(at=NOW) == 0
    assert not AuditSeal.objects.exists()


def test_a_range_that_is_not_full_waits_for_a_minute() -> None:
    sealed(1)
    write(2)
    assert seal_due(at=NOW + timedelta(seconds=59)) == 0
    assert unsealed() == 2
    assert seal_due(at=NOW + timedelta(seconds=60)) == 2


def test_many_events_are_sealed_in_ranges_with_as_many_queries_for_each() -> None:
    write(25)
    with mock.patch.object(sealing, "EVENTS_PER_SEAL", 10), CountedQueries() as counted:
        assert seal_due(at=NOW) == 20  # the rest is not full and the last seal is fresh
    assert [seal.count for seal in AuditSeal.objects.order_by("number")] == [10, 10]
    assert counted.number < 40
    with mock.patch.object(sealing, "EVENTS_PER_SEAL", 10):
        assert seal_due(at=NOW + timedelta(minutes=1)) == 5


def test_one_round_ends() -> None:
    write(12)
    with mock.patch.object(sealing, "EVENTS_PER_SEAL", 2), mock.patch.object(sealing, "SEALS_PER_ROUND", 3):
        assert (seal_due(at=NOW), seal_due(at=NOW)) == (6, 6)


def test_an_empty_seal_number_is_never_given_again() -> None:
    """A seal somebody took away leaves a gap, and sealing goes on behind it."""
    sealed(2, 2)
    AuditHead.objects.update(number=7)
    write(1)
    seal_due(at=NOW + timedelta(hours=1))
    assert AuditSeal.objects.latest("number").number == 8


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_yet_is_not_passed_over() -> None:
    """An id below may still be written by a transaction that is open: the seal must not close before."""
    subject = DepartmentFactory()
    write(1, subject=subject)
    written, may_commit = threading.Event(), threading.Event()
    other = threading.Thread(target=write_slowly, args=(subject, written, may_commit))
    other.start()
    assert written.wait(10)
    try:
        if connection.vendor == "postgresql":
            write(1, subject=subject)
            assert seal_due(at=NOW) == 0
    finally:
        may_commit.set()
        other.join()
    assert seal_due(at=NOW) == AuditEvent.objects.count()
    assert list(findings()) == []


def write_slowly(subject: Department, written: threading.Event, may_commit: threading.Event) -> None:
    with transaction.atomic():
        write(1, subject=subject)
        written.set()
        may_commit.wait(10)
    connection.close()
