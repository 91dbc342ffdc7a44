"""What every page must be, whoever comes to it and however wide their screen is."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
# Targets of 24 px are of WCAG 2.2, which axe judges only when told to.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
SERIOUS = {"serious", "critical"}
NARROWEST = 320
MOST_STOPS = 40

DEMO_CENTRE = {"en": "Binhai Service Centre", "zh-hans": "滨海政务中心"}
ERROR = {"en": "Error: ", "zh-hans": "错误："}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Colours are judged once whatever moves has come to rest.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished)).then(() => null)"""
# What readers may set for themselves (WCAG 1.4.12).
SPACED = """(on) => {
  const sheet = new CSSStyleSheet();
  const spacing = { "line-height": "1.5", "letter-spacing": ".12em", "word-spacing": ".16em" };
  const rules = Object.entries(spacing).map(([name, value]) => `${name}: ${value} !important`);
  sheet.replaceSync(`* { ${rules.join(";")} }`);
  document.adoptedStyleSheets = on ? [sheet] : [];
}"""
# Whether what has the focus (or the label round it) shows it, and nothing that sticks to the edge lies over it.
FOCUS = """async () => {
  await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));  // scrolled to it
  const focused = document.activeElement;
  const shown = focused.closest("label") ?? focused;
  const box = shown.getBoundingClientRect();
  const isMarked = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
  return {
    name: focused.outerHTML.slice(0, 120),
    isMarked: [focused, shown, ...shown.children].some(isMarked),
    isBare: top !== null && (shown.contains(top) || top.contains(shown)),
    isBody: focused === document.body,
  };
}"""


def is_ours(page: Page) -> bool:
    """Wagtail's back office has titles and headings of its own."""
    return not urlsplit(page.url).path.startswith("/cms/")


def judge_words(page: Page, *, language: str, site: str = "") -> None:
    """The page says what and whose it is (the demo centre's, unless told), in the language, under one main heading."""
    title = rf"({ERROR[language]})?\S.* - \S.* - {re.escape(site or DEMO_CENTRE[language])}"
    assert re.fullmatch(title, page.title()), f"{page.url}: {page.title()!r}"
    assert page.locator("html").get_attribute("lang") == language, page.url
    assert page.locator("h1").filter(visible=True).count() == 1, f"{page.url}: not one h1"


def judge_width(page: Page) -> None:
    """Nothing is wider than the window."""
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url}: wider than the window"


def judge_small_screens(page: Page) -> None:
    """Nothing is wider than the window once the text is spaced, or on the narrowest phone."""
    size = page.viewport_size
    assert size
    page.evaluate(SPACED, True)
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url}: wider than the window once its text is spaced"
    page.evaluate(SPACED, False)
    page.set_viewport_size({**size, "width": NARROWEST})
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url}: wider than {NARROWEST} px"
    page.set_viewport_size(size)


def judge_accessibility(page: Page) -> None:
    """axe finds nothing serious."""
    page.evaluate(AT_REST)
    found = AXE.run(page, options=RULES)
    serious = [one["id"] for one in found.response["violations"] if one["impact"] in SERIOUS]
    report = "\n".join(found.generate_report(one) for one in serious)
    assert not serious, f"{page.url}: {report}"


def judge_keyboard(page: Page) -> None:
    """From stop to stop of the Tab key, what has the focus shows it and is not hidden below a bar that stays."""
    for stop in range(1, MOST_STOPS + 1):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["isBody"]:
            break
        assert focus["isMarked"], f"stop {stop} shows no focus: {focus['name']}"
        assert focus["isBare"], f"stop {stop} is hidden: {focus['name']}"
