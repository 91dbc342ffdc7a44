"""An editor writes a lesson that is held in a classroom; it stays of that kind."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import LessonPage
from cms.publishing import freeze_lesson
from courses.models import UnitVersion
from tests.factories.cms import approve, change, course_page, lesson_page, translate
from tests.factories.people import UserFactory
from training.matters.services import PublishingError

from .conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(editors: SimpleNamespace) -> LessonPage:
    course = course_page(by=editors.editor)
    lesson = lesson_page(course, by=editors.editor, kind="classroom", minutes=90)
    approve(lesson, editors=editors)
    approve(course, editors=editors)
    return LessonPage.objects.get(pk=lesson.pk)


def test_it_is_frozen_with_the_version(lesson: LessonPage, editors: SimpleNamespace) -> None:
    frozen = UnitVersion.objects.get()
    assert (frozen.is_classroom, frozen.minutes, frozen.title) == (True, 90, {"en": "A lesson"})
    approve(change(lesson, by=editors.editor, minutes=45), editors=editors)
    assert list(UnitVersion.objects.order_by("pk").values_list("unit__kind", "minutes")) == [
        ("classroom", 90),
        ("classroom", 45),
    ]


def test_a_translation_is_of_the_same_kind(lesson: LessonPage, editors: SimpleNamespace) -> None:
    translate(lesson.get_parent().specific, by=editors.editor, title="排队")
    page = translate(lesson, by=editors.editor, title="课堂")
    assert page.kind == "classroom"
    page.kind = "lesson"
    with pytest.raises(ValidationError, match="In a classroom"):
        page.full_clean()


def test_the_kind_stays_as_first_published(lesson: LessonPage, editors: SimpleNamespace) -> None:
    form = browser(editors.editor).get(f"/cms/pages/{lesson.pk}/edit/").content.decode()
    assert 'name="kind"' in form
    with pytest.raises(ValidationError, match="In a classroom"):
        change(lesson, by=editors.editor, kind="lesson")
    LessonPage.objects.update(kind="lesson", minutes=45)
    with pytest.raises(PublishingError, match="another kind"):
        freeze_lesson(LessonPage.objects.get(), by=None, at=timezone.now())
    assert list(UnitVersion.objects.values_list("minutes", flat=True)) == [90]


def test_the_preview_says_how_it_is_learned(lesson: LessonPage, editors: SimpleNamespace) -> None:
    page = browser(editors.editor).get(f"/cms/pages/{lesson.pk}/view_draft/").content.decode()
    assert "In a classroom: done by being there" in page


def test_whoever_plans_a_session_sees_which_lessons_need_one(lesson: LessonPage, editors: SimpleNamespace) -> None:
    planner = Client()
    planner.force_login(UserFactory(hr=True))
    page = planner.get(reverse("courses:plan_session")).content.decode()
    assert "Queueing: A lesson (learned only in a classroom)" in page
