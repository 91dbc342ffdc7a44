"""A supervised exam in real browsers: what the invigilator does reaches the open page; one browser at a time."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments import services
from assessments.models import Attempt, ExamSession, ItemVersion, Response
from tests.factories.assessments import EntitlementFactory, ExamSessionFactory, exam_with_items
from tests.factories.people import CentreFactory, UserFactory
from training.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
SERIOUS = ("serious", "critical")
Arrive = Callable[[User], Page]


@pytest.fixture
def session() -> ExamSession:
    CentreFactory(help_line={"en": "Extension 8021"})
    return ExamSessionFactory(exam=exam_with_items(in_sessions=True), opens_at=timezone.now(), access_code="Magnolia 7")


@pytest.fixture
def arrive(new_context: Callable[..., BrowserContext], live_server: LiveServer) -> Arrive:
    """Let somebody come with a browser of their own."""

    def come(person: User) -> Page:
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = new_context(base_url=live_server.url)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return context.new_page()

    return come


def begin(page: Page, session: ExamSession, person: User) -> Attempt:
    EntitlementFactory(exam=session.exam, session=session, person=person)
    page.goto(f"/exams/{session.exam.code}/")
    looks_well(page)
    page.get_by_label("Access code").fill("rose")
    page.get_by_role("button", name="I am ready, start the clock").click()
    expect(page.get_by_text("This is not the access code")).to_be_visible()
    page.get_by_label("Access code").fill("magnolia 7")
    page.get_by_role("button", name="I am ready, start the clock").click()
    expect(page.locator("form.question")).to_be_visible()
    return Attempt.objects.get(person=person)


def looks_well(page: Page) -> None:
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert not found, found


def ask_the_clock(page: Page) -> None:
    """Come back to the window, which asks for the time at once."""
    with page.expect_response("**/clock/*"):
        page.evaluate("dispatchEvent(new Event('focus'))")


def open_a_choice(page: Page, attempt: Attempt) -> int:
    position = attempt.items.filter(item_version__kind=ItemVersion.Kind.SINGLE).first().position
    with page.expect_response("**/paper/"):
        page.goto(f"/exams/attempt/{attempt.pk}/{position}/")
    return position


def test_time_pause_and_message_reach_the_open_page(session: ExamSession, arrive: Arrive) -> None:
    person, examiner = UserFactory(), UserFactory(examiner=True)
    page = arrive(person)
    attempt = begin(page, session, person)
    open_a_choice(page, attempt)
    services.give_time(attempts=[attempt], minutes=60, reason="Late start", by=examiner, at=timezone.now())
    services.send_message(attempts=[attempt], text="The room closes at noon.", by=examiner, at=timezone.now())
    ask_the_clock(page)
    expect(page.locator("[data-time]")).to_contain_text("1 h")
    expect(page.get_by_text("The room closes at noon.")).to_be_visible()
    looks_well(page)
    page.get_by_role("button", name="Read", exact=True).click()
    ask_the_clock(page)
    expect(page.get_by_text("The room closes at noon.")).to_have_count(0)
    services.pause(attempts=[attempt], reason="Alarm", by=examiner, at=timezone.now())
    ask_the_clock(page)
    expect(page.get_by_role("heading", name="Your exam is paused")).to_be_visible()
    expect(page.locator("form.question")).to_have_count(0)
    looks_well(page)
    services.resume(attempts=[attempt], by=examiner, at=timezone.now())
    ask_the_clock(page)
    expect(page.locator("form.question")).to_be_visible()


def test_an_answer_given_while_the_clock_was_stopped_waits_and_is_sent(session: ExamSession, arrive: Arrive) -> None:
    person, examiner = UserFactory(), UserFactory(examiner=True)
    page = arrive(person)
    attempt = begin(page, session, person)
    open_a_choice(page, attempt)
    services.pause(attempts=[attempt], reason="Alarm", by=examiner, at=timezone.now())
    page.locator("form.question [name=choice]").first.check()
    expect(page.get_by_role("heading", name="Your exam is paused")).to_be_visible()
    assert not Response.objects.exists()
    services.resume(attempts=[attempt], by=examiner, at=timezone.now())
    with page.expect_response("**/answer/"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    assert Response.objects.count() == 1


def test_a_second_device_takes_over_and_the_first_is_told(session: ExamSession, arrive: Arrive) -> None:
    person = UserFactory()
    first, second = arrive(person), arrive(person)
    attempt = begin(first, session, person)
    open_a_choice(first, attempt)
    second.goto(f"/exams/attempt/{attempt.pk}/")
    expect(second.get_by_role("heading", name="Your exam goes on at another device")).to_be_visible()
    looks_well(second)
    second.get_by_role("button", name="Go on here").click()
    expect(second.locator("form.question")).to_be_visible()
    first.locator("form.question [name=choice]").first.check()
    expect(first.get_by_role("heading", name="Your exam goes on at another device")).to_be_visible()
    assert not Response.objects.exists()
    open_a_choice(second, attempt)
    second.locator("form.question [name=choice]").nth(1).check()
    expect(second.locator("[data-save]")).to_contain_text("Saved")
    assert Response.objects.get().seen == 2


def test_cookies_cleared_means_signing_in_and_going_on(session: ExamSession, arrive: Arrive) -> None:
    person = UserFactory()
    page = arrive(person)
    attempt = begin(page, session, person)
    open_a_choice(page, attempt)
    page.context.clear_cookies()
    page.locator("form.question [name=choice]").first.check()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": page.url.split("/exams/")[0]}]
    )
    page.context.new_page().goto("/exams/")  # the window one signs in in brings the other cookies
    page.evaluate("dispatchEvent(new Event('focus'))")
    # Whichever page comes up first sends what waited; "elsewhere" (423) may still answer one try before.
    with page.expect_response(lambda reply: "/answer/" in reply.url and reply.ok):
        page.get_by_role("button", name="Go on here").click()
    expect(page.locator("form.question")).to_be_visible()
    assert Response.objects.get().seen == 1


def test_the_invigilator_watches_and_gives_time(session: ExamSession, arrive: Arrive, browser: Browser) -> None:
    invigilator, person = UserFactory(invigilator=True), UserFactory()
    session.invigilators.add(invigilator)
    candidate, watcher = arrive(person), arrive(invigilator)
    attempt = begin(candidate, session, person)
    for width in (1440, 390):
        watcher.set_viewport_size({"width": width, "height": 900})
        watcher.goto("/exams/sessions/")
        looks_well(watcher)
        watcher.get_by_role("link", name=session.room).click()
        expect(watcher.get_by_text("0 of 20")).to_be_visible()
        looks_well(watcher)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert watcher.evaluate(wide) == 0
    watcher.locator(f"#do-{attempt.pk} summary").click()
    row = watcher.locator(f"#do-{attempt.pk}")
    row.get_by_label("Minutes").fill("12")
    row.get_by_label("Reason").first.fill("Screen broke")
    row.get_by_role("button", name="Give time").click()
    expect(watcher.get_by_text("1 candidate has 12 more minutes.")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.given_minutes == 12
