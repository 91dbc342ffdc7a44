"""A running exam is closed to everybody else, and to requests from elsewhere."""

import pytest
from django.test import Client

from assessments import services
from assessments.models import Attempt, AttemptItem, Response
from tests.assessments.sitting.asking import address, send
from tests.factories.assessments import NOW
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

GETS = ("", "1/", "paper/", "clock/", "check/", "hand-in/", "time-up/", "receipt/", "result/")
POSTS = ("1/", "1/answer/", "1/flag/", "hand-in/")


@pytest.mark.parametrize("state", ["open", "scored"])
def test_another_persons_attempt_is_a_page_that_does_not_exist(client: Client, attempt: Attempt, state: str) -> None:
    if state == "scored":
        services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW)
    client.force_login(UserFactory(clerk=True, examiner=True))
    rows = list(Attempt.objects.values()), list(AttemptItem.objects.values())
    for page in GETS:
        assert client.get(address(attempt, page)).status_code == 404, page
    body = {"1/": {"revision": "0", "choice": "1"}}
    for page in POSTS:
        data = body.get(page) or '{"revision": 0, "value": 1, "flagged": true}'
        kind = {} if page in body else {"content_type": "application/json"}
        assert client.post(address(attempt, page), data, **kind).status_code == 404, page
    client.post(address(attempt, "1/seen/"))
    assert rows == (list(Attempt.objects.values()), list(AttemptItem.objects.values()))
    assert not Response.objects.exists()


def test_a_question_off_the_paper_does_not_exist(candidate: Client, attempt: Attempt) -> None:
    assert candidate.get(address(attempt, "21/")).status_code == 404
    assert send(candidate, attempt, 21, revision=0, value=1).status_code == 404


def test_saving_needs_the_token_of_the_form(attempt: Attempt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(attempt.person)
    assert send(strict, attempt, 1, revision=0, value=1).status_code == 403


def test_get_changes_nothing_where_post_is_asked_for(candidate: Client, attempt: Attempt) -> None:
    for page in ("1/answer/", "1/flag/", "1/seen/"):
        assert candidate.get(address(attempt, page)).status_code == 405
    candidate.get(address(attempt, "hand-in/"))
    assert Attempt.objects.get(pk=attempt.pk).is_open
