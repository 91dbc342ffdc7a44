"""Granting and suspending: who decides, what ends, what is recorded."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.factories.authorisations import AuthorisationFactory, MatterFactory
from tests.factories.people import UserFactory
from training.authorisations.models import Authorisation, Entrustment
from training.authorisations.queries import may_handle
from training.authorisations.services import EndsBeforeItStarts, NotPublished, TooFewDeciders, authorise, suspend
from training.matters.models import ServiceMatter
from training.operations.models import AuditEvent
from training.people.models import User

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def granted(person: User, matter: ServiceMatter, **given: Any) -> Authorisation:
    defaults = {
        "entrustment": Entrustment.DISTANT,
        "starts_on": DAY,
        "until": date(2027, 11, 22),
        "deciders": [{"id": -1, "name": "A"}, {"id": -2, "name": "B"}],
        "evidence_pack": {"cases": 12},
        "source_label": {"en": "Sign-off"},
        "source_path": "/coaching/cases/1/",
        "by": "test",
        "at": AT,
    }
    return authorise(person=person, matter=matter, **defaults | given)


def test_it_is_entered_with_its_decision_and_one_audit_event() -> None:
    person, matter = UserFactory(), MatterFactory()

    row = granted(person, matter)

    assert may_handle(person=person, matter=matter, day=DAY).allowed is True
    assert row.matter_version == matter.versions.get()
    assert row.practised_on == DAY
    event = AuditEvent.objects.get(action="authorisations.granted")
    assert (event.person_id, event.after["matter"], event.after["until"]) == (person.pk, matter.code, "2027-11-22")


def test_the_running_one_ends_the_day_before_and_history_stays() -> None:
    person, matter = UserFactory(), MatterFactory()
    old = AuthorisationFactory(person=person, matter=matter, entrustment=Entrustment.DIRECT)

    granted(person, matter)

    old.refresh_from_db()
    assert old.until == date(2026, 11, 22)
    assert may_handle(person=person, matter=matter, day=date(2026, 11, 22)).entrustment == Entrustment.DIRECT
    assert may_handle(person=person, matter=matter, day=DAY).entrustment == Entrustment.DISTANT


def test_one_begun_the_same_day_is_overruled() -> None:
    person, matter = UserFactory(), MatterFactory()
    granted(person, matter, entrustment=Entrustment.SUPERVISE)

    granted(person, matter, entrustment=Entrustment.DIRECT)

    assert may_handle(person=person, matter=matter, day=DAY).entrustment == Entrustment.DIRECT


def test_other_matters_and_other_people_keep_theirs() -> None:
    person, matter = UserFactory(), MatterFactory()
    others = [AuthorisationFactory(person=person), AuthorisationFactory(matter=matter)]

    granted(person, matter)

    assert {row.until for row in Authorisation.objects.filter(pk__in=[one.pk for one in others])} == {
        date(2026, 12, 31)
    }


def test_two_people_decide_and_nobody_on_their_own() -> None:
    person, matter = UserFactory(), MatterFactory()
    for deciders in ([], [{"id": 7}], [{"id": 7}, {"id": 7}], [{"id": 7}, {"id": person.pk}]):
        with pytest.raises(TooFewDeciders):
            granted(person, matter, deciders=deciders)

    assert not Authorisation.objects.exists()


def test_a_last_day_before_the_first_is_refused_in_words_and_by_the_database() -> None:
    person, matter = UserFactory(), MatterFactory()
    with pytest.raises(EndsBeforeItStarts, match="Choose a later last day"):
        granted(person, matter, until=date(2026, 11, 22))
    with pytest.raises(IntegrityError), transaction.atomic():
        AuthorisationFactory(starts_on=DAY, until=date(2026, 11, 22))


def test_a_matter_never_published_is_refused() -> None:
    matter = MatterFactory()
    matter.versions.all().delete()

    with pytest.raises(NotPublished, match="Publish it first"):
        granted(UserFactory(), matter)


def test_a_suspension_counts_at_once_and_keeps_its_reason() -> None:
    row, boss = AuthorisationFactory(), UserFactory()

    suspend(authorisation=row, reason="An open complaint", starts_on=DAY, by=boss, at=AT)

    assert may_handle(person=row.person, matter=row.matter, day=DAY).allowed is False
    event = AuditEvent.objects.get(action="authorisations.suspended")
    assert (event.actor_id, event.person_id, event.reason) == (boss.pk, row.person_id, "An open complaint")
