"""The pages of a running exam: as plain forms, as JSON for the script, and closed to everybody else."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from assessments import services
from assessments.models import Attempt, AttemptItem, ItemVersion, Response
from assessments.queries import Question, questions_of
from tests.assessments.conftest import Budget
from tests.factories.assessments import NOW, answered, exam_with_items, started
from tests.factories.people import CentreFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "KEY-7f3"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def attempt() -> Attempt:
    CentreFactory()
    return started()


@pytest.fixture
def candidate(client: Client, attempt: Attempt) -> Client:
    client.force_login(attempt.person)
    return client


def address(attempt: Attempt, rest: str = "") -> str:
    return f"/exams/attempt/{attempt.pk}/{rest}"


def of_kind(attempt: Attempt, kind: str) -> AttemptItem:
    return attempt.items.select_related("item_version").filter(item_version__kind=kind).first()


def shown(attempt: Attempt, position: int) -> Question:
    return questions_of(attempt, position)[0]


def send(client: Client, attempt: Attempt, position: int, **body: Any) -> HttpResponse:
    path = address(attempt, f"{position}/answer/")
    return client.post(path, json.dumps(body), content_type="application/json")


# ---------- as plain forms ----------


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


# ---------- what the pages say ----------


def test_the_navigator_says_each_state_in_words_and_shape(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    send(candidate, attempt, position, revision=0, value=1)
    candidate.post(address(attempt, "5/flag/"), '{"flagged": true}', content_type="application/json")
    other = next(number for number in range(1, 21) if number not in (position, 5))
    candidate.get(address(attempt, f"{other}/"))
    page = candidate.get(address(attempt, f"{position}/")).content.decode()
    labels = re.findall(r'aria-label="(Question \d+, [^"]+)"', page)
    assert len(labels) == 20
    assert f"Question {position}, answered" in labels
    assert f"Question {other}, not answered" in labels
    assert any(re.match("Question 5, flagged, ", label) for label in labels)
    assert sum("not seen" in label for label in labels) >= 17
    assert re.search(rf'class="q a[^"]*" aria-current="page" aria-label="Question {position}', page)


def test_the_check_page_counts_and_filters(candidate: Client, attempt: Attempt) -> None:
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    send(candidate, attempt, position, revision=0, value=1)
    candidate.post(address(attempt, "7/flag/"), '{"flagged": true}', content_type="application/json")
    page = candidate.get(address(attempt, "check/")).content.decode()
    assert "19 of 20 questions have no answer" in page
    assert page.count('class="change"') == 20
    assert candidate.get(address(attempt, "check/?show=unanswered")).content.decode().count('class="change"') == 19
    flagged = candidate.get(address(attempt, "check/?show=flagged")).content.decode()
    assert flagged.count('class="change"') == 1
    assert address(attempt, "7/?from=check") in flagged


def test_the_paper_comes_in_the_language_chosen_and_says_so(candidate: Client, attempt: Attempt) -> None:
    Attempt.objects.update(language="zh-hans")
    first = attempt.items.select_related("item_version__item").get(position=1)
    page = candidate.get(address(attempt, "1/")).content.decode()
    assert f'<legend class="stem" lang="zh-hans">题干{first.item_version.item.code}</legend>' in page
    ItemVersion.objects.update(stem={"en": "Only English"})
    page = candidate.get(address(attempt, "1/")).content.decode()
    assert '<legend class="stem" lang="en">Only English</legend>' in page


def test_the_first_sight_of_a_question_is_noted_once(
    candidate: Client, attempt: Attempt, clock: time_machine.Traveller
) -> None:
    candidate.get(address(attempt, "4/"))
    first = attempt.items.get(position=4).seen_at
    clock.shift(60)
    candidate.get(address(attempt, "4/"))
    assert attempt.items.get(position=4).seen_at == first == NOW + timedelta(minutes=1)


def test_nothing_a_candidate_sees_gives_the_key_away(candidate: Client, attempt: Attempt) -> None:
    """Neither key nor rationale, and no id of an option: an author may have written the ids in the order of the key."""
    for version in ItemVersion.objects.all():
        names = {option["id"]: f"{CANARY}-{option['id']}" for option in version.options}
        if version.kind == ItemVersion.Kind.TRUE_FALSE:
            continue
        version.options = [{"id": names[option["id"]], "text": option["text"]} for option in version.options]
        version.key = [names[one] for one in version.key]
        version.save()
    ItemVersion.objects.update(rationale={"en": CANARY, "zh-hans": CANARY})
    for question in attempt.items.select_related("item_version"):
        if question.item_version.kind != ItemVersion.Kind.TRUE_FALSE:
            question.option_order = [f"{CANARY}-{one}" for one in question.option_order]
            question.save()
    answered = send(
        candidate, attempt, of_kind(attempt, ItemVersion.Kind.ORDERING).position, revision=0, value=[2, 1, 3, 4]
    )
    stale = send(
        candidate, attempt, of_kind(attempt, ItemVersion.Kind.ORDERING).position, revision=5, value=[1, 2, 3, 4]
    )
    assert (answered.status_code, stale.status_code) == (200, 409)
    pages = [f"{position}/" for position in range(1, 21)] + ["paper/", "check/", "hand-in/", "clock/", ""]
    seen = [candidate.get(address(attempt, page)) for page in pages] + [answered, stale]
    seen += [candidate.get("/exams/"), candidate.get(f"/exams/{attempt.exam.code}/")]
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=NOW + timedelta(minutes=2))
    seen += [candidate.get(address(attempt, page)) for page in ("receipt/", "result/", "1/", "paper/")]
    assert all(response.status_code in (200, 302, 409) for response in seen)
    assert len([response for response in seen if response.status_code == 200]) > 25
    assert not [response for response in seen if CANARY.encode() in response.content]


# ---------- the clock ----------


def test_after_the_deadline_every_page_leads_to_time_up(
    candidate: Client, attempt: Attempt, clock: time_machine.Traveller
) -> None:
    clock.move_to(attempt.deadline + timedelta(seconds=1))
    for page in ("", "1/", "check/", "paper/", "hand-in/"):
        assert candidate.get(address(attempt, page)).url == address(attempt, "time-up/")
    page = candidate.get(address(attempt, "time-up/")).content.decode()
    assert "0 of 20 answers" in page
    assert candidate.post(address(attempt, "hand-in/")).url == address(attempt, "receipt/")
    assert candidate.get(address(attempt, "time-up/")).url == address(attempt, "receipt/")
    assert "handed in when the time was up" in candidate.get(address(attempt, "receipt/")).content.decode()


def test_time_up_is_not_shown_early(candidate: Client, attempt: Attempt) -> None:
    assert candidate.get(address(attempt, "time-up/")).url == address(attempt)


def test_the_server_tells_the_seconds_left(candidate: Client, attempt: Attempt, clock: time_machine.Traveller) -> None:
    told = candidate.get(address(attempt, "clock/")).json()
    assert (told["remaining"], told["open"], told["ends"]) == (29 * 60.0, True, "09:30")
    assert 'data-seconds="1740.0"' in candidate.get(address(attempt, "1/")).content.decode()
    clock.move_to(attempt.deadline + timedelta(seconds=3))
    assert candidate.get(address(attempt, "clock/")).json()["remaining"] == -3
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=attempt.deadline)
    assert candidate.get(address(attempt, "clock/")).json()["open"] is False


# ---------- as JSON ----------


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


# ---------- who ----------

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


# ---------- what it costs ----------


def test_starting_stays_within_its_budget(client: Client, at_most: Budget) -> None:
    CentreFactory()
    exam, person = exam_with_items(items_each=40, asked_each=30), UserFactory()
    services.entitle(person=person, exam=exam, why={"en": "Course"}, by="test", at=NOW)
    client.force_login(person)
    with at_most(16, writes=6):
        client.post(f"/exams/{exam.code}/start/", {"language": "en"})
    assert Attempt.objects.get().items.count() == 60


@pytest.mark.parametrize("asked_each", [10, 30])
def test_pages_and_saves_stay_within_their_budgets(client: Client, at_most: Budget, asked_each: int) -> None:
    CentreFactory()
    attempt = started(exam_with_items(items_each=30, asked_each=asked_each))
    client.force_login(attempt.person)
    with at_most(8):
        client.get(address(attempt, "1/"))
    position = of_kind(attempt, ItemVersion.Kind.SINGLE).position
    with at_most(4):
        send(client, attempt, position, revision=0, value=1)
    with at_most(4):
        send(client, attempt, position, revision=1, value=2)
    with at_most(8):
        client.get(address(attempt, "check/"))
    with at_most(8):
        client.get(address(attempt, "paper/"))
    with at_most(3):
        client.get(address(attempt, "clock/"))


@pytest.mark.parametrize("asked_each", [10, 30])
def test_handing_in_costs_the_same_for_any_number_of_questions(
    client: Client, at_most: Budget, asked_each: int
) -> None:
    """Nine statements are the hand-in's own; the evidence with its proficiencies takes the other seven."""
    attempt = answered(started(exam_with_items(items_each=30, asked_each=asked_each)), right=asked_each)
    client.force_login(attempt.person)
    with at_most(16):
        client.post(address(attempt, "hand-in/"))
    assert Attempt.objects.get().state == Attempt.State.SCORED


def test_the_times_are_told_in_the_centres_zone(candidate: Client, attempt: Attempt) -> None:
    assert "ends 09:30" in candidate.get(address(attempt, "1/")).content.decode()
    assert datetime.fromisoformat("2026-11-23T09:30:00+08:00") == attempt.deadline
