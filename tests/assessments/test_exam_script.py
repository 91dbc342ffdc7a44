"""The running exam in a real browser: connections that fail, second windows, lost sessions, the end of the time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Attempt, AttemptItem, AttemptPart, ItemVersion, Response
from tests.factories.assessments import exam_with_items, started
from tests.factories.people import CentreFactory
from training.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

SAVING = "**/answer/"
OPENS_LATE = """
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...named) {
  const late = {};
  setTimeout(() => {
    const asked = open.apply(this, named);
    asked.onsuccess = () => { late.result = asked.result; late.onsuccess(); };
  }, 4000);
  return late;
};
"""
KINDS = ItemVersion.Kind


@pytest.fixture
def attempt() -> Attempt:
    CentreFactory(help_line={"en": "Extension 8021"})
    return started(exam_with_items(), at=timezone.now())


def sign_in(context: BrowserContext, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


@pytest.fixture
def opened(context: BrowserContext, live_server: LiveServer, attempt: Attempt) -> Callable[[int], Page]:
    """Open a page of the attempt's question at a position, with all other questions loaded into it."""
    sign_in(context, live_server, attempt.person)

    def open_at(position: int) -> Page:
        page = context.new_page()
        with page.expect_response("**/paper/"):
            page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/{position}/")
        page.wait_for_timeout(100)
        return page

    return open_at


def positions(attempt: Attempt, kind: str) -> list[int]:
    return list(attempt.items.filter(item_version__kind=kind).values_list("position", flat=True))


def kept(attempt: Attempt, position: int) -> list[Any]:
    """The trail of one question, as the candidate numbers its options."""
    question = AttemptItem.objects.get(attempt=attempt, position=position)
    return [question.as_seen(row.value) for row in question.responses.order_by("revision")]


def choose(page: Page, number: int) -> None:
    page.locator(f'form.question [name=choice][value="{number}"]').check()


def eventually(page: Page, true: Callable[[], bool]) -> None:
    """Wait until something is so in the database, where no part of the page tells when."""
    for _try in range(100):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("still not so after five seconds")


def go(page: Page, position: int) -> None:
    page.locator(f'.nav40 [data-go="{position}"]').click()
    expect(page.locator("form.question")).to_have_attribute("data-position", str(position))


def saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_contain_text("Saved")


def test_an_answer_is_saved_as_it_is_given_and_said_so_only_then(
    opened: Callable[[int], Page], attempt: Attempt
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    page = opened(position)
    waiting: list[Route] = []
    page.route(SAVING, lambda route: waiting.append(route))
    choose(page, 2)
    expect(page.locator("[data-save]")).to_have_text("Saving…")
    page.wait_for_timeout(300)
    expect(page.locator("[data-save]")).to_have_text("Saving…")
    assert kept(attempt, position) == []
    waiting[0].continue_()
    saved(page)
    assert kept(attempt, position) == [2]
    link = page.locator(f'.nav40 [data-go="{position}"]')
    expect(link).to_have_attribute("aria-label", f"Question {position}, answered")


def test_the_open_page_goes_on_without_a_connection(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    first, second, *_others = positions(attempt, KINDS.SINGLE)
    page = opened(first)
    context.set_offline(True)
    choose(page, 2)
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    go(page, second)
    choose(page, 3)
    choose(page, 4)
    go(page, first)
    expect(page.locator("[name=choice]:checked")).to_have_value("2")
    assert not Response.objects.exists()
    context.set_offline(False)
    saved(page)
    expect(page.locator("[data-lost]")).to_be_hidden()
    eventually(page, lambda: (kept(attempt, first), kept(attempt, second)[-1:]) == ([2], [4]))


def test_a_database_of_the_browser_that_never_answers_stops_nothing(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    context.add_init_script("IDBFactory.prototype.open = () => ({})")
    page = opened(position)
    with page.expect_response("**/clock/*"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    choose(page, 2)
    saved(page)
    assert kept(attempt, position) == [2]


def test_what_was_not_sent_is_sent_however_late_the_browsers_database_opens(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    page = opened(position)
    page.route(SAVING, lambda route: route.abort())
    choose(page, 3)
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    page.unroute(SAVING)
    context.add_init_script(OPENS_LATE)
    page.reload()
    expect(page.locator('[name=choice][value="3"]')).to_be_checked()
    saved(page)
    assert kept(attempt, position) == [3]


def test_what_was_not_sent_survives_a_reload(opened: Callable[[int], Page], attempt: Attempt) -> None:
    (position, *_others) = positions(attempt, KINDS.MULTIPLE)
    page = opened(position)
    page.route(SAVING, lambda route: route.abort())
    choose(page, 1)
    choose(page, 4)
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    page.reload()
    expect(page.locator('[name=choice][value="4"]')).to_be_checked()
    assert not Response.objects.exists()
    page.unroute(SAVING)
    page.reload()
    eventually(page, lambda: kept(attempt, position)[-1:] == [[1, 4]])
    saved(page)


def test_an_acknowledgement_that_got_lost_makes_no_conflict(opened: Callable[[int], Page], attempt: Attempt) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    page = opened(position)

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(SAVING, lose_the_reply, times=1)
    choose(page, 2)
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    choose(page, 3)
    eventually(page, lambda: kept(attempt, position) == [2, 3])
    saved(page)
    expect(page.locator("[data-conflict]")).to_be_hidden()


def test_a_second_window_is_shown_the_newer_answer(opened: Callable[[int], Page], attempt: Attempt) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    here, there = opened(position), opened(position)
    choose(there, 4)
    saved(there)
    choose(here, 1)
    expect(here.locator("[data-conflict]")).to_contain_text("newer answer")
    expect(here.locator("[name=choice]:checked")).to_have_value("4")
    choose(here, 1)
    eventually(here, lambda: kept(attempt, position) == [4, 1])


def test_a_lost_session_keeps_the_answers_until_the_person_is_back(
    opened: Callable[[int], Page], context: BrowserContext, live_server: LiveServer, attempt: Attempt
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    page = opened(position)
    Session.objects.all().delete()
    choose(page, 2)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    assert not Response.objects.exists()
    sign_in(context, live_server, attempt.person)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_hidden()
    assert kept(attempt, position) == [2]


def test_steps_are_moved_by_buttons_and_the_focus_stays(opened: Callable[[int], Page], attempt: Attempt) -> None:
    (position, *_others) = positions(attempt, KINDS.ORDERING)
    page = opened(position)
    button = page.locator('[data-number="1"] [data-move="1"]')
    button.focus()
    button.press("Enter")
    expect(button).to_be_focused()
    expect(page.locator("[data-announce]")).to_contain_text("place 2 of 4.")
    saved(page)
    page.locator("[name=place-4]").select_option("1")
    eventually(page, lambda: kept(attempt, position) == [[2, 1, 3, 4], [4, 2, 1, 3]])
    shown = page.locator(".order [data-number]").evaluate_all("steps => steps.map(step => Number(step.dataset.number))")
    assert shown == [4, 2, 1, 3]


def test_back_and_forth_by_button_list_and_history(opened: Callable[[int], Page], attempt: Attempt) -> None:
    page = opened(1)
    page.locator(".pn [data-go]").last.click()
    expect(page).to_have_url(f"{page.url.rsplit('/', 2)[0]}/2/")
    expect(page.locator("h1")).to_be_focused()
    assert page.title().startswith("Question 2 of 20 - ")
    go(page, 9)
    page.go_back()
    expect(page.locator("form.question")).to_have_attribute("data-position", "2")
    page.reload()
    expect(page.locator("form.question")).to_have_attribute("data-position", "2")
    seen = attempt.items.exclude(seen_at=None).values_list("position", flat=True)
    eventually(page, lambda: set(seen.all()) == {1, 2, 9})


def test_a_flag_is_kept_and_drawn(opened: Callable[[int], Page], attempt: Attempt) -> None:
    page = opened(3)
    page.get_by_role("button", name="Flag for later").click()
    expect(page.get_by_role("button", name="Take the flag away")).to_be_visible()
    expect(page.locator('.nav40 [data-go="3"]')).to_have_attribute("aria-label", "Question 3, flagged, not answered")
    expect(page.locator("[data-count=flagged]")).to_have_text("1")
    eventually(page, lambda: AttemptItem.objects.get(attempt=attempt, position=3).flagged)


def test_at_the_end_of_the_time_the_page_hands_in_by_itself(opened: Callable[[int], Page], attempt: Attempt) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    soon = timezone.now() + timedelta(seconds=5)
    Attempt.objects.update(deadline=soon)
    AttemptPart.objects.update(deadline=soon)
    page = opened(position)
    choose(page, 2)
    saved(page)
    expect(page.locator("h1")).to_have_text("Your answers were handed in when the time was up", timeout=20_000)
    done = Attempt.objects.get()
    assert (done.state, done.finished_by, done.answered) == ("scored", "clock", 1)
    expect(page.get_by_text(done.receipt)).to_be_visible()


def test_time_can_be_hidden(opened: Callable[[int], Page]) -> None:
    page = opened(1)
    expect(page.get_by_role("heading", name="Time left 30 min")).to_be_visible()
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator("[data-time]")).to_have_class("vh")
    page.reload()
    expect(page.locator("[data-time]")).to_have_class("vh")
    page.get_by_role("button", name="Show time").click()
    expect(page.locator("[data-time]")).not_to_have_class("vh")


SHIFTED = """
  const Real = Date;
  window.shift = %d;
  window.Date = class extends Real {
    constructor(...facts) { facts.length ? super(...facts) : super(Real.now() + window.shift); }
    static now() { return Real.now() + window.shift; }
  };
"""
TWO_HOURS = 2 * 60 * 60 * 1000


@pytest.mark.parametrize("shift", [-TWO_HOURS, TWO_HOURS])
def test_the_clock_of_the_computer_does_not_count(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt, shift: int
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    ends = timezone.localtime(attempt.deadline).strftime("%H:%M")
    context.add_init_script(SHIFTED % shift)
    page = opened(position)
    assert abs(page.evaluate("Date.now()") / 1000 - timezone.now().timestamp() - shift / 1000) < 600
    choose(page, 2)
    saved(page)
    assert kept(attempt, position) == [2]
    assert abs(AttemptItem.objects.get(attempt=attempt, position=position).responses.get().saved_at
               - timezone.now()) < timedelta(minutes=10)  # fmt: skip
    with page.expect_response("**/clock/*"):  # somebody sets it back while the exam runs
        page.evaluate("window.shift = -window.shift")
    left = (attempt.deadline - timezone.now()).total_seconds() / 60
    shown = page.locator("[data-time]").inner_text()
    assert left - 1 <= int(shown.removesuffix(" min")) <= left + 2
    expect(page.locator("[data-ends]")).to_have_text(f"ends {ends}")
    choose(page, 3)
    eventually(page, lambda: kept(attempt, position) == [2, 3])
    attempt.refresh_from_db()
    assert attempt.is_open
    assert timezone.localtime(attempt.deadline).strftime("%H:%M") == ends


def test_handing_in_waits_for_what_is_on_its_way_and_wipes_the_drafts(
    opened: Callable[[int], Page], attempt: Attempt, live_server: LiveServer
) -> None:
    (position, *_others) = positions(attempt, KINDS.SINGLE)
    page = opened(position)
    page.route(SAVING, lambda route: route.abort())
    choose(page, 2)
    expect(page.locator("[data-save]")).to_have_text("Not saved: kept on this computer")
    page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/hand-in/")
    expect(page.locator("[data-unsent]")).to_have_text("1 answer is still on its way to the server.")
    page.unroute(SAVING)
    page.get_by_role("button", name="Hand in answers").click()
    expect(page.locator("h1")).to_have_text("Your answers are handed in")
    assert Attempt.objects.get().answered == 1
    left = page.evaluate(
        """() => new Promise(done => { const asked = indexedDB.open("exam", 1); asked.onsuccess = () => {
        const all = asked.result.transaction("drafts").objectStore("drafts").count();
        all.onsuccess = () => done(all.result); }; })"""
    )
    assert left == 0


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer, attempt: Attempt) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server, attempt.person)
    yield context.new_page()
    context.close()


def test_the_exam_can_be_sat_without_javascript(
    without_script: Page, live_server: LiveServer, attempt: Attempt
) -> None:
    page = without_script
    page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/1/")
    for question in attempt.items.select_related("item_version"):
        if question.item_version.kind == KINDS.ORDERING:
            page.locator("[data-move='1']").first.click()
            expect(page.locator(".order [data-number]").first).to_have_attribute("data-number", "2")
        else:
            page.locator("label.opt").nth(1).click()
        page.locator(".pn button").last.click()
    expect(page.locator("h1")).to_have_text("Check answers")
    expect(page.get_by_text("All 20 questions are answered.")).to_be_visible()
    page.get_by_role("link", name="Hand in answers").click()
    page.get_by_role("button", name="Hand in answers").click()
    expect(page.locator("h1")).to_have_text("Your answers are handed in")
    assert Attempt.objects.get().answered == 20


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_no_page_has_a_serious_fault_or_scrolls_sideways(
    context: BrowserContext, live_server: LiveServer, attempt: Attempt, width: int
) -> None:
    sign_in(context, live_server, attempt.person)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    questions = [positions(attempt, kind)[0] for kind in (KINDS.SINGLE, KINDS.MULTIPLE, KINDS.ORDERING)]
    running = [f"/exams/attempt/{attempt.pk}/{rest}" for rest in (*(f"{q}/" for q in questions), "check/", "hand-in/")]
    after = [f"/exams/attempt/{attempt.pk}/{rest}" for rest in ("receipt/", "result/")]
    for path in ("/exams/", f"/exams/{attempt.exam.code}/", *running, *after):
        if path == after[0]:
            page.get_by_role("button", name="Hand in answers").click()
            expect(page.locator("h1")).to_have_text("Your answers are handed in")
        page.goto(live_server.url + path)
        found = Axe().run(page).response["violations"]
        faults = [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")]
        assert not faults, (path, faults)
        assert page.locator("h1").count() == 1, path
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert sideways <= 0, (path, sideways)
