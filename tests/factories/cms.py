"""Pages as editors write them, and the way they go through the workflow."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from wagtail.models import Locale, Page, TaskState

from cms.models import CourseIndexPage, CoursePage, LessonPage, PolicyIndexPage, PolicyPage
from training.people.models import User


def clause(text: str, *, uid: str | None = None, label: str = "Article 1", grade: str = "notice") -> dict[str, Any]:
    """Return a clause block."""
    value = {"label": label, "heading": "", "text": text, "grade": grade}
    return {"type": "clause", "id": uid or str(uuid4()), "value": value}


def section(title: str, *content: tuple[str, Any], uid: str | None = None) -> dict[str, Any]:
    """Return a section block of (type, value) parts."""
    parts = [
        {"type": kind, "id": str(uuid4()), "value": value} for kind, value in content or (("text", "<p>Read.</p>"),)
    ]
    return {"type": "section", "id": uid or str(uuid4()), "value": {"title": title, "content": parts}}


def draft(page: Page, parent: Page, *, by: User) -> Any:
    """Save a page as a draft written by somebody."""
    page.live, page.owner, page.locale = False, by, parent.locale
    parent.add_child(instance=page)
    page.save_revision(user=by)
    return page


def policy_page(*clauses: dict[str, Any], by: User, slug: str = "queues", **facts: Any) -> PolicyPage:
    written = {"title": "Rules on Queues", "issuer": "The centre", "effective_from": date(2026, 1, 1)}
    blocks = json.dumps(list(clauses) or [clause("People wait in turn.")])
    page = PolicyPage(slug=slug, clauses=blocks, **{**written, **facts})
    return draft(page, PolicyIndexPage.objects.get(locale__language_code="en"), by=by)


def course_page(*, by: User, slug: str = "queueing", **facts: Any) -> CoursePage:
    page = CoursePage(slug=slug, **{"title": "Queueing", "summary": "How to queue.", **facts})
    return draft(page, CourseIndexPage.objects.get(locale__language_code="en"), by=by)


def lesson_page(
    course: CoursePage, *sections: dict[str, Any], by: User, slug: str = "lesson", **facts: Any
) -> LessonPage:
    body = json.dumps(list(sections) or [section("First")])
    page = LessonPage(slug=slug, **{"body": body, "title": "A lesson", "minutes": 10, **facts})
    return draft(page, CoursePage.objects.get(pk=course.pk), by=by)


def translate(page: Page, *, by: User, **facts: Any) -> Any:
    """Save a Chinese draft of a page, with its blocks unless told otherwise."""
    copy = page.copy_for_translation(Locale.objects.get(language_code="zh-hans"))
    for name, value in facts.items():
        setattr(copy, name, json.dumps(value) if isinstance(value, list) else value)
    copy.save_revision(user=by)
    return copy


def change(item: Any, *, by: User, **facts: Any) -> Any:
    """Save another draft of something, by somebody; lists are StreamField blocks."""
    item = type(item).objects.get(pk=item.pk).get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(item, name, json.dumps(value) if isinstance(value, list) else value)
    item.save_revision(user=by)
    return item


def submit(item: Any, *, by: User) -> TaskState:
    """Send something's latest draft to the reviewers and return the task that waits for them."""
    item = type(item).objects.get(pk=item.pk)
    return item.get_workflow().start(item, by).current_task_state


def approve(item: Any, *, editors: SimpleNamespace) -> Any:
    """Take something's latest draft through the workflow and return it as it is then."""
    state = submit(item, by=editors.editor)
    state.task.specific.on_action(state, editors.reviewer, "approve")
    return type(item).objects.get(pk=item.pk)
