"""Pictures and recordings in a real browser: in large by keyboard, offline, uploaded without a new page."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Attempt, ItemMedia, ItemVersion
from tests.factories.assessments import ItemFactory, ItemVersionFactory, exam_with_items, started
from tests.factories.media import SHOWS, kept, png, show
from tests.factories.people import CentreFactory, UserFactory
from training.people.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def attempt() -> Attempt:
    CentreFactory(help_line={"en": "Extension 8021"})
    exam = exam_with_items()
    for version in ItemVersion.objects.filter(kind="single"):
        show(version, kept("red"))
        show(version, kept("blue"), place="o:b")
        show(version, kept(sound=True))
    return started(exam, at=timezone.now())


def sign_in(context: BrowserContext, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


@pytest.fixture
def opened(context: BrowserContext, live_server: LiveServer, attempt: Attempt) -> Callable[[int], Page]:
    sign_in(context, live_server, attempt.person)

    def open_at(position: int) -> Page:
        page = context.new_page()
        with page.expect_response("**/paper/"):
            page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/{position}/")
        return page

    return open_at


def singles(attempt: Attempt) -> list[int]:
    return list(attempt.items.filter(item_version__kind="single").values_list("position", flat=True))


def go(page: Page, position: int) -> None:
    page.locator(f'.nav40 [data-go="{position}"]').click()
    expect(page.locator("form.question")).to_have_attribute("data-position", str(position))


def here(page: Page) -> list[int]:
    """How wide the pictures of the question are that the browser holds; 0 for one that did not come."""
    return page.locator("form.question img").evaluate_all("all => all.map((one) => one.naturalWidth)")


def test_pictures_and_recordings_of_questions_not_seen_yet_are_there_without_a_connection(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    first, *_others, last = singles(attempt)
    page = opened(first)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    go(page, last)
    assert here(page) == [30, 30]
    assert page.locator("form.question audio").evaluate("(one) => one.readyState") >= 2
    go(page, first)
    assert here(page) == [30, 30]


def test_what_did_not_come_is_fetched_when_the_question_is_shown(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    context.route("**/exams/media/**", lambda route: route.abort())
    first, second, *_others = singles(attempt)
    page = opened(first)
    page.wait_for_load_state("networkidle")
    context.unroute("**/exams/media/**")
    go(page, second)
    expect(page.locator("form.question img").first).to_have_js_property("naturalWidth", 30)


def test_a_picture_opens_in_large_by_keyboard_and_goes_back_to_its_place(
    opened: Callable[[int], Page], context: BrowserContext, attempt: Attempt
) -> None:
    page = opened(singles(attempt)[0])
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    link = page.locator("form.question .medium a[data-zoom]").first
    expect(link).to_have_accessible_name(re.compile(f"Enlarge ?: {SHOWS['en']}"))
    link.focus()
    link.press("Enter")
    large = page.locator("#zoom")
    expect(large).to_be_visible()
    expect(large.get_by_role("img", name=SHOWS["en"])).to_have_js_property("naturalWidth", 30)
    width = large.locator("img").bounding_box()
    for _press in range(3):
        page.keyboard.press("+")
    expect(large.locator("output")).to_have_text("200 %")
    grown = large.locator("img").bounding_box()
    assert width
    assert grown
    assert grown["width"] > 1.8 * width["width"]
    assert not Axe().run(page, context="#zoom").response["violations"]
    page.keyboard.press("0")
    expect(large.locator("output")).to_have_text("")
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(link).to_be_focused()
    assert here(page) == [30, 30]
    expect(page.locator("form.question .medium img").first).to_be_visible()


def test_a_picture_of_an_option_opens_without_choosing_the_option(
    opened: Callable[[int], Page], attempt: Attempt
) -> None:
    page = opened(singles(attempt)[0])
    page.locator(".opts a[data-zoom]").click()
    expect(page.locator("#zoom img")).to_be_visible()
    page.locator("#zoom [data-closes]").click()
    expect(page.locator(".opt img")).to_be_visible()
    expect(page.locator("[name=choice]:checked")).to_have_count(0)
    page.locator(".opt img").click()
    expect(page.locator(".opt:has(img) [name=choice]")).to_be_checked()


def test_files_are_uploaded_in_the_form_without_a_new_page(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    CentreFactory()
    version = ItemVersionFactory(
        item=ItemFactory(draft=True, competency__framework__is_current=True, author=UserFactory(examiner=True))
    )
    sign_in(context, live_server, version.item.author)
    page.goto(f"{live_server.url}/exams/bank/{version.item.bank.code}/{version.item.code}/edit/")
    page.locator("#stem-en").fill("Typed and not saved")
    page.evaluate("window.same = true")
    page.locator("#upload").set_input_files({"name": "form.png", "mimeType": "image/png", "buffer": png()})
    page.get_by_role("button", name="Upload").click()
    row = page.locator("#m-0")
    expect(row.locator("img")).to_have_js_property("naturalWidth", 30)
    row.locator("#m-0-en").fill("A form")
    row.locator("#m-0-zh-hans").fill("表")
    row.locator("select").select_option("o:b")
    assert page.evaluate("window.same")
    expect(page.locator("#stem-en")).to_have_value("Typed and not saved")
    page.locator(".savebar [value=save]").click()
    page.wait_for_url("**/exams/bank/*/*/")
    medium = ItemMedia.objects.get(item_version=version)
    assert (medium.place, medium.text["en"]) == ("o:b", "A form")
    expect(page.locator(".opt img").first).to_be_visible()
