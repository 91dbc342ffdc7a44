"""Pages become records, in the source language; translations add to them."""

import json
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from cms.models import LessonPage, PolicyPage
from courses.models import Course, CourseVersion, UnitVersion
from tests.factories.cms import (
    approve,
    change,
    clause,
    course_page,
    lesson_page,
    policy_page,
    section,
    translate,
)
from tests.factories.matters import matter_draft
from training.matters.models import ClauseVersion, Policy, PolicyVersion
from training.matters.services import PublishingError


def published_policy(editors: SimpleNamespace, *clauses: dict[str, object], **facts: object) -> PolicyPage:
    return approve(policy_page(*clauses, by=editors.editor, **facts), editors=editors)


def published_course(editors: SimpleNamespace, *lessons: dict[str, object]) -> CourseVersion:
    """Publish a course with lessons of one section each, "First" and the like; return its version."""
    course = course_page(
        by=editors.editor, objectives=json.dumps([{"type": "objective", "id": "o1", "value": "Queue"}])
    )
    for place, facts in enumerate(lessons or ({},), start=1):
        approve(lesson_page(course, by=editors.editor, slug=f"lesson-{place}", **facts), editors=editors)
    approve(course, editors=editors)
    return CourseVersion.objects.latest("pk")


def test_a_policy_page_becomes_a_version_with_the_page_s_and_the_blocks_identities(editors: SimpleNamespace) -> None:
    block = clause("People wait in turn.")
    page = published_policy(editors, block)
    version = PolicyVersion.objects.get()
    assert (version.number, version.title, version.policy.slug) == (1, {"en": "Rules on Queues"}, "queues")
    assert version.policy.uid == page.translation_key
    assert version.placements.get().clause_version.clause.uid == UUID(block["id"])
    assert version.published_by == editors.reviewer
    assert version.published_at == page.last_published_at


def test_a_chinese_page_adds_to_the_version_and_never_makes_one(editors: SimpleNamespace) -> None:
    block = clause("People wait in turn.")
    page = published_policy(editors, block)
    chinese = translate(
        page, by=editors.editor, title="排队规定", clauses=[clause("依次等候。", uid=block["id"], label="第一条")]
    )
    approve(chinese, editors=editors)
    version = PolicyVersion.objects.get()
    assert version.title == {"en": "Rules on Queues", "zh-hans": "排队规定"}
    assert ClauseVersion.objects.get().text == {"en": "People wait in turn.", "zh-hans": "依次等候。"}
    assert version.published_by == editors.reviewer


def test_approving_a_page_in_which_nothing_changed_makes_no_version(editors: SimpleNamespace) -> None:
    page = published_policy(editors)
    change(page, by=editors.editor, title="Rules on Queues")
    approve(page, editors=editors)
    assert PolicyVersion.objects.count() == 1


def test_a_new_clause_comes_into_the_chinese_draft_to_be_translated(editors: SimpleNamespace) -> None:
    first, second = clause("People wait in turn."), clause("Take a ticket.", label="Article 2")
    page = published_policy(editors, first)
    translated = clause("依次等候。", uid=first["id"], label="第一条")
    chinese = approve(translate(page, by=editors.editor, clauses=[translated]), editors=editors)
    change(page, by=editors.editor, clauses=[second, first])
    approve(page, editors=editors)
    waiting = PolicyPage.objects.get(pk=chinese.pk).get_latest_revision_as_object()
    assert [(block.id, block.value["text"]) for block in waiting.clauses] == [
        (second["id"], "Take a ticket."),
        (first["id"], "依次等候。"),
    ]
    live = PolicyPage.objects.get(pk=chinese.pk)
    assert [block.value["text"] for block in live.clauses] == ["依次等候。"]
    assert approve(live, editors=editors).clauses[0].id == second["id"]
    assert PolicyVersion.objects.count() == 2


def test_a_clause_only_the_translation_has_is_refused_and_nothing_is_published(editors: SimpleNamespace) -> None:
    page = published_policy(editors)
    chinese = translate(page, by=editors.editor, clauses=[clause("多出来的", label="第九条")])
    with pytest.raises(PublishingError, match="第九条"):
        approve(chinese, editors=editors)
    assert not PolicyPage.objects.get(pk=chinese.pk).live
    assert "zh-hans" not in PolicyVersion.objects.get().title


def test_a_published_address_stays(editors: SimpleNamespace) -> None:
    page = published_policy(editors)
    page.slug = "lines"
    with pytest.raises(ValidationError, match="queues"):
        page.full_clean()
    chinese = translate(PolicyPage.objects.get(), by=editors.editor)
    chinese.slug = "other"
    with pytest.raises(ValidationError, match="queues"):
        chinese.full_clean()


def test_a_copy_of_a_page_is_another_policy(editors: SimpleNamespace) -> None:
    page = published_policy(editors)
    copy = page.copy(update_attrs={"slug": "copied", "title": "Copied"}, keep_live=False)
    change(copy, by=editors.editor)
    approve(copy, editors=editors)
    assert Policy.objects.count() == 2


def test_deleting_or_unpublishing_a_page_leaves_the_record(editors: SimpleNamespace) -> None:
    page = published_policy(editors)
    page.unpublish()
    page.delete()
    assert PolicyVersion.objects.get().placements.count() == 1


def test_lessons_wait_for_their_course_and_are_frozen_with_it_as_one_version(editors: SimpleNamespace) -> None:
    version = published_course(editors, {"title": "One", "minutes": 5}, {"title": "Two", "minutes": 7})
    assert CourseVersion.objects.count() == 1
    assert (version.number, version.minutes, version.course.slug) == (1, 12, "queueing")
    assert [(unit.position, unit.title["en"], unit.unit.slug) for unit in version.units.all()] == [
        (1, "One", "lesson-1"),
        (2, "Two", "lesson-2"),
    ]
    assert version.objectives == [{"en": "Queue"}]
    assert version.course.is_offered


def test_a_changed_lesson_makes_a_version_of_the_whole_course(editors: SimpleNamespace) -> None:
    published_course(editors, {}, {})
    lesson = LessonPage.objects.get(slug="lesson-2")
    change(lesson, by=editors.editor, title="Better")
    approve(lesson, editors=editors)
    newest = CourseVersion.objects.latest("number")
    assert newest.number == 2
    assert [unit.title["en"] for unit in newest.units.all()] == ["A lesson", "Better"]
    change(lesson, by=editors.editor, title="Better")
    approve(lesson, editors=editors)
    assert CourseVersion.objects.count() == 2


def test_a_lesson_that_is_only_a_draft_is_not_frozen(editors: SimpleNamespace) -> None:
    published_course(editors)
    course = LessonPage.objects.get().get_parent().specific
    lesson_page(course, by=editors.editor, slug="draft")
    change(course, by=editors.editor, summary="Other words.")
    approve(course, editors=editors)
    assert [unit.unit.slug for unit in CourseVersion.objects.latest("number").units.all()] == ["lesson-1"]


def test_blocks_are_frozen_with_the_words_of_clause_and_matter(editors: SimpleNamespace) -> None:
    block = clause("People wait in turn.")
    published_policy(editors, block)
    approve(drafted(matter_draft(), editors), editors=editors)
    version = published_course(
        editors,
        {"body": json.dumps([section(
            "All",
            ("text", '<p onclick="x()">Read <a href="javascript:x()">this</a>.</p><script>x()</script>'),
            ("callout", {"heading": "Mind", "text": "<p>Be kind.</p>"}),
            ("case", {"title": "T", "story": "S", "question": "Q", "answer": "A"}),
            ("clause", f"queues/{block['id']}"),
            ("matter", "move"),
        )])},
    )  # fmt: skip
    unit = version.units.get()
    (frozen,) = unit.sections["en"]
    text, callout, case, cited, matter = (part["value"] for part in frozen["blocks"])
    assert text == {"html": "<p>Read <a>this</a>.</p>x()"}
    assert callout == {"heading": "Mind", "html": "<p>Be kind.</p>"}
    assert case == {"title": "T", "story": "S", "question": "Q", "answer": "A"}
    assert (cited["policy"], cited["text"]) == ("queues", "People wait in turn.")
    assert (matter["code"], matter["version"], matter["materials"][0]["name"]) == ("move", 1, "Identity card")
    assert [citation.clause_version_id for citation in unit.citations.all()] == [cited["clause_version"]]


def drafted(item: object, editors: SimpleNamespace) -> object:
    item.save_revision(user=editors.editor)
    return item


def test_a_frozen_lesson_does_not_change_with_the_clause_it_cites(editors: SimpleNamespace) -> None:
    block = clause("People wait in turn.")
    policy = published_policy(editors, block)
    body = json.dumps([section("Cited", ("clause", f"queues/{block['id']}"))])
    version = published_course(editors, {"body": body})
    change(policy, by=editors.editor, clauses=[clause("People sit.", uid=block["id"])])
    approve(policy, editors=editors)
    assert version.units.get().sections["en"][0]["blocks"][0]["value"]["text"] == "People wait in turn."
    course = LessonPage.objects.get().get_parent().specific
    change(course, by=editors.editor)
    approve(course, editors=editors)
    newest = UnitVersion.objects.latest("pk")
    assert newest.course_version.number == 2
    assert newest.sections["en"][0]["blocks"][0]["value"]["text"] == "People sit."


@pytest.mark.parametrize("part", [("clause", "queues/nothing"), ("matter", "nothing")])
def test_a_lesson_that_shows_what_is_not_published_keeps_the_course_back(
    editors: SimpleNamespace, part: tuple[str, str]
) -> None:
    with pytest.raises(PublishingError, match="not published"):
        published_course(editors, {"body": json.dumps([section("Wrong", part)])})
    assert not Course.objects.exists()


def test_a_chinese_course_adds_to_the_version_section_by_section(editors: SimpleNamespace) -> None:
    first, second = section("First"), section("Second")
    version = published_course(editors, {"body": json.dumps([first, second])})
    lesson = LessonPage.objects.get()
    course = lesson.get_parent().specific
    chinese_course = translate(course, by=editors.editor, title="排队")
    translated = section("第一节", ("text", "<p>读。</p>"), uid=first["id"])
    approve(translate(lesson, by=editors.editor, title="第一课", body=[translated]), editors=editors)
    approve(chinese_course, editors=editors)
    version.refresh_from_db()
    unit = version.units.get()
    assert CourseVersion.objects.count() == 1
    assert (version.title["zh-hans"], unit.title["zh-hans"]) == ("排队", "第一课")
    assert [part["title"] for part in unit.sections["zh-hans"]] == ["第一节", "Second"]


def test_a_section_s_translation_does_not_outlive_the_section(editors: SimpleNamespace) -> None:
    first, second = section("First"), section("Second")
    published_course(editors, {"body": json.dumps([first, second])})
    lesson = LessonPage.objects.get()
    chinese_course = translate(lesson.get_parent().specific, by=editors.editor)
    both = [section("第一节", uid=first["id"]), section("第二节", uid=second["id"])]
    approve(translate(lesson, by=editors.editor, body=both), editors=editors)
    approve(chinese_course, editors=editors)
    change(lesson, by=editors.editor, body=[first, {**second, "value": {**second["value"], "title": "Changed"}}])
    approve(lesson, editors=editors)
    newest = UnitVersion.objects.latest("pk")
    assert [part["title"] for part in newest.sections["zh-hans"]] == ["第一节", "Changed"]


def test_a_change_inside_a_section_reaches_the_draft_of_its_translation(editors: SimpleNamespace) -> None:
    policy = published_policy(editors, clause("Wait in turn."), clause("Take a ticket.", label="Article 2"))
    first, second = (f"queues/{block['id']}" for block in policy.clauses.raw_data)
    lesson_section = section("First", ("text", "<p>Read.</p>"), ("clause", first))
    published_course(editors, {"body": json.dumps([lesson_section])})
    lesson = LessonPage.objects.get()
    translate(lesson.get_parent().specific, by=editors.editor)
    words, cited = lesson_section["value"]["content"]
    chinese = {"title": "第一节", "content": [{**words, "value": "<p>读。</p>"}, cited]}
    translation = translate(lesson, by=editors.editor, body=[{**lesson_section, "value": chinese}])

    callout = {"type": "callout", "id": "new", "value": {"heading": "Mind", "text": "<p>This.</p>"}}
    content = [callout, {**words, "value": "<p>Read it all.</p>"}, {**cited, "value": second}]
    change(lesson, by=editors.editor, body=[{**lesson_section, "value": {"title": "First", "content": content}}])
    approve(lesson, editors=editors)
    draft = LessonPage.objects.get(pk=translation.pk).get_latest_revision_as_object()
    (found,) = draft.body.raw_data
    assert found["value"]["title"] == "第一节"
    assert [(row["type"], row["value"]) for row in found["value"]["content"]] == [
        ("callout", callout["value"]),
        ("text", "<p>读。</p>"),
        ("clause", second),
    ]


def test_a_section_written_apart_from_its_source_is_left_alone(editors: SimpleNamespace) -> None:
    source = section("First")
    published_course(editors, {"body": json.dumps([source])})
    lesson = LessonPage.objects.get()
    translate(lesson.get_parent().specific, by=editors.editor)
    own = section("第一节", ("text", "<p>读。</p>"), uid=source["id"])
    translation = translate(lesson, by=editors.editor, body=[own])
    more = section("First", ("text", "<p>Read more.</p>"), uid=source["id"])
    change(lesson, by=editors.editor, body=[more])
    approve(lesson, editors=editors)
    draft = LessonPage.objects.get(pk=translation.pk).get_latest_revision_as_object()
    assert draft.body.raw_data[0]["value"] == own["value"]
