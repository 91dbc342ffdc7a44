"""The item bank in a browser: written by one, reviewed by another, put to use; complete for assistive technology."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Item, ItemVersion
from tests.factories.assessments import BankFactory, ItemFactory, ItemVersionFactory
from tests.factories.competencies import CompetencyFactory
from tests.factories.people import CentreFactory, UserFactory
from training.people.models import User

SERIOUS = ("serious", "critical")
TRAITS = ("matching", "documents", "numeric", "cloze", "case", "scenario")


def sign_in(page: Page, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def assert_accessible(page: Page) -> None:
    found = [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in SERIOUS
    ]
    assert not found, found
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} scrolls sideways by {over}"


@pytest.fixture
def bank(transactional_db: None) -> Any:
    CentreFactory()
    bank = BankFactory(code="rules")
    CompetencyFactory(name={"en": "One-time notice", "zh-hans": "一次性告知"})
    return bank


@pytest.mark.parametrize("width", [1440, 390])
def test_an_item_is_written_reviewed_and_put_to_use(
    bank: Any, live_server: LiveServer, context: BrowserContext, page: Page, width: int
) -> None:
    author, reviewer = UserFactory(examiner=True), UserFactory(examiner=True)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server, author)
    page.goto(f"{live_server.url}/exams/bank/write/?bank=rules&kind=single")
    page.locator("#stem-en").fill("Who signs the slip?")
    page.locator("#stem-zh-hans").fill("谁在告知单上签字？")
    for place, (english, chinese) in enumerate([("The applicant", "申请人"), ("The clerk", "窗口人员")]):
        page.locator(f"#o-{place}-en").fill(english)
        page.locator(f"#o-{place}-zh-hans").fill(chinese)
    page.get_by_role("button", name="Another option").click()
    expect(page.locator("#o-4-en")).to_be_focused()
    page.get_by_role("button", name="Take away: option E").click()
    expect(page.locator("#o-4-en")).to_have_count(0)
    expect(page.locator("#o-0-en")).to_have_value("The applicant")
    page.locator("[name=right][value=b]").check()
    page.get_by_label("Competency").select_option(label="One-time notice")
    assert_accessible(page)
    page.get_by_role("button", name="Save and ask for review").click()
    expect(page.get_by_text("Saved, and a review is asked for.")).to_be_visible()
    assert_accessible(page)

    sign_in(page, live_server, reviewer)
    page.goto(f"{live_server.url}/exams/bank/?show=review")
    page.get_by_role("link", name="q-1").click()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Put to use").click()
    expect(page.get_by_text("1 item changed.")).to_be_visible()
    assert_accessible(page)
    item, version = Item.objects.get(), ItemVersion.objects.get()
    assert (item.state, item.reviewer, version.key) == ("live", reviewer, ["b"])


@pytest.mark.parametrize("trait", TRAITS)
def test_the_form_and_the_page_of_each_kind_are_accessible(
    bank: Any, live_server: LiveServer, page: Page, trait: str
) -> None:
    examiner = UserFactory(examiner=True)
    version = ItemVersionFactory(item=ItemFactory(bank=bank, draft=True), **{trait: True})
    sign_in(page, live_server, examiner)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for end in ("", "edit/"):
            page.goto(f"{live_server.url}/exams/bank/rules/{version.item.code}/{end}")
            assert_accessible(page)


def test_the_form_works_without_a_script(bank: Any, live_server: LiveServer, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, UserFactory(examiner=True))
    page.goto(f"{live_server.url}/exams/bank/write/?bank=rules&kind=case")
    page.locator("#stem-en").fill("Mr Luo opens a shop.")
    page.locator("[name='p-1-kind']").select_option("numeric")
    page.locator("[name=action][value=refresh]").nth(1).click()
    expect(page.locator("[name='p-1-a-0-low']")).to_be_visible()
    expect(page.locator("#stem-en")).to_have_value("Mr Luo opens a shop.")
    context.close()
