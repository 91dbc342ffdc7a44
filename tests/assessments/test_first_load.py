"""What a browser that has nothing kept fetches for the first page of an exam, with files as a centre collects them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Request, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from assessments.models import Attempt, AttemptItem, ItemVersion
from tests.factories.assessments import exam_with_items, started
from tests.factories.media import kept, show
from tests.factories.people import CentreFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

REQUESTS, KILOBYTES, SCRIPT_KILOBYTES = 12, 150, 60


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> None:
    """Our files under their changing names; the server of the test hands out what the folder holds."""
    storage = {"BACKEND": "training.lib.staticfiles.JoiningStaticFilesStorage"}
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATICFILES_DIRS = [tmp_path]


@pytest.fixture
def attempt() -> Attempt:
    CentreFactory(help_line={"en": "Extension 8021"})
    exam = exam_with_items()
    for version, colour in zip(ItemVersion.objects.filter(kind="single"), ("red", "blue"), strict=False):
        show(version, kept(colour))
    return started(exam, at=timezone.now())


@pytest.fixture
def fetched(page: Page) -> list[Request]:
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    return requests


def sizes(requests: list[Request], kind: str = "") -> float:
    chosen = [one.sizes() for one in requests if one.resource_type == kind or not kind]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in chosen) / 1024


def test_the_first_page_of_an_exam_takes_few_requests_and_few_bytes(
    collected: None,
    context: BrowserContext,
    page: Page,
    live_server: LiveServer,
    attempt: Attempt,
    fetched: list[Request],
) -> None:
    client = Client()
    client.force_login(attempt.person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.goto(f"{live_server.url}/exams/attempt/{attempt.pk}/1/", wait_until="networkidle")
    addresses = [one.url.removeprefix(live_server.url) for one in fetched]
    pictures = [one for one in addresses if "/media/" in one]
    assert len(pictures) == attempt.items.filter(item_version__media__isnull=False).count() > 0, "for later, too"
    assert len(fetched) <= REQUESTS, addresses
    assert sizes(fetched) <= KILOBYTES, [(one.url, sizes([one])) for one in fetched]
    assert sizes(fetched, "script") <= SCRIPT_KILOBYTES
    packed = {one.url.rsplit("/", 2)[1] for one in fetched if one.response().headers.get("content-encoding") == "gzip"}
    assert packed == {"1", "paper"}
    works_joined(page, attempt)


def works_joined(page: Page, attempt: Attempt) -> None:
    """The modules do together what they do apart: keep an answer, go on, show a picture in large."""
    position = attempt.items.filter(item_version__media__isnull=False).first().position
    page.locator(f'.nav40 [data-go="{position}"]').click()
    page.locator("form.question [name=choice]").first.check()
    expect(page.locator("[data-save]")).to_contain_text("Saved")
    assert AttemptItem.objects.get(attempt=attempt, position=position).responses.exists()
    page.locator("form.question .medium a[data-zoom]").click()
    expect(page.locator("#zoom img")).to_be_visible()
