"""Lessons as their readers will see them, for Wagtail's preview."""

from typing import Any

from django import template

from cms.models import LessonPage
from cms.publishing import lesson_sections
from training.matters.services import PublishingError

register = template.Library()


@register.simple_tag
def sections_as_edited(lesson: LessonPage) -> list[dict[str, Any]]:
    """Return the sections as publishing would freeze them; what cannot be frozen yet is one section that says why."""
    try:
        return lesson_sections(lesson)
    except PublishingError as refusal:
        return [{"id": "", "title": str(refusal), "blocks": []}]
