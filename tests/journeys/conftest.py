"""The demo centre behind a real server, and people who come to it with a browser of a width."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import BrowserContext
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from cms.demo import build as demo
from tests.databases import OwnDatabase
from tests.journeys.visitor import DESK, PHONE, Screen, Visitor

# Certificates of the demo's past are drawn when somebody asks for them, not all of them before the first test.
NO_JOBS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
SMALLEST = 60


@pytest.fixture(scope="session")
def built_centre(database: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> OwnDatabase:
    """The demo centre of today, built once for each test process: server and browser live by the real clock."""
    with django_db_blocker.unblock():
        with override_settings(TASKS=NO_JOBS):
            demo.build(number=SMALLEST, today=timezone.localdate(), say=lambda _step: None)
        kept = database.kept_as("demo")
        database.restore()
    return kept


@pytest.fixture
def centre(built_centre: OwnDatabase, live_server: LiveServer, transactional_db: None) -> LiveServer:
    """The demo centre as it was built, served; after the journey the database is as migrated again."""
    built_centre.restore()
    return live_server


@pytest.fixture(params=[DESK, PHONE], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """Each journey is made on a desk's wide screen and on a phone's."""
    return request.param


@dataclass
class Arrivals:
    """Lets people come, each with a browser of their own."""

    centre: LiveServer
    screen: Screen
    new_context: Callable[..., BrowserContext]
    come: list[Visitor] = field(default_factory=list)

    def __call__(self, staff_number: str = "", *, reads: str = "en", scheme: str = "light") -> Visitor:
        """Return somebody who has signed in, or without a number somebody from outside."""
        context = self.new_context(
            base_url=self.centre.url,
            viewport={"width": self.screen.width, "height": self.screen.height},
            has_touch=self.screen.is_phone,
            is_mobile=self.screen.is_phone,
            locale="en-US",
            timezone_id="Asia/Shanghai",
            color_scheme=scheme,
        )
        visitor = Visitor(context, self.screen)
        self.come.append(visitor)
        if staff_number:
            visitor.sign_in(staff_number, reads=reads)
        return visitor


@pytest.fixture
def arrive(centre: LiveServer, screen: Screen, new_context: Callable[..., BrowserContext]) -> Iterator[Arrivals]:
    arrivals = Arrivals(centre, screen, new_context)
    yield arrivals
    for visitor in arrivals.come:
        visitor.leave()


@pytest.fixture
def arrive_first(
    live_server: LiveServer, transactional_db: None, screen: Screen, new_context: Callable[..., BrowserContext]
) -> Iterator[Arrivals]:
    """Lets people come to an installation where nobody is yet."""
    with override_settings(FIRST_RUN=True, DEMO=False):
        arrivals = Arrivals(live_server, screen, new_context)
        yield arrivals
        for visitor in arrivals.come:
            visitor.leave()
