"""Evidence goes in, the proficiency follows; voiding is as if it had never been."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories.competencies import CompetencyFactory, FrameworkFactory, evidence, proficiency_of
from tests.factories.people import UserFactory
from training.competencies.models import Evidence, Proficiency
from training.competencies.services import AlreadyVoided, NewEvidence, record_evidence, void_evidence
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_good_exam_makes_a_level_that_is_held_for_a_while() -> None:
    row = proficiency_of(evidence(CompetencyFactory(), value=1.5, observed_on=TODAY))
    assert row.level == 4
    assert row.level_on(TODAY) == 4
    assert row.held_until_4 > TODAY
    assert row.level_on(row.held_until_4 - timedelta(days=1)) == 4
    assert row.level_on(row.held_until_4) == 3
    assert row.held_until_5 is None


def test_one_exam_alone_confirms_nothing() -> None:
    row = proficiency_of(evidence(CompetencyFactory(), value=1.5, observed_on=TODAY))
    assert row.confirmed_level == 0
    assert not row.is_confirmed_on(TODAY)


def test_an_exam_and_three_observations_by_two_assessors_confirm() -> None:
    competency, person = CompetencyFactory(), UserFactory()
    first, second = UserFactory(), UserFactory()
    evidence(competency, value=0.4, observed_on=TODAY - timedelta(days=30), person=person)
    for assessor in (first, first, second):
        row = evidence(
            competency,
            value=0.4,
            observed_on=TODAY - timedelta(days=10),
            person=person,
            kind=Evidence.Kind.OBSERVATION,
            assessor=assessor,
        )
    assert proficiency_of(row).is_confirmed_on(TODAY)


def test_voiding_is_as_if_it_had_never_been() -> None:
    competency, person = CompetencyFactory(), UserFactory()
    kept = evidence(competency, value=0.0, observed_on=TODAY - timedelta(days=60), person=person)
    before = proficiency_of(kept)
    wrong = evidence(competency, value=3.0, observed_on=TODAY, person=person)
    assert proficiency_of(kept).mean != before.mean
    void_evidence(evidence=wrong, reason="Another person's paper.", by=UserFactory(), at=NOW)
    after = proficiency_of(kept)
    assert (after.mean, after.variance, after.level, after.evidence_count) == (
        before.mean,
        before.variance,
        before.level,
        1,
    )


def test_voiding_the_only_evidence_leaves_nothing_known() -> None:
    row = evidence(CompetencyFactory(), value=0.0, observed_on=TODAY)
    void_evidence(evidence=row, reason="Never sat.", by=UserFactory(), at=NOW)
    assert not Proficiency.objects.filter(person=row.person).exists()
    assert Evidence.objects.filter(pk=row.pk, void_reason="Never sat.").exists()


def test_voiding_twice_is_refused() -> None:
    row = evidence(CompetencyFactory(), value=0.0, observed_on=TODAY)
    void_evidence(evidence=row, reason="Never sat.", by=UserFactory(), at=NOW)
    with pytest.raises(AlreadyVoided):
        void_evidence(evidence=row, reason="Again.", by=UserFactory(), at=NOW)


def test_voiding_needs_a_reason_even_past_the_service() -> None:
    row = evidence(CompetencyFactory(), value=0.0, observed_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(voided_at=NOW)


def test_a_result_far_from_what_was_expected_is_marked() -> None:
    competency, person = CompetencyFactory(), UserFactory()
    evidence(competency, value=2.5, observed_on=TODAY - timedelta(days=5), person=person)
    odd = evidence(competency, value=-3.0, observed_on=TODAY, person=person)
    odd.refresh_from_db()
    assert odd.surprising


def test_one_audit_event_per_piece() -> None:
    person, competency, other = UserFactory(), CompetencyFactory(), CompetencyFactory()
    pieces = [
        NewEvidence(person, one, Evidence.Kind.EXAM, 0.5, 0.2, TODAY, {"en": "Exam"}) for one in (competency, other)
    ]
    record_evidence(pieces=pieces, by=person, at=NOW)
    events = AuditEvent.objects.filter(action="competencies.evidence_recorded", person_id=person.pk)
    assert sorted(event.after["y"] for event in events) == [0.5, 0.5]


def test_two_frameworks_never_mix() -> None:
    person = UserFactory()
    other = FrameworkFactory(code="other", is_current=False)
    pieces = [
        NewEvidence(person, one, Evidence.Kind.EXAM, 0.5, 0.2, TODAY, {"en": "Exam"})
        for one in (CompetencyFactory(), CompetencyFactory(framework=other))
    ]
    with pytest.raises(ValueError, match="unpack"):
        record_evidence(pieces=pieces, by=person, at=NOW)
    assert not Evidence.objects.filter(person=person).exists()
