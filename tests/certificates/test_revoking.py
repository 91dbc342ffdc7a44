"""Taking a certificate back needs a reason and a second person."""

from datetime import date

import pytest

from tests.factories.certificates import issued, noon, revoked
from tests.factories.people import UserFactory
from training.certificates.models import Certificate, Revocation
from training.certificates.services import (
    AlreadyAskedFor,
    AlreadyDecided,
    NeedsSecondPerson,
    NotInForce,
    ask_revocation,
    confirm_revocation,
    refuse_revocation,
)
from training.notices.models import Notice
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
AT = noon(DAY)


def asked(certificate: Certificate, by: User | None = None) -> Revocation:
    return ask_revocation(
        certificate=certificate, category="misconduct", reason="Copied", by=by or UserFactory(), at=AT
    )


def is_valid(certificate: Certificate) -> bool:
    return Certificate.objects.valid_on(DAY).filter(pk=certificate.pk).exists()


def test_asking_alone_changes_nothing() -> None:
    certificate = issued()

    asked(certificate)

    assert is_valid(certificate)


def test_who_asked_cannot_confirm_nor_refuse() -> None:
    certificate, asker = issued(), UserFactory()
    revocation = asked(certificate, by=asker)

    for act in (confirm_revocation, refuse_revocation):
        with pytest.raises(NeedsSecondPerson, match="second person must decide"):
            act(revocation=revocation, by=asker, at=AT)

    assert is_valid(certificate)


def test_the_holder_cannot_decide_about_their_own() -> None:
    certificate = issued()
    revocation = asked(certificate)

    with pytest.raises(NeedsSecondPerson):
        refuse_revocation(revocation=revocation, by=certificate.holder, at=AT)


def test_a_second_person_confirms_and_the_holder_is_told() -> None:
    certificate, second = issued(), UserFactory()

    done = confirm_revocation(revocation=asked(certificate), by=second, at=AT)

    assert (done.state, done.decided_by, done.decided_at) == (Revocation.State.CONFIRMED, second, AT)
    assert not is_valid(certificate)
    notice = Notice.objects.get(person=certificate.holder, kind="certificate.revoked")
    assert certificate.number in notice.sentence
    assert "Copied" not in notice.sentence


def test_a_refusal_leaves_it_and_it_can_be_asked_for_again() -> None:
    certificate = issued()

    refuse_revocation(revocation=asked(certificate), by=UserFactory(), at=AT)

    assert is_valid(certificate)
    assert asked(certificate).state == Revocation.State.ASKED


def test_it_is_decided_once() -> None:
    revocation = asked(issued())
    refuse_revocation(revocation=revocation, by=UserFactory(), at=AT)

    with pytest.raises(AlreadyDecided):
        confirm_revocation(revocation=revocation, by=UserFactory(), at=AT)


def test_it_is_asked_for_once() -> None:
    certificate = issued()
    asked(certificate)

    with pytest.raises(AlreadyAskedFor):
        asked(certificate)


def test_what_is_revoked_cannot_be_revoked() -> None:
    certificate = issued()
    revoked(certificate)

    with pytest.raises(NotInForce):
        asked(certificate)


def test_each_step_leaves_one_event_with_the_reason() -> None:
    certificate = issued()
    refuse_revocation(revocation=asked(certificate), by=UserFactory(), at=AT)
    confirm_revocation(revocation=asked(certificate), by=UserFactory(), at=AT)

    events = AuditEvent.objects.filter(action__startswith="certificates.rev").order_by("pk")
    assert [(event.action, event.reason) for event in events] == [
        ("certificates.revocation_asked", "Copied"),
        ("certificates.revocation_refused", "Copied"),
        ("certificates.revocation_asked", "Copied"),
        ("certificates.revoked", "Copied"),
    ]
    assert {event.person_id for event in events} == {certificate.holder_id}


def test_a_revoked_certificate_stays_with_its_facts() -> None:
    certificate = issued()
    facts = certificate.facts
    revoked(certificate)

    certificate.refresh_from_db()
    assert certificate.facts == facts
