"""Papers in parts in a real browser: going on when all is sent, the time of a part, what comes too late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments import services
from assessments.models import Attempt, AttemptPart
from tests.assessments.parts.papers import FREE, IN_ORDER, exam_in_parts
from tests.assessments.test_exam_script import choose, eventually, kept, sign_in
from tests.factories.assessments import started
from tests.factories.people import CentreFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

Open = Callable[[Attempt, str], Page]


@pytest.fixture
def visit(context: BrowserContext, live_server: LiveServer) -> Open:
    CentreFactory()

    def open_at(attempt: Attempt, path: str) -> Page:
        sign_in(context, live_server, attempt.person)
        page = context.new_page()
        page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    return open_at


def attempt_in_parts(*parts: tuple[int | None, str]) -> Attempt:
    return started(exam_in_parts(*parts), at=timezone.now())


def at_question(page: Page, number: int) -> None:
    expect(page.locator("form.question")).to_have_attribute("data-position", str(number))


def part_of(attempt: Attempt) -> int:
    return attempt.parts.get(opened_at__isnull=False, closed_at=None).number


def test_in_order_the_next_question_comes_once_the_answer_has_arrived(visit: Open) -> None:
    attempt = attempt_in_parts((20, IN_ORDER), (None, FREE))
    page = visit(attempt, "1/")
    page.context.set_offline(True)
    choose(page, 2)
    page.get_by_role("button", name="Question 2").click()
    page.wait_for_timeout(500)
    at_question(page, 1)
    page.context.set_offline(False)
    at_question(page, 2)
    assert kept(attempt, 1) == [2]
    assert page.locator(".nav40 a").count() == 1
    assert attempt.items.get(position=1).part.reached == 2


def test_going_on_leads_through_the_question_whether_to(visit: Open) -> None:
    attempt = attempt_in_parts((20, FREE), (None, FREE))
    page = visit(attempt, "3/")
    choose(page, 1)
    page.locator(".pn").get_by_role("button", name="Check answers").click()
    page.get_by_role("link", name="Go on to part 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Go on to part 2 with 2 questions unanswered?")
    page.get_by_role("button", name="Go on to part 2").click()
    at_question(page, 4)
    assert page.title().startswith("Question 4 of 6")
    assert kept(attempt, 3) == [1]
    assert part_of(attempt) == 2


def test_when_the_time_of_a_part_is_up_the_next_begins_by_itself(visit: Open) -> None:
    attempt = attempt_in_parts((20, FREE), (None, FREE))
    AttemptPart.objects.filter(attempt=attempt, number=1).update(deadline=timezone.now() + timedelta(seconds=6))
    page = visit(attempt, "1/")
    choose(page, 3)
    expect(page.locator("form.question")).to_have_attribute("data-position", "4", timeout=20_000)
    assert part_of(attempt) == 2
    assert kept(attempt, 1) == [3]
    expect(page.locator("[data-whole-time]")).to_have_count(0)


def test_a_page_follows_when_the_server_has_gone_on(visit: Open) -> None:
    attempt = attempt_in_parts((20, FREE), (None, FREE))
    page = visit(attempt, "1/")
    services.begin_next_part(person=attempt.person, attempt_id=attempt.pk, number=1, now=timezone.now())
    page.evaluate("dispatchEvent(new Event('focus'))")
    at_question(page, 4)


def test_an_answer_that_comes_too_late_for_its_part_is_said_and_leads_nowhere(visit: Open) -> None:
    attempt = attempt_in_parts((20, FREE), (None, FREE))
    page = visit(attempt, "1/")
    page.route("**/answer/", lambda route: route.abort())
    choose(page, 2)
    eventually(page, lambda: page.locator("[data-lost]").is_visible())
    services.begin_next_part(person=attempt.person, attempt_id=attempt.pk, number=1, now=timezone.now())
    page.unroute("**/answer/")
    page.goto(page.url.removesuffix("1/") + "4/")
    expect(page.locator("[data-conflict]")).to_contain_text("That part of the exam is closed")
    at_question(page, 4)
    assert kept(attempt, 1) == []
