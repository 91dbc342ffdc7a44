"""What the pages of a running exam say, and what they keep to themselves; the clock."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from assessments import services
from assessments.models import Attempt, ItemVersion
from tests.assessments.sitting.asking import address, of_kind, send
from tests.factories.assessments import NOW

pytestmark = pytest.mark.django_db

CANARY = "KEY-7f3"


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


def test_the_times_are_told_in_the_centres_zone(candidate: Client, attempt: Attempt) -> None:
    assert "ends 09:30" in candidate.get(address(attempt, "1/")).content.decode()
    assert datetime.fromisoformat("2026-11-23T09:30:00+08:00") == attempt.deadline
