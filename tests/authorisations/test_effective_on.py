"""What counts on a day: every boundary, once by the query and once by the verdict."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.authorisations import (
    AuthorisationFactory,
    ConditionFactory,
    MatterFactory,
    SuspensionFactory,
)
from tests.factories.people import UserFactory
from training.authorisations.models import PRACTICE_DAYS, Authorisation, Entrustment
from training.authorisations.queries import may_handle, scope_on

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)


def counts(row: Authorisation, day: date = DAY) -> bool:
    """Whether it counts; query, verdict and list must say the same."""
    by_query = Authorisation.objects.effective_on(day).filter(pk=row.pk).exists()
    by_verdict = may_handle(person=row.person, matter=row.matter, day=day).allowed
    by_list = [one.matter for one in scope_on(person=row.person, day=day)] == [row.matter]
    assert by_query == by_verdict == by_list
    return by_query


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"starts_on": DAY}, True),
        ({"starts_on": DAY + A_DAY}, False),
        ({"until": DAY}, True),
        ({"until": DAY - A_DAY}, False),
        ({"practised_on": DAY - timedelta(days=PRACTICE_DAYS)}, True),
        ({"practised_on": DAY - timedelta(days=PRACTICE_DAYS + 1)}, False),
        ({"practised_on": DAY + A_DAY}, True),
    ],
)
def test_dates_and_practice(fields: dict[str, Any], expected: bool) -> None:
    assert counts(AuthorisationFactory(**fields)) is expected


@pytest.mark.parametrize(
    ("starts_on", "until", "expected"),
    [
        (DAY, None, False),
        (DAY + A_DAY, None, True),
        (DAY - A_DAY, DAY, False),
        (DAY - 2 * A_DAY, DAY - A_DAY, True),
    ],
)
def test_a_suspension_counts_from_its_first_day_to_its_last(
    starts_on: date, until: date | None, expected: bool
) -> None:
    row = AuthorisationFactory()
    SuspensionFactory(authorisation=row, starts_on=starts_on, until=until)

    assert counts(row) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"grace_until": DAY}, True),
        ({"grace_until": DAY - A_DAY}, False),
        ({"grace_until": DAY - A_DAY, "cleared_on": DAY}, True),
        ({"grace_until": DAY - A_DAY, "cleared_on": DAY + A_DAY}, False),
        ({"opens_on": DAY, "grace_until": DAY - A_DAY}, False),
        ({"opens_on": DAY + A_DAY, "grace_until": DAY - A_DAY}, True),
    ],
)
def test_a_condition_bars_once_its_grace_is_over(fields: dict[str, Any], expected: bool) -> None:
    row = AuthorisationFactory()
    ConditionFactory(authorisation=row, **fields)

    assert counts(row) is expected


def test_one_of_two_conditions_is_enough() -> None:
    row = AuthorisationFactory()
    ConditionFactory(authorisation=row)
    ConditionFactory(authorisation=row, grace_until=DAY - A_DAY)

    assert counts(row) is False


def test_what_was_entered_later_overrules_on_the_same_day() -> None:
    person, matter = UserFactory(), MatterFactory()
    AuthorisationFactory(person=person, matter=matter, starts_on=DAY, until=DAY)
    later = AuthorisationFactory(person=person, matter=matter, starts_on=DAY, entrustment=Entrustment.DIRECT)

    assert list(Authorisation.objects.effective_on(DAY)) == [later]
    assert [one.entrustment for one in scope_on(person=person, day=DAY)] == [Entrustment.DIRECT]


def test_an_overruled_one_does_not_return_when_its_successor_is_suspended() -> None:
    person, matter = UserFactory(), MatterFactory()
    AuthorisationFactory(person=person, matter=matter, starts_on=DAY, until=DAY)
    later = AuthorisationFactory(person=person, matter=matter, starts_on=DAY)
    SuspensionFactory(authorisation=later)

    assert may_handle(person=person, matter=matter, day=DAY).allowed is False


def test_somebody_suspended_from_work_may_handle_nothing() -> None:
    row = AuthorisationFactory(person__is_active=False)

    assert may_handle(person=row.person, matter=row.matter, day=DAY).allowed is False
    assert scope_on(person=row.person, day=DAY) == []
