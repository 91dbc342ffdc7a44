"""One question at a time in a real browser: an adaptive exam that loses its connection, practice with its script."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import AttemptItem, Response
from assessments.rules import verdict
from assessments.services import start_practice
from tests.assessments.test_adaptive import adaptive_exam
from tests.assessments.test_exam_script import choose, saved, sign_in
from tests.factories.assessments import started
from tests.factories.people import CentreFactory, UserFactory
from tests.factories.practice import practice_exam

SAID = {"right": "Right.", "partly": "Partly right.", "wrong": "Not right."}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")]


def test_going_on_waits_for_the_connection_and_asks_once(context: BrowserContext, live_server: LiveServer) -> None:
    CentreFactory()
    attempt = started(adaptive_exam(), at=timezone.now() - timedelta(minutes=1))
    sign_in(context, live_server, attempt.person)
    page = context.new_page()
    page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/1/")
    choose(page, 2)
    saved(page)
    context.set_offline(True)
    choose(page, 3)
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator("[data-announce]")).to_have_text("Waiting for the connection, then the next question comes.")
    assert page.url.endswith("/1/")
    assert AttemptItem.objects.count() == 1
    context.set_offline(False)
    page.wait_for_url("**/2/")
    expect(page.locator("form.question h1")).to_have_text("Question 2 of at most 16")
    assert AttemptItem.objects.count() == 2
    question = AttemptItem.objects.get(position=1)
    assert question.as_seen(Response.objects.latest("revision").value) == 3
    assert serious(page) == []
    page.go_back()
    expect(page.locator("form.question h1")).to_have_text("Question 2 of at most 16")


def test_a_reload_before_the_answer_arrived_keeps_it(context: BrowserContext, live_server: LiveServer) -> None:
    CentreFactory()
    attempt = started(adaptive_exam(), at=timezone.now() - timedelta(minutes=1))
    sign_in(context, live_server, attempt.person)
    page = context.new_page()
    page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/1/")
    page.route("**/answer/", lambda route: route.abort())
    choose(page, 2)
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    page.unroute("**/answer/")
    page.reload()
    saved(page)
    expect(page.locator('[name=choice][value="2"]')).to_be_checked()


def test_practice_is_explained_without_leaving_the_page(context: BrowserContext, live_server: LiveServer) -> None:
    CentreFactory()
    person = UserFactory()
    run = start_practice(person=person, exam=practice_exam("ordering", "multiple"), at=timezone.now(), seed=3)
    order = run.questions.get(item_version__kind="ordering")
    other = run.questions.exclude(pk=order.pk).get()
    sign_in(context, live_server, person)
    page = context.new_page()
    page.goto(f"{live_server.url}/exams/practice/{run.pk}/{order.position}/")
    page.evaluate("window.__same = true")
    page.locator("[data-move='1']").first.click()
    expect(page.locator("#practice-said")).to_contain_text("place 2 of 4")
    expect(page.locator("[data-shown]")).to_have_value("2,1,3,4")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".explained")).to_be_visible()
    order.refresh_from_db()
    expect(page.locator("#practice-said")).to_have_text(SAID[verdict(order.credit or 0)])
    assert page.evaluate("window.__same")
    assert serious(page) == []
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".explained")).to_have_count(0)
    page.goto(f"{live_server.url}/exams/practice/{run.pk}/{other.position}/")
    page.locator("[name=choice]").first.focus()
    page.keyboard.press("2")
    expect(page.locator('[name=choice][value="2"]')).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".explained")).to_be_visible()
    other.refresh_from_db()
    assert other.tries == 1
