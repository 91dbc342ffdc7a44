"""Whatever an editor writes into a lesson, past the editor's own forms too, runs nothing in a reader's browser."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from cms.models import LessonPage
from courses.models import CourseVersion
from tests.factories.cms import approve, change, section
from tests.journeys.conftest import Arrivals
from tests.journeys.visitor import DESK
from training.people.models import User

pytestmark = pytest.mark.journey

EVIL = "\"'><img src=x onerror=window.ran=1><svg onload=window.ran=2></svg><script>window.ran=3</script>{{ 7|add:42 }}"
RICH = (
    f"<p onclick='window.ran=4'>{EVIL}</p><a href='javascript:window.ran=5' id='bait'>go</a><style>*{{}}</style>"
    '<embed embedtype="media" url="javascript:window.ran=6"/><iframe srcdoc="<script>parent.ran=7</script>"></iframe>'
)
CHOICE = {"text": EVIL, "outcome": EVIL, "next": None}
EVERYWHERE = (
    ("text", RICH),
    ("callout", {"heading": EVIL, "text": RICH}),
    ("accordion", {"rows": [{"heading": EVIL, "text": RICH}]}),
    (
        "table",
        {"columns": [{"type": "text", "heading": EVIL}], "rows": [{"values": [EVIL]}], "caption": EVIL},
    ),
    ("case", {"title": EVIL, "story": EVIL, "question": EVIL, "answer": EVIL}),
    ("branching", {"title": EVIL, "story": EVIL, "steps": [{"text": EVIL, "choices": [CHOICE, CHOICE]}]}),
    (
        "document",
        {"title": EVIL, "story": EVIL, "fields": [{"name": EVIL, "value": EVIL, "right": False, "why": EVIL}]},
    ),
)


def test_nothing_written_into_a_lesson_runs(centre: LiveServer, new_context: Callable[..., BrowserContext]) -> None:
    lesson = LessonPage.objects.filter(locale__language_code="en").first()
    course = CourseVersion.objects.filter(course__uid=lesson.get_parent().translation_key).latest("number").course
    editors = SimpleNamespace(**{name: User.objects.get(staff_number=name) for name in ("editor", "reviewer")})
    change(lesson, by=editors.editor, title=f"Lesson {EVIL}"[:200], body=[section(EVIL[:100], *EVERYWHERE)])
    arrive = Arrivals(centre, DESK, new_context)

    preview = arrive("editor").page
    preview.goto(f"/cms/pages/{lesson.pk}/view_draft/")
    assert preview.get_by_text("7|add:42").count() > len(EVERYWHERE)
    runs_nothing(preview)

    approve(lesson, editors=editors)
    reader = arrive("hr").page
    reader.goto(f"/courses/{course.slug}/")
    runs_nothing(reader)
    reader.get_by_role("button", name="Begin the course").click()
    assert reader.get_by_text("7|add:42").count() > len(EVERYWHERE)
    runs_nothing(reader)


def runs_nothing(page: Page) -> None:
    """Nothing ran by itself or when pressed; and had a tag come through, the page's policy would have stopped it."""
    page.wait_for_timeout(300)
    for bait in page.get_by_role("main").get_by_text("go", exact=True).all():
        bait.dispatch_event("click")  # what is folded is pressed too
    injected = "<img src=x onerror='window.ran=8'><a href='javascript:window.ran=9' id='own'>own</a>"
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", injected)
    page.evaluate("document.getElementById('own').click()")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    live = "main [onerror], main [onload], main [onclick], main iframe, main embed, main a[href^='javascript']"
    assert page.locator(live).count() == 0
