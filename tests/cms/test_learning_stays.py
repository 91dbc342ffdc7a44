"""Whatever editors do to pages, no learning record changes or hides, and no false version appears."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import CoursePage, LessonPage
from courses.models import Course, CourseVersion, Enrolment, TrainingRequirement, UnitProgress, UnitVersion
from courses.services.learning import assign, enrol, finish_section
from tests.factories.cms import approve, change, course_page, lesson_page, section, translate
from tests.factories.people import UserFactory
from training.operations.models import AuditEvent
from training.people.models import User

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
Deed = Callable[[CoursePage, LessonPage, SimpleNamespace], Any]


@pytest.fixture
def course(editors: SimpleNamespace) -> CoursePage:
    page = course_page(by=editors.editor)
    for place in (1, 2):
        approve(lesson_page(page, section("First"), by=editors.editor, slug=f"lesson-{place}"), editors=editors)
    return approve(page, editors=editors)


@pytest.fixture
def learner(course: CoursePage) -> User:
    """Somebody half through, who is asked to finish."""
    person, record = UserFactory(), Course.objects.get()
    assign(person=person, course=record, why={"en": "x"}, due_on=date(2026, 11, 20), by=UserFactory(hr=True), at=NOW)
    read(person, record, 1)
    return person


@pytest.fixture
def finisher(course: CoursePage) -> User:
    person = UserFactory()
    read(person, Course.objects.get(), 2)
    return person


def read(person: User, course: Course, lessons: int) -> Enrolment:
    enrolment = enrol(person=person, course=course, by=person, at=NOW)
    for unit in enrolment.version.units.all()[:lessons]:
        for number in range(1, len(unit.section_ids()) + 1):
            finish_section(enrolment=enrolment, unit=unit, number=number, at=NOW)
    return enrolment


def records() -> list[list[dict[str, Any]]]:
    kept = (CourseVersion, Enrolment, UnitProgress, TrainingRequirement)
    return [list(model.objects.order_by("pk").values()) for model in kept]


def frozen() -> list[dict[str, Any]]:
    """What the versions hold, but for the texts a translation adds."""
    left_out = {"title", "summary", "sections", "objectives", "folded_title", "folded"}
    rows = [*CourseVersion.objects.order_by("pk").values(), *UnitVersion.objects.order_by("pk").values()]
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def learning() -> list[list[dict[str, Any]]]:
    return records()[1:]


def delete(course: CoursePage, lesson: LessonPage, _editors: SimpleNamespace) -> None:
    lesson.delete()
    CoursePage.objects.get(pk=course.pk).delete()


def move(course: CoursePage, lesson: LessonPage, editors: SimpleNamespace) -> None:
    other = course_page(by=editors.editor, slug="other")
    lesson.move(other, "last-child")
    CoursePage.objects.get(pk=other.pk).move(CoursePage.objects.get(pk=course.pk), "left")


def copy(course: CoursePage, _lesson: LessonPage, _editors: SimpleNamespace) -> None:
    course.copy(recursive=True, update_attrs={"slug": "copied", "title": "Copied"}, keep_live=True)


def alias(course: CoursePage, lesson: LessonPage, _editors: SimpleNamespace) -> None:
    course.create_alias(recursive=True, update_slug="alias")
    lesson.create_alias(update_slug="alias-lesson")


def unpublish(course: CoursePage, lesson: LessonPage, _editors: SimpleNamespace) -> None:
    lesson.unpublish()
    course.unpublish()


def restore(_course: CoursePage, lesson: LessonPage, editors: SimpleNamespace) -> None:
    """Go back to the text of an old revision, first as a draft, then live: it is what is live anyway."""
    first = lesson.revisions.order_by("created_at").first()
    change(lesson, by=editors.editor, title="Thought better of")
    again = first.as_object()
    again.save_revision(user=editors.editor, previous_revision=first)
    approve(lesson, editors=editors)


def translated(course: CoursePage, lesson: LessonPage, editors: SimpleNamespace) -> None:
    chinese = translate(course, by=editors.editor, title="排队")
    approve(translate(lesson, by=editors.editor, title="第一课"), editors=editors)
    approve(chinese, editors=editors)


@pytest.mark.parametrize("deed", [delete, move, copy, alias, unpublish, restore, translated])
def test_learning_stays_and_no_version_appears(
    deed: Deed, course: CoursePage, learner: User, finisher: User, editors: SimpleNamespace
) -> None:
    before, versions = learning(), frozen()
    deed(course, LessonPage.objects.get(slug="lesson-1"), editors)
    assert learning() == before
    assert frozen() == versions
    for person in (learner, finisher):
        client = Client()
        client.force_login(person)
        catalogue = client.get(reverse("courses:catalogue")).content.decode()
        assert reverse("courses:course", args=["queueing"]) in catalogue
        assert client.get(reverse("courses:section", args=["queueing", "lesson-1", 1])).status_code == 200
        assert client.get(reverse("courses:course", args=["queueing"])).status_code == 200


def test_an_alias_follows_its_original_without_a_version_of_its_own(
    course: CoursePage, editors: SimpleNamespace
) -> None:
    lesson = LessonPage.objects.get(slug="lesson-1")
    course.create_alias(recursive=True, update_slug="alias")
    change(lesson, by=editors.editor, title="Better")
    approve(lesson, editors=editors)
    assert Course.objects.count() == 1
    assert [version.number for version in CourseVersion.objects.order_by("number")] == [1, 2]


def test_a_copy_that_is_published_is_another_course(
    course: CoursePage, learner: User, editors: SimpleNamespace
) -> None:
    before = learning()
    twin = course.copy(recursive=True, update_attrs={"slug": "copied", "title": "Copied"}, keep_live=False)
    change(twin, by=editors.editor, title="Copied")
    approve(twin, editors=editors)
    assert learning() == before
    assert sorted(Course.objects.values_list("slug", flat=True)) == ["copied", "queueing"]


class TestMovingOn:
    """A new version takes open enrolments with it; completed ones never move."""

    def publish(self, editors: SimpleNamespace, name: str = "lesson-1", *sections: Any, **facts: Any) -> CourseVersion:
        lesson = LessonPage.objects.get(slug=name)
        change(lesson, by=editors.editor, body=list(sections) or [section("Rewritten")], **facts)
        approve(lesson, editors=editors)
        return CourseVersion.objects.latest("number")

    def test_who_has_begun_moves_on_and_what_is_done_stays_done(
        self, course: CoursePage, learner: User, finisher: User, editors: SimpleNamespace
    ) -> None:
        version = self.publish(editors)
        begun, done = (Enrolment.objects.get(person=person) for person in (learner, finisher))
        assert (version.number, begun.version, done.version.number) == (2, version, 1)
        assert begun.last_unit is not None
        assert begun.last_unit.course_version == version
        assert UnitProgress.objects.get(enrolment=begun, unit__slug="lesson-1").done_at == NOW
        assert AuditEvent.objects.get(action="courses.moved_on").person_id == learner.pk

    def test_a_lesson_to_be_read_again_is_open_once_more_for_who_is_not_through(
        self, course: CoursePage, learner: User, finisher: User, editors: SimpleNamespace
    ) -> None:
        self.publish(editors, "lesson-1", begin_again=True)
        progress = UnitProgress.objects.get(enrolment__person=learner, unit__slug="lesson-1")
        assert (progress.done_at, progress.sections_done, progress.section) == (None, [], 1)
        assert Enrolment.objects.get(person=finisher).completed_at == NOW
        assert UnitProgress.objects.filter(enrolment__person=finisher, done_at=NOW).count() == 2

    def test_the_tick_holds_for_one_publication(
        self, course: CoursePage, learner: User, editors: SimpleNamespace
    ) -> None:
        self.publish(editors, "lesson-1", begin_again=True)
        UnitProgress.objects.filter(unit__slug="lesson-1").update(done_at=NOW)
        lesson = LessonPage.objects.get(slug="lesson-1")
        assert (lesson.begin_again, lesson.get_latest_revision_as_object().begin_again) == (False, False)
        self.publish(editors, "lesson-1", section("Reworded only"))
        assert UnitProgress.objects.get(enrolment__person=learner, unit__slug="lesson-1").done_at == NOW

    def test_the_tick_of_a_draft_waits_for_its_publication(self, course: CoursePage, editors: SimpleNamespace) -> None:
        lesson = LessonPage.objects.get(slug="lesson-1")
        change(lesson, by=editors.editor, begin_again=True)
        self.publish(editors, "lesson-2")
        draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
        assert draft.begin_again

    def test_the_tick_alone_opens_nothing_when_the_lesson_is_as_it_was(
        self, course: CoursePage, learner: User, editors: SimpleNamespace
    ) -> None:
        first = LessonPage.objects.get(slug="lesson-1")
        change(first, by=editors.editor, begin_again=True)
        approve(first, editors=editors)
        self.publish(editors, "lesson-2")
        assert UnitProgress.objects.get(enrolment__person=learner, unit__slug="lesson-1").done_at == NOW

    def test_who_has_all_that_is_left_is_through(
        self, course: CoursePage, learner: User, editors: SimpleNamespace
    ) -> None:
        LessonPage.objects.get(slug="lesson-2").unpublish()
        page = CoursePage.objects.get(pk=course.pk)
        change(page, by=editors.editor, summary="Shorter.")
        approve(page, editors=editors)
        enrolment = Enrolment.objects.get(person=learner)
        assert (enrolment.version.number, enrolment.version.units.count()) == (2, 1)
        assert enrolment.completed_at is not None
        assert TrainingRequirement.objects.get(person=learner).state == "done"

    def test_a_translation_moves_nobody(self, course: CoursePage, learner: User, editors: SimpleNamespace) -> None:
        before = learning()
        translated(course, LessonPage.objects.get(slug="lesson-1"), editors)
        assert learning() == before
