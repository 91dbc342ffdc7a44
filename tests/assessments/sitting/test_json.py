"""The pages of a running exam as JSON for the script."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from assessments import services
from assessments.models import Attempt, ItemVersion, Response
from tests.assessments.sitting.asking import address, of_kind, send
from tests.factories.assessments import NOW

pytestmark = pytest.mark.django_db


def test_an_acknowledgement_says_what_was_kept_and_when(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    response = send(candidate, attempt, position, revision=0, value=2)
    assert response.json() == {"revision": 1, "value": 2, "saved": "09:01:00", "remaining": 1740.0}


def test_a_stale_save_is_told_the_newer_answer(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    send(candidate, attempt, position, revision=0, value=2)
    response = send(candidate, attempt, position, revision=0, value=3)
    assert response.status_code == 409
    told = response.json()
    assert (told["code"], told["revision"], told["value"], told["saved"]) == ("conflict", 1, 2, "09:01:00")


def test_a_late_or_finished_save_is_refused_with_a_code(
    candidate: Client, attempt: Attempt, clock: time_machine.Traveller
) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    clock.move_to(attempt.deadline + timedelta(seconds=6))
    late = send(candidate, attempt, position, revision=0, value=2)
    assert (late.status_code, late.json()["code"]) == (410, "time_up")
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.deadline)
    gone = send(candidate, attempt, position, revision=0, value=2)
    assert (gone.status_code, gone.json()["code"]) == (410, "handed_in")
    flagged = candidate.post(address(attempt, "1/flag/"), '{"flagged": true}', content_type="application/json")
    assert flagged.status_code == 410


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"value": 1}',
        '{"revision": "0", "value": 1}',
        '{"revision": true, "value": 1}',
        '{"revision": 0, "value": "1"}',
        '{"revision": 0, "value": [1, "2"]}',
        '{"revision": 0, "value": 1.5}',
        '{"revision": 0, "value": {"a": 1}}',
        '{"revision": 0, "value": 5}',
        '{"revision": 0, "value": [' + "1," * 1000 + "1]}",
        "[" * 100_000,
    ],
)
def test_a_malformed_save_is_refused(candidate: Client, attempt: Attempt, body: str) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    path = address(attempt, f"{position}/answer/")
    assert candidate.post(path, body, content_type="application/json").status_code == 400
    flag = candidate.post(address(attempt, "1/flag/"), body, content_type="application/json")
    assert flag.status_code == 400
    assert not Response.objects.exists()


def test_nothing_but_the_answer_can_be_set(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    extra = {
        "score": 100,
        "passed": True,
        "state": "scored",
        "deadline": "2030-01-01T00:00:00Z",
        "extra_minutes": 600,
        "person": 1,
        "saved_at": "2020-01-01T00:00:00Z",
    }
    send(candidate, attempt, position, revision=0, value=2, **extra)
    candidate.post(address(attempt, f"{position}/"), {"revision": "1", "choice": "3", "action": "save", **extra})
    before = Attempt.objects.values().get(pk=attempt.pk)
    assert (before["state"], before["score"], before["extra_minutes"]) == ("open", None, 0)
    assert before["deadline"] == NOW + timedelta(minutes=30)
    assert before["person_id"] == attempt.person_id
    candidate.post(address(attempt, "hand-in/"), {**extra, "finished_at": "2020-01-01"})
    after = Attempt.objects.get(pk=attempt.pk)
    assert (after.passed, after.score) != (True, 100)
    assert after.finished_at == NOW + timedelta(minutes=1)
    assert not Response.objects.filter(saved_at__lt=NOW).exists()
