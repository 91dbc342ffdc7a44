"""What the ledger answers: how long, and because of what."""

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
from training.authorisations.models import Authorisation, Entrustment
from training.authorisations.queries import Verdict, may_handle, scope_on

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)


def verdict(row: Authorisation, day: date = DAY) -> Verdict:
    return may_handle(person=row.person, matter=row.matter, day=day)


def test_an_unhindered_one_says_what_it_rests_on() -> None:
    row = AuthorisationFactory(until=date(2026, 12, 31))

    assert verdict(row) == Verdict(True, date(2026, 12, 31), "Signed off by two", Entrustment.DISTANT)


def test_within_its_grace_it_is_allowed_until_then_because() -> None:
    row = AuthorisationFactory()
    ConditionFactory(authorisation=row, grace_until=date(2026, 11, 30))

    assert verdict(row) == Verdict(True, date(2026, 11, 30), "Read clause 14", Entrustment.DISTANT)


def test_a_cleared_condition_leaves_no_trace() -> None:
    row = AuthorisationFactory(until=date(2026, 12, 31))
    ConditionFactory(authorisation=row, cleared_on=DAY)

    assert verdict(row).until == date(2026, 12, 31)
    assert verdict(row).because == "Signed off by two"


@pytest.mark.parametrize(
    ("hindrance", "last"),
    [
        ({"practised_on": date(2026, 6, 1)}, date(2026, 11, 28)),
        ({"suspension": {"starts_on": date(2026, 12, 5)}}, date(2026, 12, 4)),
        ({"condition": {"opens_on": date(2026, 12, 10), "grace_until": date(2026, 11, 1)}}, date(2026, 12, 9)),
        ({"condition": {"opens_on": date(2026, 12, 10), "grace_until": date(2026, 12, 20)}}, date(2026, 12, 20)),
    ],
)
def test_until_is_the_day_before_it_stops_to_count(hindrance: dict[str, Any], last: date) -> None:
    row = AuthorisationFactory(**{key: value for key, value in hindrance.items() if key == "practised_on"})
    if "suspension" in hindrance:
        SuspensionFactory(authorisation=row, **hindrance["suspension"])
    if "condition" in hindrance:
        ConditionFactory(authorisation=row, **hindrance["condition"])

    assert verdict(row).until == last
    assert verdict(row, last).allowed is True
    assert verdict(row, last + A_DAY).allowed is False


def test_why_not_in_words() -> None:
    nobody = may_handle(person=UserFactory(), matter=MatterFactory(), day=DAY)
    assert nobody == Verdict(False, None, "There is no authorisation for this matter.", None)

    ended = AuthorisationFactory(until=date(2026, 11, 20))
    assert verdict(ended).because == "The authorisation ended on Fri 20 Nov."

    suspended = AuthorisationFactory()
    SuspensionFactory(authorisation=suspended, starts_on=date(2026, 11, 10), reason="A secret complaint")
    assert verdict(suspended).because == "The authorisation is suspended since Tue 10 Nov."

    barred = AuthorisationFactory()
    ConditionFactory(authorisation=barred, grace_until=date(2026, 11, 20))
    assert verdict(barred).because == "Was to be done by Fri 20 Nov: Read clause 14"

    rusty = AuthorisationFactory(practised_on=date(2026, 5, 1))
    assert verdict(rusty).because == "Not handled within 180 days, last on Fri 1 May."


def test_one_that_begins_later_is_none_yet() -> None:
    row = AuthorisationFactory(starts_on=date(2026, 12, 1))

    assert verdict(row).because == "There is no authorisation for this matter."


def test_watching_is_not_handling() -> None:
    row = AuthorisationFactory(entrustment=Entrustment.OBSERVE)

    assert verdict(row).allowed is False
    assert verdict(row).entrustment == Entrustment.OBSERVE
    assert [one.entrustment_label for one in scope_on(person=row.person, day=DAY)] == ["Watches only"]


def test_with_a_teacher_beside_is_handling() -> None:
    assert verdict(AuthorisationFactory(entrustment=Entrustment.DIRECT)).allowed is True


def test_a_past_day_can_be_asked_for() -> None:
    row = AuthorisationFactory(starts_on=date(2026, 1, 1), until=date(2026, 6, 30), practised_on=date(2026, 6, 20))

    assert verdict(row, date(2026, 6, 30)).allowed is True
    assert verdict(row, date(2026, 7, 1)).allowed is False


def test_scope_in_the_order_of_codes_with_what_is_conditional() -> None:
    person = UserFactory()
    later = AuthorisationFactory(person=person, matter__code="b-second")
    AuthorisationFactory(person=person, matter__code="a-first", entrustment=Entrustment.SUPERVISE)
    ConditionFactory(authorisation=later, grace_until=date(2026, 11, 30))
    ConditionFactory(authorisation=later, grace_until=date(2026, 12, 5))

    first, second = scope_on(person=person, day=DAY)

    assert (first.matter.code, first.entrustment_label) == ("a-first", "Alone, and may supervise others")
    assert (first.since, first.until, first.conditional_until) == (date(2026, 1, 1), date(2026, 12, 31), None)
    assert (second.until, second.conditional_until) == (date(2026, 11, 30), date(2026, 11, 30))


def test_the_list_takes_as_many_queries_for_one_as_for_ten(django_assert_num_queries: Any) -> None:
    person = UserFactory()
    AuthorisationFactory.create_batch(10, person=person)

    with django_assert_num_queries(3):
        assert len(scope_on(person=person, day=DAY)) == 10
