"""What a certificate is worth on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories.certificates import AchievementFactory, issued, noon, revoked
from tests.factories.people import UserFactory
from training.certificates.models import Certificate, Revocation, State
from training.certificates.queries import certificates_of, expiring
from training.certificates.services import ask_revocation, confirm_revocation

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
LAST = date(2027, 11, 22)
A_DAY = timedelta(days=1)


def state(certificate: Certificate, day: date) -> str:
    return Certificate.objects.with_state(day).get(pk=certificate.pk).state


def test_it_is_valid_to_its_last_day_and_expired_after_it() -> None:
    certificate = issued()

    assert state(certificate, DAY) == State.VALID
    assert state(certificate, LAST) == State.VALID
    assert state(certificate, LAST + A_DAY) == State.EXPIRED


def test_without_end_date_it_never_expires() -> None:
    certificate = issued(achievement=AchievementFactory(valid_months=None))

    assert state(certificate, date(2099, 1, 1)) == State.VALID


def test_it_is_replaced_from_the_day_of_its_successor() -> None:
    old = issued()
    issued(holder=old.holder, achievement=old.achievement, on=date(2027, 1, 10))

    assert state(old, date(2027, 1, 9)) == State.VALID
    assert state(old, date(2027, 1, 10)) == State.REPLACED
    assert state(old, date(2030, 1, 1)) == State.REPLACED


def test_it_is_revoked_from_the_day_of_the_confirmation_where_the_centre_is() -> None:
    certificate = issued()
    asked = ask_revocation(
        certificate=certificate, category="mistake", reason="x", by=UserFactory(), at=noon(date(2026, 12, 1))
    )
    assert state(certificate, date(2026, 12, 3)) == State.VALID

    # half past midnight on the 3rd at the centre, still the 2nd in UTC
    confirm_revocation(revocation=asked, by=UserFactory(), at=datetime(2026, 12, 2, 16, 30, tzinfo=UTC))

    assert state(certificate, date(2026, 12, 2)) == State.VALID
    assert state(certificate, date(2026, 12, 3)) == State.REVOKED


def test_revoked_weighs_more_than_replaced_and_expired() -> None:
    old = issued()
    issued(holder=old.holder, achievement=old.achievement, on=date(2027, 1, 10))
    revoked(old, on=date(2027, 2, 1))

    assert state(old, date(2030, 1, 1)) == State.REVOKED


def test_expiring_lists_valid_ones_soonest_first() -> None:
    holder = UserFactory()
    later = issued(holder=holder, on=date(2026, 2, 10))
    sooner = issued(holder=holder, on=date(2026, 1, 10))
    issued(holder=holder, on=date(2025, 1, 10))
    issued(holder=holder, achievement=AchievementFactory(valid_months=None))
    issued(holder=holder, on=date(2026, 5, 1))
    issued(on=date(2026, 1, 10))
    revoked(issued(holder=holder, on=date(2026, 1, 5)))

    found = expiring(holder=holder, today=DAY, within=date(2027, 2, 9) - DAY)

    assert list(found) == [sooner, later]
    assert list(expiring(holder=holder, today=DAY, within=date(2027, 2, 8) - DAY)) == [sooner]
    assert list(expiring(holder=holder, today=date(2027, 2, 9), within=timedelta())) == [later]


def test_ones_own_come_in_the_order_they_end_and_without_end_last() -> None:
    holder = UserFactory()
    endless = issued(holder=holder, achievement=AchievementFactory(valid_months=None))
    later, sooner = issued(holder=holder, on=DAY), issued(holder=holder, on=date(2026, 6, 1))

    assert list(certificates_of(holder, today=DAY)) == [sooner, later, endless]


def test_the_database_wants_a_second_person() -> None:
    person = UserFactory()
    with pytest.raises(IntegrityError, match=r"(?i)revocation_needs_a_second_person"), transaction.atomic():
        Revocation.objects.create(
            certificate=issued(),
            category="other",
            reason="x",
            state=Revocation.State.CONFIRMED,
            asked_by=person,
            asked_at=noon(DAY),
            decided_by=person,
            decided_at=noon(DAY),
        )


def test_the_database_wants_one_live_revocation() -> None:
    certificate = issued()
    row = {"certificate": certificate, "category": "other", "reason": "x", "asked_by": UserFactory()}
    Revocation.objects.create(**row, asked_at=noon(DAY), state=Revocation.State.REFUSED)
    Revocation.objects.create(**row, asked_at=noon(DAY))

    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.create(**row, asked_at=noon(DAY), state=Revocation.State.CONFIRMED)


def test_a_certificate_with_a_successor_cannot_get_another() -> None:
    old = issued()
    issued(holder=old.holder, achievement=old.achievement)
    third = issued()

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=third.pk).update(supersedes=old)
