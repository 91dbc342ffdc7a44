"""An editor marks words of a lesson and leads them to a clause; it is still so the next day, and readers follow it."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.models import LessonPage
from courses.models import UnitVersion
from tests.factories.cms import approve, change, section
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import DESK
from training.people.models import User

pytestmark = pytest.mark.journey

KEPT = re.compile(r'<a linktype="clause" id="one-time-notice-rules/[-0-9a-f]{36}">Every file</a> is read')


def test_words_lead_to_a_clause(centre: LiveServer, new_context: Callable[..., BrowserContext]) -> None:
    lesson = LessonPage.objects.get(slug="read-it-all-first", locale__language_code="en")
    editors = SimpleNamespace(**{name: User.objects.get(staff_number=name) for name in ("editor", "reviewer")})
    change(lesson, by=editors.editor, body=[section("All", ("text", "<p>Every file is read whole.</p>"))])
    page = Arrivals(centre, DESK, new_context)("editor").page

    page.goto(f"/cms/pages/{lesson.pk}/edit/")
    mark(written(page), page, "Every file")
    choose(page, "guide first fault", "Article 3")
    linked = written(page).get_by_role("button", name="Every file")
    expect(linked).to_be_visible()
    # What is typed reaches the form a moment later.
    page.wait_for_timeout(1_500)
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()

    page.goto(f"/cms/pages/{lesson.pk}/edit/")
    linked.click()
    expect(page.get_by_role("link", name="Article 3")).to_have_attribute(
        "href", re.compile("/policies/one-time-notice-rules/#clause-")
    )
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    assert KEPT.search(draft.body[0].value["content"][0].value.source)

    approve(lesson, editors=editors)
    frozen = UnitVersion.objects.filter(unit__uid=lesson.translation_key).latest("pk")
    assert [str(one.clause_version) for one in frozen.citations.all()] == [
        "Article 3 Review everything before speaking"
    ]


def written(page: Page) -> Locator:
    """The box of running text."""
    return page.locator(".public-DraftEditor-content").first


def mark(box: Locator, page: Page, words: str) -> None:
    """Mark the first words of a text with the keyboard."""
    box.click()
    page.keyboard.press("Control+Home")
    for _letter in words:
        page.keyboard.press("Shift+ArrowRight")


def choose(page: Page, words: str, clause: str) -> None:
    """Look a clause up in the dialog and take it there, without the mouse."""
    page.get_by_role("button", name="Link to a clause").filter(visible=True).first.click()
    field = page.get_by_label("Words of the clause, its number or its policy")
    expect(field).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    found = page.get_by_role("dialog").get_by_role("button", name=clause)
    expect(page.get_by_role("status").filter(has_text="1 clause")).to_be_visible()
    found.press("Enter")
