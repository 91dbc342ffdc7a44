"""The one-time notice: the sheet with the materials, limits, windows and day of a matter."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from tests.factories.matters import matter_draft
from tests.factories.people import CentreFactory, UserFactory, WindowFactory
from training.matters.models import ServiceMatter, WindowMatter
from training.matters.services import freeze_matter
from training.people.models import Shift, User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(datetime(2026, 11, 26, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def clerk() -> User:
    CentreFactory(name={"en": "Binhe Centre", "zh-hans": "滨河政务服务中心"})
    return UserFactory()


@pytest.fixture
def matter(clerk: User) -> ServiceMatter:
    found = matter_draft()
    freeze_matter(found, by=None, at=datetime(2026, 1, 2, tzinfo=UTC))
    ServiceMatter.objects.update(live=True)
    return found


def sheet(clerk: User, query: str = "") -> str:
    client = Client()
    client.force_login(clerk)
    return client.get(f"/matters/move/notice/{query}").content.decode()


def test_the_sheet_says_everything_at_once(clerk: User, matter: ServiceMatter) -> None:
    page = sheet(clerk)
    shown = ("Binhe Centre", "Change of address", "Lives here", "Identity card", "may follow", "1 working day")
    for words in (*shown, "by Friday 27 November 2026", "Thursday 26 November 2026", "ask at the front desk"):
        assert words in page
    assert "✓" not in page


def test_what_was_ticked_is_ticked_and_nonsense_is_not_minded(clerk: User, matter: ServiceMatter) -> None:
    assert sheet(clerk, "?have=1&have=99&have=x").count("✓") == 1


def test_the_sheet_comes_in_the_applicant_s_language(clerk: User, matter: ServiceMatter) -> None:
    page = sheet(clerk, "?in=zh-hans")
    assert '<article class="sheet" lang="zh-hans">' in page
    for words in ("滨河政务服务中心", "一次性告知单", "住址变更", "身份证"):
        assert words in page
    assert "Binhe Centre" in sheet(clerk, "?in=xx")


def test_the_window_is_the_clerk_s_own_if_it_serves_the_matter(clerk: User, matter: ServiceMatter) -> None:
    mine, other = WindowFactory(number=7), WindowFactory(number=8)
    for window in (mine, other):
        WindowMatter.objects.create(window=window, matter=matter, starts_on=date(2026, 1, 1))
    page = sheet(clerk)
    assert "Window 7" in page
    assert "Window 8" in page
    Shift.objects.create(person=clerk, window=mine, day=TODAY, half="morning")
    page = sheet(clerk)
    assert "Window 7" in page
    assert "Window 8" not in page


def test_a_matter_that_is_not_published_has_no_sheet(clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    matter_draft()
    assert client.get("/matters/move/notice/").status_code == 404
