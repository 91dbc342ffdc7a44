"""Somebody at a browser: goes to pages and does things there, and looks at each page with the eyes of everybody."""

import re
from contextlib import contextmanager
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Locator, Page, expect

from cms.demo.staff import PASSWORD

AXE = Axe()
# Targets of 24 px are of WCAG 2.2, which axe judges only when told to.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
PATIENCE = 20_000  # milliseconds; whoever waits longer has gone
SERIOUS = {"serious", "critical"}
TITLE = {
    "en": re.compile(r"(Error: )?\S.* - \S.* - Binhai Service Centre"),
    "zh-hans": re.compile(r"(错误：)?\S.* - \S.* - 滨海政务中心"),
}
# Colours are judged once whatever moves has come to rest.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished)).then(() => null)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROWEST = 320
# What readers may set for themselves (WCAG 1.4.12).
SPACED = """(on) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
  document.adoptedStyleSheets = on ? [sheet] : [];
}"""
# Whether what has the focus (or the label round it) shows it, and nothing that sticks to the edge lies over it.
FOCUS = """() => {
  const focused = document.activeElement, shown = focused.closest("label") ?? focused, box = shown.getBoundingClientRect();
  const isMarked = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
  return {
    name: focused.outerHTML.slice(0, 120),
    isMarked: [focused, shown, ...shown.children].some(isMarked),
    isBare: top !== null && (shown.contains(top) || top.contains(shown)),
    isBody: focused === document.body,
  };
}"""
STOPS = 40


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

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to an address that answers with that status."""
        self.expected_status = status
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path} answers {response.status}"
        self.look()

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

    def sign_in(self, staff_number: str, *, reads: str = "en") -> None:
        """Sign in on the English page; afterwards everything is in the language the person reads."""
        self.open("/accounts/login/")
        self.page.get_by_label("Staff number").fill(staff_number)
        self.page.get_by_label("Password").fill(PASSWORD)
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
        """Judge the page: title, language, one main heading, width, that nothing complained; closely, also with axe."""
        page, where = self.page, urlsplit(self.page.url).path
        if not where.startswith("/cms/"):
            assert TITLE[self.language].fullmatch(page.title()), f"{where}: {page.title()!r}"
            assert page.locator("html").get_attribute("lang") == self.language, where
            assert page.locator("h1").filter(visible=True).count() == 1, f"{where}: not one h1"
        self._fits(where)
        assert not self.complaints, f"{where}: {self.complaints}"
        if closely:
            page.evaluate(AT_REST)
            found = AXE.run(page, options=RULES)
            serious = [one["id"] for one in found.response["violations"] if one["impact"] in SERIOUS]
            report = "\n".join(found.generate_report(one) for one in serious)
            assert not serious, f"{where}: {report}"
        self.not_looked_at.discard(where)

    def walk_by_keyboard(self) -> None:
        """Tab from stop to stop: what has the focus shows it, and is not hidden below a bar that stays."""
        for stop in range(1, STOPS + 1):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            if focus["isBody"]:
                break
            assert focus["isMarked"], f"stop {stop} shows no focus: {focus['name']}"
            assert focus["isBare"], f"stop {stop} is hidden: {focus['name']}"

    def _fits(self, where: str) -> None:
        """Nothing is wider than the screen; on a phone neither on the narrowest nor with the text spaced."""
        page = self.page
        assert page.evaluate(OVERFLOW) <= 0, f"{where}: wider than the screen"
        if not self.screen.is_phone or where.startswith("/cms/"):
            return
        page.evaluate(SPACED, True)
        assert page.evaluate(OVERFLOW) <= 0, f"{where}: wider than the screen once text is spaced"
        page.evaluate(SPACED, False)
        page.set_viewport_size({"width": NARROWEST, "height": self.screen.height})
        assert page.evaluate(OVERFLOW) <= 0, f"{where}: wider than {NARROWEST} px"
        page.set_viewport_size({"width": self.screen.width, "height": self.screen.height})

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
