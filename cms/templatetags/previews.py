"""Lessons as their readers will see them, for Wagtail's preview."""

from django import template

from cms.freezing import lesson_sections
from cms.models import LessonPage
from courses.queries import Passage, passages
from training.matters.services import PublishingError

register = template.Library()


@register.simple_tag
def sections_as_edited(lesson: LessonPage) -> list[tuple[str, list[Passage]]]:
    """Return titles and passages as publishing would freeze them; what cannot be frozen yet is one that says why."""
    try:
        return [(section["title"], passages(section)) for section in lesson_sections(lesson)]
    except PublishingError as refusal:
        return [(str(refusal), [])]
