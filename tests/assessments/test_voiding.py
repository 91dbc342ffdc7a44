"""Declaring an attempt void: what it gave goes, what it was stays, and a certificate is never forgotten."""

import pytest
from django.test import Client

from assessments import services
from assessments.models import Attempt, Mark
from assessments.queries import exam_list
from tests.factories.assessments import exam_with_items, scored, started
from tests.factories.certificates import AchievementFactory
from tests.factories.marking import LATER, handed_in, marker, tasks_of
from tests.factories.people import CentreFactory
from training.certificates.models import Revocation
from training.competencies.models import Evidence
from training.notices.models import Notice
from training.operations.models import AuditEvent

pytestmark = pytest.mark.django_db
WHY = "A phone was used."


def test_evidence_goes_marks_and_result_stay_and_the_place_is_free() -> None:
    attempt, examiner = scored(right=12), marker("examiner")
    score = attempt.score
    for _ in range(2):
        done = services.void_attempt(attempt=attempt, reason=f" {WHY} ", by=examiner, at=LATER)
    assert (done.state, done.score) == (Attempt.State.VOID, score)
    assert Mark.objects.filter(attempt_item__attempt=attempt).count() == 20
    assert Evidence.objects.count() == 2
    assert {(one.voided_at, one.void_reason) for one in Evidence.objects.all()} == {(LATER, WHY)}
    event = AuditEvent.objects.get(action="assessments.voided")
    assert (event.person_id, event.before["score"], event.reason) == (attempt.person_id, score, WHY)
    assert Notice.objects.filter(kind="exam.voided", person=attempt.person).count() == 1
    shown = exam_list(attempt.person, now=LATER)
    assert shown.done == []
    assert [line.exam for line in shown.open] == [attempt.exam]


def test_nobody_voids_their_own_or_a_running_one_or_without_a_reason() -> None:
    examiner = marker("examiner")
    own, running, other = scored(started(person=examiner)), started(), scored()
    for attempt, refusal in ((own, services.OwnAttempt), (running, services.StillRunning)):
        with pytest.raises(refusal):
            services.void_attempt(attempt=attempt, reason=WHY, by=examiner, at=LATER)
    with pytest.raises(services.NoWords):
        services.void_attempt(attempt=other, reason="  ", by=examiner, at=LATER)
    assert not Attempt.objects.filter(state=Attempt.State.VOID).exists()


@pytest.mark.parametrize(("what", "asked"), [("keep", 0), ("revoke", 1)])
def test_it_must_be_said_what_becomes_of_a_certificate(what: str, asked: int) -> None:
    CentreFactory()
    attempt = scored(started(exam_with_items(achievement=AchievementFactory())), right=20)
    assert attempt.certificate
    examiner = marker("examiner")
    with pytest.raises(services.SayWhatOfCertificate):
        services.void_attempt(attempt=attempt, reason=WHY, by=examiner, at=LATER)
    services.void_attempt(attempt=attempt, reason=WHY, certificate=what, by=examiner, at=LATER)
    assert Revocation.objects.filter(certificate=attempt.certificate, asked_by=examiner).count() == asked


def test_what_is_void_waits_for_no_marker() -> None:
    attempt = handed_in()
    services.void_attempt(attempt=attempt, reason=WHY, by=marker("examiner"), at=LATER)
    services.settle_marking(now=LATER)
    assert Attempt.objects.get().state == Attempt.State.VOID
    assert tasks_of(attempt)


def test_the_page_asks_and_loses_nothing() -> None:
    CentreFactory()
    attempt = scored(started(exam_with_items(achievement=AchievementFactory())), right=20)
    client, address = Client(), f"/exams/attempt/{attempt.pk}/void/"
    client.force_login(marker("examiner"))
    assert address in client.get(f"/exams/release/{attempt.exam.code}/").content.decode()
    refused = client.post(address, {"text": WHY})
    assert refused.status_code == 400
    assert f'value="{WHY}"' in refused.content.decode()
    client.post(address, {"text": WHY, "certificate": "keep"})
    assert Attempt.objects.get().state == Attempt.State.VOID
    client.force_login(attempt.person)
    assert client.get(address).status_code == 403
    assert "declared void" in client.get(f"/exams/attempt/{attempt.pk}/receipt/").content.decode()
