"""What an exam asks of the database, from its start to its end."""

from typing import Any

import pytest
from django.test import Client

from assessments import services
from assessments.models import Attempt, ItemVersion
from tests.assessments.sitting.asking import address, of_kind, send
from tests.conftest import Budget
from tests.factories.assessments import NOW, answered, exam_with_items, started
from tests.factories.people import CentreFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_starting_stays_within_its_budget(client: Client, at_most: Budget) -> None:
    CentreFactory()
    exam, person = exam_with_items(items_each=40, asked_each=30), UserFactory()
    services.entitle(person=person, exam=exam, why={"en": "Course"}, by="test", at=NOW)
    client.force_login(person)
    with at_most(18, writes=7):
        client.post(f"/exams/{exam.code}/start/", {"language": "en"})
    assert Attempt.objects.get().items.count() == 60


@pytest.mark.parametrize("asked_each", [10, 30])
def test_pages_and_saves_stay_within_their_budgets(
    client: Client, at_most: Budget, settings: Any, asked_each: int
) -> None:
    CentreFactory()
    attempt = started(exam_with_items(items_each=30, asked_each=asked_each))
    client.force_login(attempt.person)
    with at_most(8):
        assert client.get(address(attempt, "1/")).status_code == 200
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    settings.SECOND_FACTOR_ROLES = ["examiner"]  # as a real centre has it: an exam under way asks for no roles
    with at_most(4):
        assert send(client, attempt, position, revision=0, value=1).status_code == 200
    with at_most(4):
        assert send(client, attempt, position, revision=1, value=2).status_code == 200
    with at_most(8):
        assert client.get(address(attempt, "check/")).status_code == 200
    with at_most(8):
        assert client.get(address(attempt, "paper/")).status_code == 200
    with at_most(6):
        assert client.get(address(attempt, "clock/")).status_code == 200


@pytest.mark.parametrize("asked_each", [10, 30])
def test_handing_in_costs_the_same_for_any_number_of_questions(
    client: Client, at_most: Budget, asked_each: int
) -> None:
    """Ten statements are the hand-in's own; the evidence with its proficiencies takes the other seven."""
    attempt = answered(started(exam_with_items(items_each=30, asked_each=asked_each)), right=asked_each)
    client.force_login(attempt.person)
    with at_most(17):
        client.post(address(attempt, "hand-in/"))
    assert Attempt.objects.get().state == Attempt.State.SCORED
