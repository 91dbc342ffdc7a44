"""What the script of a matter's page adds: ticks that stay on the device for the day, and the notice with them."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.assessments.test_exam_script import sign_in
from tests.factories.matters import matter_draft
from tests.factories.people import CentreFactory, UserFactory
from training.matters.models import ServiceMatter
from training.matters.services import freeze_matter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer) -> Page:
    CentreFactory()
    freeze_matter(matter_draft(), by=None, at=AT)
    ServiceMatter.objects.update(live=True)
    sign_in(context, live_server, UserFactory())
    page = context.new_page()
    page.goto(f"{live_server.url}/matters/move/")
    return page


def test_ticks_stay_on_the_device_until_they_are_cleared_or_the_day_is_over(page: Page) -> None:
    box, count = page.get_by_role("checkbox", name="Identity card"), page.locator("[data-count]")
    expect(count).to_have_text("0 of 1 handed over")
    box.check()
    expect(count).to_have_text("1 of 1 handed over")
    page.reload()
    expect(box).to_be_checked()
    page.get_by_role("button", name="Next applicant").click()
    expect(box).not_to_be_checked()
    page.reload()
    expect(count).to_have_text("0 of 1 handed over")
    box.check()
    page.clock.set_fixed_time("2031-01-01T09:00:00")
    page.reload()
    expect(box).not_to_be_checked()


def test_the_notice_is_ticked_as_the_page_was_and_can_be_printed(page: Page) -> None:
    page.get_by_role("checkbox", name="Identity card").check()
    page.get_by_role("button", name="One-time notice").click()
    expect(page.locator(".tick")).to_have_text("✓")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
