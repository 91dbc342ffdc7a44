"""Somebody at a browser: goes to pages, does things there, and judges every page they come to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Locator, Page, expect

from cms.demo.staff import PASSWORD
from tests.journeys import judging

PATIENCE = 60_000  # milliseconds; whoever waits longer has gone
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Screen:
    """The size of a window, in CSS pixels."""

    name: str
    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        return self.width < 600

    def __str__(self) -> str:
        return self.name


DESK = Screen("desk", 1440, 900)
PHONE = Screen("phone", 390, 844)


class Visitor:
    """One person's browser. Every page they come to is looked at; leaving with one that was not is a fault."""

    def __init__(self, context: BrowserContext, screen: Screen) -> None:
        self.context = context
        self.screen = screen
        self.language = "en"
        self.site = ""  # how the centre is called in titles, when it is not the demo's
        self.complaints: list[str] = []
        self.not_looked_at: set[str] = set()
        self.expected_status = 200
        self.acts = 0
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        self.open_window()

    def open_window(self) -> Page:
        """Begin with a new, empty window, as after the browser was closed."""
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("framenavigated", self._notice)
        return self.page

    # going somewhere

    def open(self, path: str, *, status: int = 200, closely: bool = True) -> None:
        """Go to an address that answers with that status, and look at the page."""
        self.expected_status = status
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path} answers {response.status}"
        self.look(closely=closely)

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None, exact: bool = False) -> None:
        """Press a link and look at the page it leads to."""
        self.go_by((within or self.page).get_by_role("link", name=name, exact=exact).filter(visible=True).first)

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None, exact: bool = False) -> None:
        """Press a button that leads to another page, and look at that."""
        self.go_by((within or self.page).get_by_role("button", name=name, exact=exact).filter(visible=True).first)

    def go_by(self, thing: Locator) -> None:
        """Press whatever leads to another page, and look at that."""
        with self.arriving():
            self.tap(thing)

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Wait for the page to which what is done inside leads, and look at it."""
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.look()

    def tap(self, thing: Locator) -> None:
        """Press something with the finger or the mouse; each press is counted."""
        self.acts += 1
        if self.screen.is_phone:
            thing.tap()
        else:
            thing.click()

    def sign_in(self, staff_number: str, *, reads: str = "en", password: str = PASSWORD) -> None:
        """Sign in on the English page; afterwards everything is in the language the person reads.

        Everybody comes by this page; who reads Chinese has looked at it closely.
        """
        self.open("/accounts/login/", closely=False)
        self.page.get_by_label("Staff number").fill(staff_number)
        self.page.get_by_label("Password").fill(password)
        self.language = reads
        self.press("Sign in", exact=True)
        expect(self.page).to_have_url(re.compile("/desk/$"))

    def leave(self) -> None:
        """End the visit: nothing was complained about, and no page was passed unseen."""
        self.context.close()
        assert not self.complaints, self.complaints
        assert not self.not_looked_at, f"passed without a look: {sorted(self.not_looked_at)}"

    # seeing something

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Each of the texts stands somewhere in the main part of the page, visible."""
        for text in texts:
            expect(self.page.get_by_role("main").get_by_text(text).filter(visible=True).first).to_be_visible()

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        """The page has that one heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def look(self, *, closely: bool = True) -> None:
        """Judge the page; without `closely` only what is quickly seen, for a page like one judged before."""
        judging.judge_width(self.page)
        if judging.is_ours(self.page):
            judging.judge_words(self.page, language=self.language, site=self.site)
        if judging.is_ours(self.page) and closely and self.screen.is_phone:
            judging.judge_small_screens(self.page)
        if closely:
            judging.judge_accessibility(self.page)
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        self.not_looked_at.discard(urlsplit(self.page.url).path)

    def _hear(self, message: ConsoleMessage) -> None:
        """A page that is asked for and not there is answered as such; everything else in the console is a fault."""
        if message.type not in ("error", "warning"):
            return
        is_expected = self.expected_status >= 400 and message.location.get("url") == self.page.url
        if not is_expected:
            self.complaints.append(f"{message.type}: {message.text} {message.location.get('url')}")

    def _notice(self, frame: Frame) -> None:
        if frame.parent_frame is None and frame.url.startswith("http"):
            self.not_looked_at.add(urlsplit(frame.url).path)
