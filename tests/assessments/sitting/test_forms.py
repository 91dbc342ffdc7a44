"""The pages of a running exam as plain forms."""

import re

import pytest
from django.test import Client

from assessments.models import Attempt, ItemVersion, Response
from tests.assessments.sitting.asking import address, of_kind, send, shown

pytestmark = pytest.mark.django_db


def test_next_keeps_the_answer_and_goes_on(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    response = candidate.post(address(attempt, f"{position}/"), {"revision": "0", "choice": "2", "action": "next"})
    following = f"{position + 1}/" if position < 20 else "check/"
    assert response.url == address(attempt, following)
    assert shown(attempt, position).value == 2


def test_several_choices_and_clearing_them(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.MULTIPLE).position
    path = address(attempt, f"{position}/")
    candidate.post(path, {"revision": "0", "choice": ["1", "3"], "action": "save"})
    assert shown(attempt, position).value == [1, 3]
    candidate.post(path, {"revision": "1", "choice": ["1", "3"], "action": "clear"})
    assert shown(attempt, position).value is None


def test_steps_are_moved_by_buttons_and_by_selects(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.ORDERING).position
    path = address(attempt, f"{position}/")
    as_shown = {f"place-{number}": str(number) for number in range(1, 5)}
    assert candidate.post(path, {"revision": "0", **as_shown, "action": "up-3"}).url == path
    assert shown(attempt, position).value == [1, 3, 2, 4]
    now = {"place-1": "1", "place-3": "2", "place-2": "3", "place-4": "4"}
    candidate.post(path, {"revision": "1", **now, "place-1": "4", "action": "save"})
    assert shown(attempt, position).value == [3, 2, 4, 1]


def test_an_order_nobody_touched_is_no_answer_until_it_is_said_to_be_right(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.ORDERING).position
    path = address(attempt, f"{position}/")
    as_shown = {f"place-{number}": str(number) for number in range(1, 5)}
    candidate.post(path, {"revision": "0", **as_shown, "action": "next"})
    assert not shown(attempt, position).answered
    candidate.post(path, {"revision": "0", **as_shown, "action": "keep"})
    assert shown(attempt, position).value == [1, 2, 3, 4]


def test_flagging_keeps_the_choice_as_well(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    path = address(attempt, f"{position}/")
    assert candidate.post(path, {"revision": "0", "choice": "1", "action": "flag"}).url == path
    assert (shown(attempt, position).flagged, shown(attempt, position).value) == (True, 1)
    candidate.post(path, {"revision": "1", "choice": "1", "action": "unflag"})
    assert not shown(attempt, position).flagged


def test_a_form_from_a_second_window_shows_the_newer_answer(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    path = address(attempt, f"{position}/")
    candidate.post(path, {"revision": "0", "choice": "2", "action": "save"})
    response = candidate.post(path, {"revision": "0", "choice": "3", "action": "next"})
    assert response.status_code == 409
    page = response.content.decode()
    assert re.search(r'value="2" checked', page)
    assert not re.search(r'value="3" checked', page)
    assert "newer answer" in page
    assert 'name="revision" value="1"' in page


@pytest.mark.parametrize(
    "data",
    [
        {"revision": "x", "choice": "1"},
        {"choice": "1"},
        {"revision": "0", "choice": "9"},
        {"revision": "0", "choice": "one"},
        {"revision": "0", "choice": "1" * 5000},
    ],
)
def test_a_broken_form_is_answered_with_the_page_and_keeps_nothing(
    candidate: Client, attempt: Attempt, data: dict[str, str]
) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    assert candidate.post(address(attempt, f"{position}/"), data).status_code == 400
    assert not Response.objects.exists()


@pytest.mark.parametrize("action", ["up-99", "down-x", "up-"])
def test_a_step_that_is_not_there_moves_nothing(candidate: Client, attempt: Attempt, action: str) -> None:
    position = of_kind(attempt, ItemVersion.Kind.ORDERING).position
    response = candidate.post(address(attempt, f"{position}/"), {"revision": "0", "action": action})
    assert response.status_code == 400
    assert not Response.objects.exists()


def test_change_on_the_check_page_leads_back_to_it(candidate: Client, attempt: Attempt) -> None:
    page = candidate.get(address(attempt, "3/?from=check")).content.decode()
    assert "Back to all answers" in page
    response = candidate.post(address(attempt, "3/?from=check"), {"revision": "0", "action": "check"})
    assert response.url == address(attempt, "check/")


def test_resuming_leads_to_the_first_question_without_an_answer(candidate: Client, attempt: Attempt) -> None:
    for question in attempt.items.select_related("item_version")[:2]:
        value = {"single": 1, "true_false": 1, "multiple": [1], "ordering": [1, 2, 3, 4]}[question.item_version.kind]
        send(candidate, attempt, question.position, revision=0, value=value)
    assert candidate.get(address(attempt)).url == address(attempt, "3/")
